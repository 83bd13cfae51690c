"""Which fields of a record sheet the register, the visit and the contract know, and which instruments a form is for.

The forms never change, and say nothing of the register; `register_fields.json` does, by the names of forms and fields.
A page that does not know a field or a source leaves the field to the person.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

ROW: Final = re.compile("[0-9]+")

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

    def name(self, own: str | None, factor: str | None) -> str:
        """What people call an instrument: its own name, else that of an instrument for its factor, else the factor."""
        of_factor = self.factors.get(factor or "")
        return own or (of_factor.instrument if of_factor else factor or "")

    def is_for(self, form: str, kind: str, factor: str | None) -> bool:
        """Whether a form is for such an instrument; one of which nothing is written is for any.

        The same as `offered` in web/src/phone/visits/register.ts, which offers all where the point has none that fits.
        """
        sources = self.forms.get(form)
        if sources is None:
            return True
        of = factor or ""
        return (
            kind in sources.kinds
            and (not sources.factors or of in sources.factors)
            and of not in sources.other_factors_than
        )


@dataclass(frozen=True)
class Instrument:
    """What the register says of an instrument, by which people recognise it."""

    factor: str | None
    name: str
    model: str
    serial_number: str | None

    @property
    def label(self) -> str:
        number = f"编号{self.serial_number}" if self.serial_number else ""
        return " ".join(part for part in (self.name, self.model, number) if part)

    def of(self, source: str) -> str:
        """What it gives to a field that is about what it is; nothing to another one."""
        match source:
            case "instrument.label":
                return self.label
            case "instrument.name":
                return self.name
            case "instrument.name_and_model":
                return f"{self.name} {self.model}".strip()
            case "instrument.model":
                return self.model
            case "instrument.serial_number":
                return self.serial_number or ""
            case _:
                return ""


def is_of_instrument(form: str, path: str) -> bool:
    """Whether an instrument fills this place of the form: a field, or a column of a row, as in `checks.0.factor`."""
    sources = REGISTER_FIELDS.forms.get(form)
    if sources is None:
        return False
    match path.split("."):
        case [name] if field := sources.fields.get(name):
            return field.source.startswith("instrument.")
        case [table, row, column] if rows := sources.rows.get(table):
            return bool(ROW.fullmatch(row)) and rows.columns.get(column, "").startswith("instrument.")
        case _:
            return False


def named_by_register(
    form: str, values: Mapping[str, Any], instruments: Sequence[Instrument]
) -> Mapping[str, str]:
    """Fields that are about what an instrument is, and empty, with what the register says of the sheet's instruments.

    The same as `namedByRegister` in web/src/sheets/instruments.ts.
    """
    sources = REGISTER_FIELDS.forms.get(form)
    found = {}
    for field, entry in sources.fields.items() if sources else ():
        meant = [
            instrument
            for instrument in instruments
            if not entry.factors or instrument.factor in entry.factors
        ]
        texts = dict.fromkeys(text for instrument in meant if (text := instrument.of(entry.source)))
        if texts and values.get(field) in (None, ""):
            found[field] = "；".join(texts)
    return found


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
