"""Typesetting, run in a process of its own: texts and images of a record are input that users have sent."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import typst

from views.printing.fontfiles import characters, fonts_in, names_of
from views.printing.glyphs import uncovered, visible
from views.printing.rare import fonts_with, index_of

CHINESE: Final = (
    "Noto Sans SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Microsoft YaHei",
    "PingFang SC",
)
"""Font families for a record, in order of preference."""
SYSTEM: Final = ("/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", "/Library/Fonts")
FALLBACK: Final = "fallback"
"""A subfolder of the configured fonts folder with fonts for characters that the first family lacks."""


class NoFont(Exception):
    """There is no Chinese font on this machine: a record would be a page of empty boxes."""


def render(folder: str, record: dict[str, Any], own_fonts: str | None, rare_fonts: str | None) -> bytes:
    """The PDF of the record; `folder` holds the template and the images. The same data gives the same bytes."""
    folders = [Path(own_fonts)] if own_fonts else [Path(folder) for folder in SYSTEM]
    fonts = _open(own_fonts)
    first, *fallback = families_in(set(fonts.families()), folders)
    covered = characters([first, *fallback], folders)
    if rare := _rare_font_folders(rare_fonts, uncovered(record, set().union(*covered.values()))):
        fonts = _open(own_fonts, *rare)
        covered |= characters({folder.name for folder in rare} & set(fonts.families()), rare)
    data = visible(record, set().union(*covered.values()))
    lacking = uncovered(data, covered.get(first, set()))
    others = {family: own & lacking for family, own in covered.items() if own & lacking}
    pdf: bytes = typst.compile(
        Path(folder) / "record.typ",
        root=Path(folder),
        font_paths=fonts,
        sys_inputs={"data": json.dumps(data | _families(first, others), ensure_ascii=False, sort_keys=True)},
        format="pdf",
        timestamp=0,
    )
    return pdf


def _open(own_fonts: str | None, *more: Path) -> Any:
    own = [own_fonts] if own_fonts else []
    return typst.Fonts(include_system_fonts=not own_fonts, font_paths=[*own, *map(str, more)])


def _rare_font_folders(rare_fonts: str | None, lacking: set[int]) -> list[Path]:
    """The folders of rare fonts that may have these characters, by their index.

    Which ones they have is read from the fonts.
    """
    if rare_fonts is None or not lacking:
        return []
    folder = Path(rare_fonts)
    return [folder / name for name in fonts_with(index_of(folder), lacking)]


def _families(first: str, others: Mapping[str, set[int]]) -> dict[str, Any]:
    """The fonts for the template, each further one with the characters it is used for.

    Without these lists typst would use the first font for a compatibility ideograph that it lacks, and draw the canonical
    equivalent, which has another shape.
    """
    covers = {
        family: "".join(f"\\u{{{character:X}}}" for character in sorted(has))
        for family, has in others.items()
    }
    return {
        "font": first,
        "others": [{"name": name, "covers": f"[{each}]"} for name, each in sorted(covers.items())],
    }


def families_in(installed: set[str], folders: list[Path]) -> list[str]:
    """The Chinese family, then the families in its folder `fallback`. Raises `NoFont`."""
    first = next((name for name in CHINESE if name in installed), None)
    if first is None:
        raise NoFont
    fallback = {name for folder in folders for font in fonts_in(folder / FALLBACK) for name in names_of(font)}
    return [first, *sorted(fallback & installed - {first})]
