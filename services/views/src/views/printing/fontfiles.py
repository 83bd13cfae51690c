"""What font files say of themselves: their families, and the characters they have."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTCollection, TTFont

FAMILY_NAMES: Final = (1, 16)


def fonts_in(place: Path) -> Iterator[TTFont]:
    for path in sorted(place.rglob("*")):
        if path.suffix.lower() in (".ttf", ".otf"):
            yield TTFont(path, lazy=True)
        elif path.suffix.lower() == ".ttc":
            yield from TTCollection(path, lazy=True).fonts


def names_of(font: TTFont) -> set[str]:
    return {str(name) for name in font["name"].names if name.nameID in FAMILY_NAMES}


def characters_of(font: TTFont) -> set[int]:
    return set(font.getBestCmap() or ())


def characters(families: Collection[str], places: Collection[Path]) -> dict[str, set[int]]:
    """By family those that each of its weights has; what only one weight has would be missing in the other."""
    found: dict[str, set[int]] = {}
    for place in places:
        for font in fonts_in(place):
            has = characters_of(font)
            for family in names_of(font) & set(families):
                found[family] = found[family] & has if family in found else has
    return found
