"""Reads font files: the names of their families, and the characters they have glyphs for."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTCollection, TTFont

FAMILY_NAMES: Final = (1, 16)


def fonts_in(folder: Path) -> Iterator[TTFont]:
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in (".ttf", ".otf"):
            yield TTFont(path, lazy=True)
        elif path.suffix.lower() == ".ttc":
            yield from TTCollection(path, lazy=True).fonts


def names_of(font: TTFont) -> set[str]:
    return {str(name) for name in font["name"].names if name.nameID in FAMILY_NAMES}


def characters_of(font: TTFont) -> set[int]:
    return set(font.getBestCmap() or ())


def characters(families: Collection[str], folders: Collection[Path]) -> dict[str, set[int]]:
    """The characters of each family that all its weights have: one that only the regular weight has would be missing in
    bold."""
    common: dict[str, set[int]] = {}
    for folder in folders:
        for font in fonts_in(folder):
            own_characters = characters_of(font)
            for family in names_of(font) & set(families):
                common[family] = common[family] & own_characters if family in common else own_characters
    return common
