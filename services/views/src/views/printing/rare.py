"""Fonts for rare characters. Each has a folder of its own; an index of their characters says which ones a record needs."""

import json
from collections.abc import Iterable, Mapping, Set
from pathlib import Path
from typing import Final

Ranges = Mapping[str, Iterable[tuple[int, int]]]
"""Ranges of characters, first and last, by the name of a font, which is also the name of its family and of its folder."""
INDEX: Final = "index.json"


def fonts_with(index: Ranges, characters: Set[int]) -> list[str]:
    """The fonts that have at least one of the characters."""
    return sorted(
        name
        for name, ranges in index.items()
        if any(first <= character <= last for character in characters for first, last in ranges)
    )


def ranges(characters: Set[int]) -> list[tuple[int, int]]:
    result: list[tuple[int, int]] = []
    for character in sorted(characters):
        if result and character == result[-1][1] + 1:
            result[-1] = (result[-1][0], character)
        else:
            result.append((character, character))
    return result


def index_of(folder: Path) -> Ranges:
    """Empty if there is no index."""
    try:
        index: Ranges = json.loads((folder / INDEX).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return index
