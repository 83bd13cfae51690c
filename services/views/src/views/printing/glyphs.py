"""No character goes unseen: what the fonts of the record cannot show is printed by its code point, and said. Pure."""

from collections.abc import Iterator, Set
from typing import Any, Final

Row = dict[str, Any]
SHOWN_BY_NONE: Final = frozenset("\n\t ")
"""Layout, and no glyph."""
NOT_TEXT: Final = frozenset({"qr", "file", "kind"})


def uncovered(record: Row, covered: Set[int]) -> set[int]:
    """The characters of its texts that are outside `covered`."""
    held = {character for text in _texts(record, "") for character in text}
    return {ord(character) for character in held - SHOWN_BY_NONE} - covered


def _texts(value: Any, place: str) -> Iterator[str]:
    match value:
        case str() if place not in NOT_TEXT:
            yield value
        case dict():
            for name, held in value.items():
                yield from _texts(held, name)
        case list() | tuple():
            for held in value:
                yield from _texts(held, "")


def visible(record: Row, covered: Set[int]) -> Row:
    """The record with a mark in place of each character outside `covered`, and `absent`: which these are and where.

    The print must not differ in silence from what was signed: not by an empty box, and not by another font's guess.
    """
    absent: dict[str, list[str]] = {}
    marked = {name: _marked(value, covered, name, absent) for name, value in record.items()}
    return marked | {"absent": [_line(character, places) for character, places in sorted(absent.items())]}


def _marked(value: Any, covered: Set[int], place: str, absent: dict[str, list[str]]) -> Any:
    match value:
        case str() if place not in NOT_TEXT:
            return "".join(_mark(character, covered, value, absent) for character in value)
        case dict():
            return {name: _marked(held, covered, name, absent) for name, held in value.items()}
        case list() | tuple():
            return [_marked(held, covered, "", absent) for held in value]
    return value


def _mark(character: str, covered: Set[int], text: str, absent: dict[str, list[str]]) -> str:
    if character in SHOWN_BY_NONE or ord(character) in covered:
        return character
    code = code_of(character)
    absent.setdefault(code, []).append(text)
    return f"[{code}]"


def code_of(character: str) -> str:
    return f"U+{ord(character):04X}"


def _line(code: str, texts: list[str]) -> str:
    return f"{code}（{len(texts)} 处）"
