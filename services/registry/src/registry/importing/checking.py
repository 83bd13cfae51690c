"""Rows → facts or problems, by the rules that a single registration obeys, and compared with the register. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal, TypeVar
from uuid import UUID, uuid5

from qingyuan_events.registry import InstrumentParticulars
from qingyuan_runtime.domain.decider import Invalid, Problem, Refused
from qingyuan_runtime.domain.text import folded
from qingyuan_runtime.importing.findings import Finding, at_field
from qingyuan_runtime.importing.reading import Row
from qingyuan_runtime.log.store import Write

from registry.domain.instruments.commands import PointOfInstrument, RegisterInstrument
from registry.domain.shared import checks
from registry.importing.columns import WORKBOOK
from registry.importing.points import Points
from registry.importing.registered_instruments import RegisteredInstruments, difference
from registry.importing.row_particulars import MEDIUM_OF, particulars_of
from registry.instruments.handlers import registration

_NOT_PARTICULARS: Final = ("enterprise_name", "valid_to", "point_code", "point_name", "valid_from")
_DAY_LENGTH: Final = len("2026-01-01")
SHOWN_LENGTH: Final = 50

T = TypeVar("T")

Outcome = Literal["new", "unchanged", "ended", "refused"]


@dataclass(frozen=True, slots=True)
class Checked:
    """`write` only where the row is a new instrument."""

    outcome: Outcome
    write: Write | None
    problems: list[Finding]
    notes: list[Finding]


@dataclass(frozen=True, slots=True)
class RegisteredEnterprise:
    """The enterprise of an import: the names it has or had, its points, and the instruments registered there."""

    names: frozenset[str]
    points: Points
    instruments: RegisteredInstruments


@dataclass(frozen=True, slots=True)
class _Parts:
    """What a row says: a part that is wrong is None, and among the problems."""

    point: PointOfInstrument | None
    valid_from: date | None
    particulars: InstrumentParticulars | None
    notes: tuple[Problem, ...]
    problems: list[Problem]


class Checker:
    """Checks the rows of one import one by one, and remembers them to notice a row that repeats another."""

    def __init__(
        self,
        import_id: UUID,
        enterprise: RegisteredEnterprise,
        column_letters: dict[str, dict[str, str]],
        today: date,
    ) -> None:
        self._import_id = import_id
        self._enterprise = enterprise
        self._column_letters = column_letters
        self._today = today
        self._seen: dict[str, Row] = {}

    def check(self, row: Row) -> Checked:
        """A field whose cell is wrong has no value; that the value is missing is then not reported as a second problem."""
        found = self._checked(row)
        reported = {problem["field"] for problem in row.problems}
        problems = [
            *row.problems,
            *(problem for problem in found.problems if problem["field"] not in reported),
        ]
        notes = [*row.notes, *found.notes]
        if problems:
            return Checked("refused", None, problems, notes)
        return Checked(found.outcome, found.write, [], notes)

    def _checked(self, row: Row) -> Checked:
        try:
            return self._judged(row)
        except Invalid as invalid:
            return self._refused(row, invalid.problems)
        except Refused as refused:
            return self._refused(row, [Problem("", refused.code, refused.sentence)])

    def _judged(self, row: Row) -> Checked:
        other = list(_other_enterprise(row, self._enterprise.names))
        if (ended := row.values.get("valid_to")) and not other:
            return self._left_out(row, "ended", f"这一行有停用日期 {ended}，停用的仪器不导入。")
        parts = self._parts(row)
        problems = [found for found in (*other, *parts.problems) if not self._is_reported(row, found)]
        if problems or parts.point is None or parts.particulars is None or parts.valid_from is None:
            return self._refused(row, problems)
        self._refuse_twice(row, parts.point, parts.particulars)
        command = RegisterInstrument(
            instrument_id=uuid5(self._import_id, f"{row.sheet} {row.number}"),
            point=parts.point,
            particulars=parts.particulars,
            valid_from=parts.valid_from,
            today=self._today,
        )
        return self._compared(row, command, parts.notes)

    def _compared(self, row: Row, command: RegisterInstrument, notes: Sequence[Problem]) -> Checked:
        write = registration(command)
        instruments, point_id = self._enterprise.instruments, command.point.point_id
        registered = instruments.take(point_id, command.particulars, command.valid_from)
        if registered is None:
            similar = self._similar_in_use(row, point_id, command.particulars)
            return Checked("new", write, [], [*(self._at(row, note) for note in notes), *similar])
        if registered.ended_on is not None:
            return self._left_out(row, "ended", f"这台仪器已于 {registered.ended_on} 停用，不会重新登记。")
        if registered.matches(command.particulars, command.valid_from):
            return self._left_out(row, "unchanged", "与登记一致，未重复登记。")
        return self._refused(row, [difference(registered, command.particulars, command.valid_from)])

    def _parts(self, row: Row) -> _Parts:
        """Each part of the row by itself, so that a problem of one hides none of another."""
        problems: list[Problem] = []
        point = _or_problems(
            lambda: self._enterprise.points.find(row.values.get("point_code"), row.values.get("point_name")),
            problems,
        )
        valid_from = _or_problems(lambda: _day(row.values.get("valid_from")), problems)
        values = {
            name: value
            for name, value in row.values.items()
            if value is not None and name not in _NOT_PARTICULARS
        }
        found = particulars_of(row.kind, values, point.medium if point else MEDIUM_OF[row.kind])
        problems += found.problems
        if valid_from is not None:
            problems += checks.first_day(valid_from, self._today, point.valid_from if point else None)
        return _Parts(point, valid_from, found.particulars, found.notes, problems)

    def _refuse_twice(self, row: Row, point: PointOfInstrument, particulars: InstrumentParticulars) -> None:
        if not getattr(particulars, "serial_number", None):
            return
        first = self._seen.setdefault(f"{point.point_id} {particulars.model_dump_json()}", row)
        if first is not row:
            where = (
                f"工作表“{first.sheet}”第 {first.number} 行"
                if first.sheet != row.sheet
                else f"第 {first.number} 行"
            )
            raise Invalid([Problem("serial_number", "row.repeated", f"与{where}完全相同。")])

    def _similar_in_use(self, row: Row, point: UUID, particulars: InstrumentParticulars) -> list[Finding]:
        other = self._enterprise.instruments.in_use_with_same_factor(point, particulars)
        if other is None:
            return []
        sentence = f"该测点已登记有同类的在用仪器（型号 {other.present.model}），这一行将另登记一台。"
        return [self._at(row, Problem("", "register.beside", sentence))]

    def _left_out(self, row: Row, outcome: Outcome, sentence: str) -> Checked:
        return Checked(outcome, None, [], [self._at(row, Problem("", f"register.{outcome}", sentence))])

    def _refused(self, row: Row, problems: Sequence[Problem]) -> Checked:
        return Checked("refused", None, [self._at(row, with_value(row, problem)) for problem in problems], [])

    def _at(self, row: Row, problem: Problem) -> Finding:
        letters = self._column_letters.get(row.sheet, {})
        return at_field(row.sheet, WORKBOOK.sheet(row.kind), row.number, problem, letters)

    def _is_reported(self, row: Row, problem: Problem) -> bool:
        """A column that is not in the sheet was reported once, at the heading."""
        return problem.rule == "missing" and problem.field not in self._column_letters.get(row.sheet, {})


def _day(value: object) -> date:
    if value is None:
        raise Invalid([Problem("valid_from", "missing", "必填项，不能为空。")])
    text = folded(str(value))
    try:
        if len(text) != _DAY_LENGTH:
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid([Problem("valid_from", "date", "启用日期应为 YYYY-MM-DD。")]) from None


def _or_problems(find: Callable[[], T], problems: list[Problem]) -> T | None:
    """What is found, or None and its problems."""
    try:
        return find()
    except Invalid as invalid:
        problems += invalid.problems
        return None


def _other_enterprise(row: Row, own: frozenset[str]) -> Iterator[Problem]:
    name = row.values.get("enterprise_name")
    if name and name not in own:
        sentence = f"这一行是“{name}”的仪器，不是本单位的；请从文件中删去。"
        yield Problem("enterprise_name", "enterprise.other", sentence)


def with_value(row: Row, problem: Problem) -> Problem:
    """The sentence names the value that is wrong, where it does not already."""
    value = row.values.get(problem.field.removeprefix("particulars."))
    shown = str(value)[:SHOWN_LENGTH] if isinstance(value, str) else ""
    if not shown or shown in problem.sentence:
        return problem
    return replace(problem, sentence=f"“{shown}”：{problem.sentence}")
