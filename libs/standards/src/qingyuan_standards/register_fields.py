"""Which fields of a record sheet the register, the visit and the contract know, and which instruments a form is for.

The forms never change, and say nothing of the register; `register_fields.json` does, by the names of forms and fields.
A page that does not know a field or a source leaves the field to the person.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

SOURCES: Final = (
    "instrument.factor",
    "instrument.label",
    "instrument.maker",
    "instrument.manufacturer",
    "instrument.method",
    "instrument.model",
    "instrument.name",
    "instrument.name_and_model",
    "instrument.serial_number",
    "instrument.unit",
    "point.medium",
    "point.name",
    "contract.operator",
    "visit.arrived_at",
    "visit.day",
)
"""What a field may come from. `instrument.label` is 名称、型号及编号."""


@dataclass(frozen=True)
class Factor:
    """How the forms call a factor of HJ 212, and what an instrument for it is called where the register has no name."""

    choice: str
    instrument: str


@dataclass(frozen=True)
class FieldSource:
    """Where a field comes from. `words`: what stands for a value of the source. `factors`: only of instruments for these."""

    source: str
    words: Mapping[str, str]
    factors: tuple[str, ...]


@dataclass(frozen=True)
class RowSource:
    """A table with a row for each instrument, which is found again by the text in the column `by`."""

    by: str
    columns: Mapping[str, str]


@dataclass(frozen=True)
class FormSources:
    """`kinds`, `factors` and `other_factors_than` say which instruments the form is for; no `factors` means any.

    `new_rows`: by table, what a row starts with whoever opens it: column and source.
    """

    kinds: tuple[str, ...]
    factors: tuple[str, ...]
    other_factors_than: tuple[str, ...]
    fields: Mapping[str, FieldSource]
    rows: Mapping[str, RowSource]
    new_rows: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class RegisterFields:
    """`factors` by their HJ 212 code, `forms` by their name."""

    factors: Mapping[str, Factor]
    forms: Mapping[str, FormSources]


def _field_source(written: str | Mapping[str, Any]) -> FieldSource:
    if isinstance(written, str):
        return FieldSource(written, {}, ())
    return FieldSource(written["from"], written.get("as", {}), tuple(written.get("factors", ())))


def _form_sources(written: Mapping[str, Any]) -> FormSources:
    return FormSources(
        kinds=tuple(written["kinds"]),
        factors=tuple(written.get("factors", ())),
        other_factors_than=tuple(written.get("other_factors_than", ())),
        fields={name: _field_source(source) for name, source in written["fields"].items()},
        rows={table: RowSource(**rows) for table, rows in written.get("rows", {}).items()},
        new_rows=written.get("new_rows", {}),
    )


def _load() -> RegisterFields:
    document = json.loads((files("qingyuan_standards") / "register_fields.json").read_text("utf-8"))
    return RegisterFields(
        factors={code: Factor(**factor) for code, factor in document["factors"].items()},
        forms={name: _form_sources(written) for name, written in document["forms"].items()},
    )


REGISTER_FIELDS: Final = _load()
