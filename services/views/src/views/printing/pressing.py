"""What prints, in a process of its own: what a record holds came from people, and so did its pictures."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import typst

from views.printing.fontfiles import characters, fonts_in, names_of
from views.printing.glyphs import uncovered, visible
from views.printing.rare import asked_for, index_of

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
BESIDE: Final = "fallback"
"""In a fonts folder of one's own: a folder of this name holds fonts for what the first family lacks."""


class NoFont(Exception):
    """There is no Chinese font on this machine: a record would be a page of empty boxes."""


def render(folder: str, record: dict[str, Any], own_fonts: str | None, rare_fonts: str | None) -> bytes:
    """The PDF of the record; `folder` holds the template and the images. The same data gives the same bytes."""
    places = [Path(own_fonts)] if own_fonts else [Path(place) for place in SYSTEM]
    fonts = _open(own_fonts)
    first, *beside = families_in(set(fonts.families()), places)
    has = characters([first, *beside], places)
    if rare := _asked_for(rare_fonts, uncovered(record, set().union(*has.values()))):
        fonts = _open(own_fonts, *rare)
        has |= characters({folder.name for folder in rare} & set(fonts.families()), rare)
    data = visible(record, set().union(*has.values()))
    lacking = uncovered(data, has.get(first, set()))
    others = {family: there & lacking for family, there in has.items() if there & lacking}
    made: bytes = typst.compile(
        Path(folder) / "record.typ",
        root=Path(folder),
        font_paths=fonts,
        sys_inputs={"data": json.dumps(data | _families(first, others), ensure_ascii=False, sort_keys=True)},
        format="pdf",
        timestamp=0,
    )
    return made


def _open(own_fonts: str | None, *more: Path) -> Any:
    own = [own_fonts] if own_fonts else []
    return typst.Fonts(include_system_fonts=not own_fonts, font_paths=[*own, *map(str, more)])


def _asked_for(rare_fonts: str | None, lacking: set[int]) -> list[Path]:
    """Folders of fonts. The index says where to look; which characters are there is read from the font itself."""
    if rare_fonts is None or not lacking:
        return []
    folder = Path(rare_fonts)
    return [folder / name for name in asked_for(index_of(folder), lacking)]


def _families(first: str, others: Mapping[str, set[int]]) -> dict[str, Any]:
    """For the template. What the first lacks is drawn by the font that has it: asked before, the first would draw a
    compatibility ideograph as its canonical equivalent, which is another shape."""
    covers = {
        family: "".join(f"\\u{{{character:X}}}" for character in sorted(has))
        for family, has in others.items()
    }
    return {
        "font": first,
        "others": [{"name": name, "covers": f"[{each}]"} for name, each in sorted(covers.items())],
    }


def families_in(there: set[str], places: list[Path]) -> list[str]:
    """The Chinese family, and those that are beside it for what it lacks. Raises `NoFont`."""
    first = next((name for name in CHINESE if name in there), None)
    if first is None:
        raise NoFont
    beside = {name for place in places for font in fonts_in(place / BESIDE) for name in names_of(font)}
    return [first, *sorted(beside & there - {first})]
