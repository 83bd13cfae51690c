"""A row → the command that a form would give, or the problems of the row. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from qingyuan_events.filing import ResourceParticulars
from qingyuan_runtime.domain.bounds import Day
from qingyuan_runtime.domain.decider import Invalid, Problem
from qingyuan_runtime.edge.http import new_id
from qingyuan_runtime.edge.problems import sentence_of
from qingyuan_runtime.importing.reading import Row

from filing.domain.resources import papers
from filing.domain.resources.commands import AddResource
from filing.domain.resources.decider import RESOURCE
from filing.importing.layout import PAPER, SCAN, WORKBOOK
from filing.resources.bodies import SentResource
from filing.shared.bodies import PersonName
from filing.shared.personal import placeholder

_PARTICULARS: Final[TypeAdapter[ResourceParticulars]] = TypeAdapter(SentResource)
_NAME: Final[TypeAdapter[str]] = TypeAdapter(PersonName)
_DAY: Final[TypeAdapter[date]] = TypeAdapter(Day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer:
    """Whose rows are read, and the legal day of today."""

    operator_id: UUID
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a row says. `particulars` and `changed_on` only where there are no problems.

    `command_id`: of the row, from which the ids of what it adds follow. `missing`: what a submission still needs.
    """

    row: Row
    command_id: UUID
    particulars: ResourceParticulars | None
    name: str | None
    changed_on: date | None
    scan: str | None
    problems: tuple[Problem, ...]
    missing: tuple[Problem, ...] = ()

    @property
    def resource_id(self) -> UUID:
        """As the command of a single addition makes it."""
        return new_id(self.command_id, RESOURCE.noun)


def read(row: Row, command_id: UUID, importer: Importer) -> Read:
    values = {name: value for name, value in row.values.items() if value is not None}
    problems: list[Problem] = []
    name = _validated(_NAME, "name", values, problems) if row.kind == "person" else None
    changed_on = _validated(_DAY, "changed_on", values, problems)
    particulars = _particulars(row.kind, values, command_id, problems)
    if particulars is not None and changed_on is not None:
        problems += _of_rules(particulars, changed_on, command_id, importer)
    return Read(
        row=row,
        command_id=command_id,
        particulars=particulars,
        name=name,
        changed_on=changed_on,
        scan=values.get(SCAN),
        problems=tuple(problems),
        missing=tuple(_missing(particulars, values)) if particulars else (),
    )


def _validated(
    adapter: TypeAdapter[Any], field: str, values: Mapping[str, Any], problems: list[Problem]
) -> Any:
    """The value of a column beside the particulars, or None and its problem."""
    if field not in values:
        problems.append(Problem(field, "missing", "必填项，不能为空。"))
        return None
    try:
        return adapter.validate_python(values[field])
    except ValidationError as error:
        problems += (Problem(field, detail["type"], sentence_of(detail)) for detail in error.errors())
        return None


def _particulars(
    kind: str, values: Mapping[str, Any], command_id: UUID, problems: list[Problem]
) -> ResourceParticulars | None:
    beside = {"changed_on", "name"} if kind == "person" else {"changed_on"}
    own = {name: value for name, value in values.items() if name not in beside and not name.startswith(PAPER)}
    paper = _paper(kind, values, command_id)
    if paper and "kind" not in paper:
        problems.append(Problem(f"{PAPER}kind", "missing", "请填写证书种类。"))
        return None
    try:
        return _PARTICULARS.validate_python({"kind": kind, **own, "papers": [paper] if paper else []})
    except ValidationError as error:
        problems += _of_shape(kind, error)
        return None


def _paper(kind: str, values: Mapping[str, Any], command_id: UUID) -> dict[str, Any]:
    """The scan is uploaded later: a row only names its file."""
    given = {name: value for name, value in values.items() if name.startswith(PAPER)}
    if not given:
        return {}
    paper = {name.removeprefix(PAPER): value for name, value in given.items() if name != SCAN}
    fixed = {"kind": "competence_certificate"} if kind == "person" else {}
    return fixed | paper | {"paper_id": new_id(command_id, "paper")}


def _of_shape(kind: str, error: ValidationError) -> Iterator[Problem]:
    for detail in error.errors():
        path = [str(part) for part in detail["loc"] if part != kind]
        if path[:1] == ["technical_posts"]:
            path = path[:1]
        field = ".".join(path)
        yield Problem(field, detail["type"], f"{sentence_of(detail)}{_choices(kind, field, detail['type'])}")


def _choices(kind: str, field: str, rule: str) -> str:
    column = WORKBOOK.sheet(kind).column(field)
    if rule != "literal_error" or column is None:
        return ""
    return f"可填“{'”“'.join(column.choices)}”。"


def _of_rules(
    particulars: ResourceParticulars,
    changed_on: date,
    command_id: UUID,
    importer: Importer,
) -> tuple[Problem, ...]:
    """The problems that the rules of a single addition find."""
    command = AddResource(
        operator_id=importer.operator_id,
        resource_id=new_id(command_id, RESOURCE.noun),
        particulars=particulars,
        person=placeholder(command_id) if particulars.kind == "person" else None,
        changed_on=changed_on,
        stored=frozenset(),
        today=importer.today,
    )
    try:
        RESOURCE.decide(command, RESOURCE.initial)
    except Invalid as invalid:
        return tuple(invalid.problems)
    return ()


def _missing(particulars: ResourceParticulars, values: Mapping[str, Any]) -> Iterator[Problem]:
    """What a submission will ask for. A scan whose file is named comes in the second step. No row has a lease, so nobody's name
    is compared."""
    for problem in papers.missing_for_submission(particulars, operator=""):
        if problem.field != SCAN or SCAN not in values:
            yield replace(problem, field=f"{PAPER}number") if problem.field == "papers" else problem
