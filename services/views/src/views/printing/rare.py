"""Fonts for rare characters: each in a folder of its own beside an index, so that a record opens those it asks for."""

import json
from collections.abc import Iterable, Mapping, Set
from pathlib import Path
from typing import Final

Ranges = Mapping[str, Iterable[tuple[int, int]]]
"""By the name of a font, which is its family and its folder: the first and the last of the characters in a row."""
INDEX: Final = "index.json"


def asked_for(index: Ranges, characters: Set[int]) -> list[str]:
    """The fonts that have one of the characters or more."""
    return sorted(
        name
        for name, ranges in index.items()
        if any(first <= character <= last for character in characters for first, last in ranges)
    )


def ranges(characters: Set[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for character in sorted(characters):
        if found and character == found[-1][1] + 1:
            found[-1] = (found[-1][0], character)
        else:
            found.append((character, character))
    return found


def index_of(folder: Path) -> Ranges:
    """Empty where there is none."""
    try:
        read: Ranges = json.loads((folder / INDEX).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return read
