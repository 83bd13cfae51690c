"""Characters that no font of the record has are printed as their code points and listed in the record. Pure."""

from collections.abc import Iterator, Set
from typing import Any, Final

Row = dict[str, Any]
WITHOUT_GLYPH: Final = frozenset("\n\t ")
"""Whitespace, which no font needs a glyph for."""
NOT_TEXT: Final = frozenset({"qr", "file", "kind"})


def uncovered(record: Row, covered: Set[int]) -> set[int]:
    """The characters in the record's texts that are not in `covered`."""
    used = {character for text in _texts(record, "") for character in text}
    return {ord(character) for character in used - WITHOUT_GLYPH} - covered


def _texts(value: Any, field: str) -> Iterator[str]:
    match value:
        case str() if field not in NOT_TEXT:
            yield value
        case dict():
            for name, item in value.items():
                yield from _texts(item, name)
        case list() | tuple():
            for item in value:
                yield from _texts(item, "")


def visible(record: Row, covered: Set[int]) -> Row:
    """The record with each character that is not in `covered` replaced by its code point; `absent` lists these.

    A print that differs from what was signed has to say so: neither an empty box nor a similar glyph of another font may
    take the place of a character.
    """
    absent: dict[str, list[str]] = {}
    marked = {name: _marked(value, covered, name, absent) for name, value in record.items()}
    return marked | {"absent": [_line(code, texts) for code, texts in sorted(absent.items())]}


def _marked(value: Any, covered: Set[int], field: str, absent: dict[str, list[str]]) -> Any:
    match value:
        case str() if field not in NOT_TEXT:
            return "".join(_mark(character, covered, value, absent) for character in value)
        case dict():
            return {name: _marked(item, covered, name, absent) for name, item in value.items()}
        case list() | tuple():
            return [_marked(item, covered, "", absent) for item in value]
    return value


def _mark(character: str, covered: Set[int], text: str, absent: dict[str, list[str]]) -> str:
    if character in WITHOUT_GLYPH or ord(character) in covered:
        return character
    code = code_of(character)
    absent.setdefault(code, []).append(text)
    return f"[{code}]"


def code_of(character: str) -> str:
    return f"U+{ord(character):04X}"


def _line(code: str, texts: list[str]) -> str:
    return f"{code}（{len(texts)} 处）"
