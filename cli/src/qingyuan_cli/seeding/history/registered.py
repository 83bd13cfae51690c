"""What the register gives a sheet about its instruments, and what the phone says that it took of it.

The same as web/src/phone/visits/register.ts and taken.ts, for a sheet that nobody has changed since.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from qingyuan_standards import register_fields
from qingyuan_standards.forms import Form
from qingyuan_standards.register_fields import REGISTER_FIELDS, FormSources

Json = dict[str, Any]
LONGEST: Final = 100
"""The characters for which a field has room."""
OTHER: Final = "其他"
AS_REGISTERED: Final = 1
"""The version of an instrument's stream that its registration is; nothing that a sheet takes was changed since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """As a phone has it: `particulars` are those of the register."""

    id: str
    kind: str
    factor: str
    particulars: Json
    version: int = AS_REGISTERED

    @property
    def label(self) -> str:
        return self._named.label

    @property
    def _named(self) -> register_fields.Instrument:
        return register_fields.Instrument(
            factor=self.factor,
            name=REGISTER_FIELDS.name(self.particulars.get("name"), self.factor),
            model=self.particulars["model"],
            serial_number=self.particulars.get("serial_number"),
        )

    def gives(self, source: str, choices: Sequence[str] = ()) -> str:
        """The text for a field of this source; nothing where the field offers other choices only."""
        text = self._text(source)
        if not choices or text in choices:
            return text
        return OTHER if source == "instrument.factor" and OTHER in choices else ""

    def _text(self, source: str) -> str:
        part = source.removeprefix("instrument.")
        match part:
            case "factor":
                factor = REGISTER_FIELDS.factors.get(self.factor)
                return factor.choice if factor else ""
            case "maker":
                return self.particulars.get("maker") or self.particulars.get("manufacturer") or ""
            case "manufacturer" | "method" | "unit":
                return self.particulars.get(part) or ""
            case _:
                return self._named.of(source)


def instrument(id_: str, particulars: Json, version: int = AS_REGISTERED) -> Instrument:
    factor = particulars.get("factor") or ""
    return Instrument(
        id=id_, kind=particulars["kind"], factor=factor, particulars=particulars, version=version
    )


def offered(form: Form, instruments: Sequence[Instrument]) -> list[Instrument]:
    """The instruments that the form is for."""
    sources = REGISTER_FIELDS.forms[form.name]
    return [instrument for instrument in instruments if _fits(sources, instrument)]


def _fits(sources: FormSources, instrument: Instrument) -> bool:
    is_meant = not sources.factors or instrument.factor in sources.factors
    return (
        instrument.kind in sources.kinds and is_meant and instrument.factor not in sources.other_factors_than
    )


def fields_of(form: Form, instruments: Sequence[Instrument]) -> Json:
    """The fields of the sheet, without its rows, that its instruments fill."""
    return {field: text for field, text, _ in _fields(form, instruments) if text}


def row_of(form: Form, table: str, instrument: Instrument) -> Json:
    """What an instrument gives to its row of a table."""
    columns = REGISTER_FIELDS.forms[form.name].rows[table].columns
    given = {
        column: instrument.gives(source, _choices(_schema(form)[table]["items"]["properties"], column))
        for column, source in columns.items()
    }
    return {column: text for column, text in given.items() if text}


def taken_of(form: Form, values: Json, instruments: Sequence[Instrument]) -> list[Json]:
    """Each instrument with the places of the values that are exactly as it gave them. A row is of one instrument."""
    gave = {instrument.id: list[str]() for instrument in instruments}
    for field, text, givers in _fields(form, instruments):
        if text and values.get(field) == text:
            for giver in givers:
                gave[giver.id].append(field)
    for table in REGISTER_FIELDS.forms[form.name].rows:
        for giver, paths in _in_rows(form, table, values, instruments):
            gave[giver.id] += paths
    return [
        {"instrument_id": each.id, "version": each.version, "fields": gave[each.id]} for each in instruments
    ]


def _fields(form: Form, instruments: Sequence[Instrument]) -> Iterator[tuple[str, str, list[Instrument]]]:
    """Each field that instruments fill, its text, and who gives to it."""
    for field, entry in REGISTER_FIELDS.forms[form.name].fields.items():
        if not entry.source.startswith("instrument."):
            continue
        choices = _choices(_schema(form), field)
        meant = [each for each in instruments if not entry.factors or each.factor in entry.factors]
        givers = [each for each in meant if each.gives(entry.source, choices)]
        yield field, _joined([each.gives(entry.source, choices) for each in givers]), givers


def _in_rows(
    form: Form, table: str, values: Json, instruments: Sequence[Instrument]
) -> Iterator[tuple[Instrument, list[str]]]:
    by, rows = REGISTER_FIELDS.forms[form.name].rows[table].by, list(enumerate(values.get(table, [])))
    for each in instruments:
        given = row_of(form, table, each)
        own = next((pair for pair in rows if given.get(by) and pair[1].get(by) == given[by]), None)
        if own:
            rows.remove(own)
            number, row = own
            yield each, [f"{table}.{number}.{c}" for c, text in given.items() if row.get(c) == text]


def _joined(all_texts: Sequence[str]) -> str:
    """Several in one field, as many as it has room for."""
    texts = list(dict.fromkeys(all_texts))
    for count in range(len(texts), 0, -1):
        more = f" 等 {len(texts)} 台" if count < len(texts) else ""
        if len(text := "；".join(texts[:count]) + more) <= LONGEST:
            return text
    return ""


def _schema(form: Form) -> Json:
    properties: Json = form.document["schema"]["properties"]
    return properties


def _choices(properties: Json, field: str) -> Sequence[str]:
    return tuple(properties[field].get("enum", ()))
