"""Rows → facts or problems, by the very rules a single registration obeys. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from pydantic import TypeAdapter, ValidationError
from qingyuan_events.registry import NONE, InstrumentParticulars
from qingyuan_runtime.decider import Invalid, Problem, Refused
from qingyuan_runtime.handling import write_of
from qingyuan_runtime.problems import sentence_of
from qingyuan_runtime.store import Write

from registry.domain.instrument import INSTRUMENT, PointOfInstrument, RegisterInstrument
from registry.domain.tidying import tidy
from registry.importing.columns import title_of
from registry.importing.reading import Row

_PARTICULARS: TypeAdapter[InstrumentParticulars] = TypeAdapter(InstrumentParticulars)


@dataclass(frozen=True, slots=True)
class NamedPoint:
    """A point of the enterprise, by the code and the name a row may call it."""

    code: str
    name: str
    point: PointOfInstrument


@dataclass(frozen=True, slots=True)
class Checked:
    write: Write | None
    problems: list[dict[str, Any]]
    notes: list[dict[str, Any]]


class Checker:
    """Checks the rows of one import, one after the other; remembers them to find the same row twice."""

    def __init__(self, import_id: UUID, points: list[NamedPoint], today: date) -> None:
        self._import_id = import_id
        self._by_code = {one.code: one.point for one in points if one.code != NONE}
        self._by_name = {one.name: one.point for one in points}
        self._today = today
        self._seen: dict[str, int] = {}

    def check(self, row: Row) -> Checked:
        try:
            command, notes = self._command(row)
            facts = INSTRUMENT.decide(command, INSTRUMENT.initial)
        except ValidationError as error:
            return Checked(None, [_located(row, problem) for problem in _of_shape(error)], [])
        except Invalid as invalid:
            return Checked(None, [_located(row, problem) for problem in invalid.problems], [])
        except Refused as refused:
            return Checked(None, [_located(row, Problem("", refused.code, refused.sentence))], [])
        write = write_of(INSTRUMENT, INSTRUMENT.stream(command.instrument_id), 0, facts)
        return Checked(write, [], [_located(row, note) for note in notes])

    def _command(self, row: Row) -> tuple[RegisterInstrument, tuple[Problem, ...]]:
        values = {field: value for field, value in row.values.items() if value is not None}
        point = self._point(values.pop("point_code", NONE), values.pop("point_name", None))
        since = _day(values.pop("valid_from", None))
        particulars, notes = tidy(_PARTICULARS.validate_python({"kind": row.kind, **values}))
        self._refuse_twice(row, point.point_id, particulars)
        instrument_id = uuid5(self._import_id, f"{row.sheet} {row.number}")
        return RegisterInstrument(instrument_id, point, particulars, since, self._today), notes

    def _point(self, code: str, name: str | None) -> PointOfInstrument:
        if code != NONE:
            if code in self._by_code:
                return self._by_code[code]
            raise Invalid([Problem("point_code", "point.missing", f"本单位没有编号为 {code} 的在用测点。")])
        if name in self._by_name:
            return self._by_name[name]
        raise Invalid(
            [Problem("point_name", "point.missing", "测点编号为“无”时，请填写本单位在用测点的名称。")]
        )

    def _refuse_twice(self, row: Row, point: UUID, particulars: InstrumentParticulars) -> None:
        key = f"{point} {particulars.model_dump_json()}"
        first = self._seen.setdefault(key, row.number)
        serial = getattr(particulars, "serial_number", None)
        if first != row.number and serial:
            raise Invalid([Problem("serial_number", "row.repeated", f"与第 {first} 行完全相同。")])


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise Invalid([Problem("valid_from", "date", "启用日期应为 YYYY-MM-DD。")]) from None


def _of_shape(error: ValidationError) -> list[Problem]:
    return [
        Problem(
            str(one["loc"][-1]) if one["loc"] else "",
            one["type"],
            sentence_of(one),
        )
        for one in error.errors()
    ]


def _located(row: Row, problem: Problem) -> dict[str, Any]:
    return {
        "sheet": row.sheet,
        "row": row.number,
        "column": title_of(row.kind, problem.field),
        "field": problem.field.removeprefix("particulars."),
        "rule": problem.rule,
        "sentence": problem.sentence,
    }
