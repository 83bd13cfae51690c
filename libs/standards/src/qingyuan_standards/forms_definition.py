"""A form: the definition of a record sheet, read from its JSON file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal

from jsonschema import Draft202012Validator

from qingyuan_standards.forms_schema import SheetValidator, formats

Level = Literal["note", "warning"]
Json = Mapping[str, Any]


@dataclass(frozen=True)
class Form:
    """One version of one record sheet. It never changes; a change is a new version.

    `content` is the kind of work that it mainly records, `medium` is wastewater, flue_gas or any, `principles` (if not
    empty) are the measuring principles that it is for: extractive, dilution, direct, nmhc. `document` is the parsed file.
    `valid_to` is the last day.
    """

    name: str
    version: int
    title: str
    content: str
    medium: str
    principles: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    instruments: Literal["one", "many", "none"]
    document: Json = field(repr=False, hash=False, compare=False)

    @classmethod
    def of(cls, document: Json) -> "Form":
        until = document["valid_to"]
        return cls(
            name=document["form"],
            version=document["version"],
            title=document["title"],
            content=document["content"],
            medium=document["medium"],
            principles=tuple(document.get("principles", ())),
            valid_from=date.fromisoformat(document["valid_from"]),
            valid_to=None if until is None else date.fromisoformat(until),
            instruments=document["instruments"],
            document=document,
        )

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @cached_property
    def validator(self) -> Draft202012Validator:
        return SheetValidator(self.document["schema"], format_checker=formats)


def property_at(schema: Json, path: tuple[str | int, ...]) -> Json | None:
    """The property at this path, with its `$ref` resolved; None where the form has none."""
    node: Json | None = schema
    for step in path:
        if node is None:
            return None
        node = node.get("items") if isinstance(step, int) else node.get("properties", {}).get(step)
        if node is not None and "$ref" in node:
            node = {**schema["$defs"][node["$ref"].rsplit("/", 1)[1]], **node}
    return node
