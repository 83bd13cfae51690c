"""The SQL text of a query depends only on which filters are set and on the kind of scope; their values are parameters."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import combinations
from uuid import UUID

import pytest
from qingyuan_runtime.edge.problems import BadRequest
from views.board.queries import statement as board
from views.board.query_models import BoardQuery
from views.confirmations.queries import confirmations
from views.confirmations.query_models import ConfirmationQuery
from views.register.statements import Filter, select
from views.reports import lists as report_lists
from views.reports.query_models import ExemptionQuery, ReportFilter, ReportQuery
from views.reports.results import statements as results
from views.shared.composed import Statement
from views.shared.cursors import cursor_of
from views.shared.query_models import PageQuery
from views.shared.scope import Scope
from views.shared.when import When
from views.work import contract_lists, lists
from views.work.query_models import ContractQuery, CycleQuery, PlanQuery, VisitQuery

ID, OTHER = UUID(int=1), UUID(int=2)
TODAY = date(2026, 11, 24)
WHEN = When(TODAY, None)  # type: ignore[arg-type]
ALL = Scope("all", "")
SCOPES = [ALL, Scope("enterprise", str(ID)), Scope("operator", str(ID)), Scope("district", "310118")]


class PagedVisits(VisitQuery):
    page: int | None = 3


class CountedVisits(VisitQuery):
    pass


class CountedCycles(CycleQuery):
    pass


class CountedConfirmations(ConfirmationQuery):
    pass


class CountedContracts(ContractQuery):
    pass


class QueuedReports(ReportQuery):
    order: str = "queue"  # type: ignore[assignment]
    page: int | None = 3


class CountedExemptions(ExemptionQuery):
    pass


class ReportsByResult(ReportFilter):
    pass


VALUES: dict[str, object] = {
    "from": "2026-01-01", "to": "2026-12-31", "day": "2026-11-01", "operator_id": ID, "enterprise_id": ID, "point_id": ID,
    "technician_id": ID, "content": "patrol", "plan_id": ID, "contract_id": ID, "district": "310118", "backfilled": True,
    "standing": "upcoming", "doc_type": "verification", "basis": "HJ 75-2017", "factor": "w01018", "result": "fail", "blocking": True,
    "rule": "W-M3", "outcome": "fail", "finding": "pairs.copied", "exemption_id": ID, "number": "LC", "report_id": ID, "reason_code": "x",
}  # fmt: skip
LISTS: dict[type[PageQuery], Callable[..., Statement]] = {
    VisitQuery: lambda scope, asked: lists.visits(scope, asked).statement,
    CycleQuery: lambda scope, asked: lists.cycles(scope, asked, TODAY).statement,
    ContractQuery: lambda scope, asked: contract_lists.contracts(scope, asked, TODAY).statement,
    PlanQuery: lambda scope, asked: contract_lists.plans(scope, asked, TODAY).statement,
    ConfirmationQuery: lambda scope, asked: confirmations(scope, asked).statement,
    PagedVisits: lambda scope, asked: lists.visits(scope, asked).row_before(),
    CountedVisits: lambda scope, asked: lists.visits(scope, asked).count(),
    CountedCycles: lambda scope, asked: lists.cycles(scope, asked, TODAY).count(),
    CountedConfirmations: lambda scope, asked: confirmations(scope, asked).count(),
    CountedContracts: lambda scope, asked: contract_lists.contracts(scope, asked, TODAY).count(),
    ReportQuery: lambda scope, asked: report_lists.reports(scope, asked).statement,
    QueuedReports: lambda scope, asked: report_lists.reports(scope, asked).row_before(),
    ReportFilter: lambda scope, asked: results(scope, asked)[0],
    ReportsByResult: lambda scope, asked: results(scope, asked)[1],
    ExemptionQuery: lambda scope, asked: report_lists.exemptions(scope, asked, TODAY).statement,
    CountedExemptions: lambda scope, asked: report_lists.exemptions(scope, asked, TODAY).count(),
    BoardQuery: lambda scope, asked: board(scope, asked, TODAY),
}


def questions(kind: type[PageQuery]) -> Iterator[PageQuery]:
    """A query for each pair of filters of the query model."""
    known = [field.alias or name for name, field in kind.model_fields.items()]
    for names in combinations([name for name in known if name in VALUES], 2):
        yield kind.model_validate({name: VALUES[name] for name in names})


@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope.sees)
@pytest.mark.parametrize("kind", LISTS)
def test_values_of_filters_and_scope_are_parameters_in_every_list(
    kind: type[PageQuery], scope: Scope
) -> None:
    for asked in questions(kind):
        found = LISTS[kind](scope, asked)
        assert all(f"${n}" in found.sql for n in range(1, len(found.parameters) + 1))
        assert f"${len(found.parameters) + 1}" not in found.sql
        assert None not in found.parameters
        assert str(ID) not in found.sql
        assert "310118" not in found.sql
        assert scope.sees == "all" or scope.place in found.parameters


@pytest.mark.parametrize("kind", LISTS)
def test_another_value_of_a_filter_leaves_the_sql_as_it_is(kind: type[PageQuery]) -> None:
    name = "operator_id" if "operator_id" in kind.model_fields else "enterprise_id"
    first, other = (LISTS[kind](ALL, kind.model_validate({name: key})) for key in (ID, OTHER))
    assert first.sql is other.sql
    assert first.parameters != other.parameters


def test_the_searched_text_is_a_parameter_and_not_part_of_the_sql() -> None:
    search = "'; drop table entry; --"
    found = select(ALL, Filter("instrument", search=search, district=search), WHEN)
    assert "drop" not in found.sql
    assert found.parameters.count(search) == 1


@pytest.mark.parametrize("after", [None, "x"])
def test_a_control_character_is_refused_as_such_even_with_a_malformed_cursor(after: str | None) -> None:
    with pytest.raises(BadRequest) as refused:
        select(ALL, Filter("instrument", search="a\0"), WHEN, after=after)
    assert refused.value.code == "query.malformed"


def test_a_control_character_in_a_cursor_is_refused() -> None:
    with pytest.raises(BadRequest) as refused:
        select(ALL, Filter("instrument"), WHEN, after=cursor_of("a\0", ID))
    assert refused.value.code == "query.malformed"
