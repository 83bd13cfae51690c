"""What prints, in a process of its own: what a record holds came from people, and so did its pictures."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import typst
from fontTools.ttLib import TTCollection, TTFont

from views.printing.glyphs import visible

CHINESE: Final = (
    "Noto Sans SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Microsoft YaHei",
    "PingFang SC",
)
"""Families that a record may be set in, the first that is there."""
SYSTEM: Final = ("/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", "/Library/Fonts")
FAMILY_NAMES: Final = (1, 16)
BESIDE: Final = "fallback"
"""In a fonts folder of one's own: a folder of this name holds fonts for what the first family lacks."""


class NoFont(Exception):
    """There is no Chinese font on this machine: a record would be a page of empty boxes."""


def render(folder: str, record: dict[str, Any], own_fonts: str | None) -> bytes:
    """The PDF of the record; `folder` holds the template and the images. The same data gives the same bytes."""
    places = [Path(own_fonts)] if own_fonts else [Path(place) for place in SYSTEM]
    fonts = typst.Fonts(include_system_fonts=not own_fonts, font_paths=[own_fonts] if own_fonts else [])
    families = families_in(set(fonts.families()), places)
    data = visible(record, characters(families, places)) | {"fonts": families}
    made: bytes = typst.compile(
        Path(folder) / "record.typ",
        root=Path(folder),
        font_paths=fonts,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False, sort_keys=True)},
        format="pdf",
        timestamp=0,
    )
    return made


def families_in(there: set[str], places: list[Path]) -> list[str]:
    """The Chinese family, and those that are beside it for what it lacks. Raises `NoFont`."""
    first = next((name for name in CHINESE if name in there), None)
    if first is None:
        raise NoFont
    beside = {name for place in places for font in fonts_in(place / BESIDE) for name in names_of(font)}
    return [first, *sorted(beside & there - {first})]


def characters(families: list[str], places: list[Path]) -> set[int]:
    """Those that each weight of a family has; what only one weight has would be missing in the other."""
    found: dict[str, set[int]] = {}
    for place in places:
        for font in fonts_in(place):
            has = set(font.getBestCmap() or ())
            for family in names_of(font) & set(families):
                found[family] = found[family] & has if family in found else has
    return set().union(*found.values())


def fonts_in(place: Path) -> Iterator[TTFont]:
    for path in sorted(place.rglob("*")):
        if path.suffix.lower() in (".ttf", ".otf"):
            yield TTFont(path, lazy=True)
        elif path.suffix.lower() == ".ttc":
            yield from TTCollection(path, lazy=True).fonts


def names_of(font: TTFont) -> set[str]:
    return {str(name) for name in font["name"].names if name.nameID in FAMILY_NAMES}
