"""What work stood on papers that do not hold, and what planned work will lack them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from qingyuan_runtime.database.connections import Pool

from views.reliance.query_models import ImpossibleQuery
from views.reliance.windows import impossible_windows
from views.shared.names import Names, names_of_rows
from views.shared.pages import Page, read
from views.shared.scope import Scope
from views.shared.scoped import scoped
from views.shared.voided import introduce_points
from views.work import lists
from views.work.query_models import ReliedQuery

DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Relied:
    """A paper, a page of the visits that relied on it, and the sheets of these by visit."""

    paper: Any
    page: Page
    sheets: Mapping[UUID, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Windows:
    """`totals` are of all windows; `rows` the page of those for which somebody lacks a certificate."""

    standing: Any
    totals: Any
    rows: Sequence[Any]
    names: Names


class RelianceQueries:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def relied_on(self, scope: Scope, paper_id: UUID, query: ReliedQuery) -> Relied | None:
        """An enterprise has a part in a paper only if its own visits relied on it."""
        async with scoped(self._pool, scope) as connection:
            await introduce_points(connection, scope)
            paper = await connection.fetchrow(_PAPER, paper_id)
            if paper is None:
                return None
            found = await read(connection, lists.relying_visits(scope, query, paper))
            if scope.sees == "enterprise" and not found.rows:
                return None
            names = await names_of_rows(connection, scope, found.rows, day="day")
            sheets: dict[UUID, list[Any]] = {}
            for row in await connection.fetch(_SHEETS, [row["id"] for row in found.rows]):
                sheets.setdefault(row["visit_id"], []).append(row)
        return Relied(paper, Page(found.rows, found.following, names, found.count), sheets)

    async def impossible(
        self, scope: Scope, operator_id: UUID, query: ImpossibleQuery, today: date
    ) -> Windows | None:
        """None for enterprises and for other operators: whom an operator has for its work is not their business."""
        if scope.sees not in ("operator", "district", "all"):
            return None
        if scope.sees == "operator" and scope.place != str(operator_id):
            return None
        async with scoped(self._pool, scope) as connection:
            await introduce_points(connection, scope)
            standing = await connection.fetchrow(_STANDING, operator_id)
            statement = impossible_windows(scope, operator_id, query, today)
            totals, *rows = await connection.fetch(*statement)
            names = await names_of_rows(connection, scope, rows, day="closes")
        return Windows(standing, totals, rows, names)


def first_day_not_held(paper: Any) -> date | None:
    """The first day for which a paper was filed and does not hold."""
    if paper["removed"] or paper["stated_first"] < paper["first_day"]:
        first: date = paper["stated_first"]
        return first
    return paper["last_day"] + DAY if paper["last_day"] < paper["stated_last"] else None


_PAPER: Final = (
    "select * from filings.filed_paper where paper_id = $1 order by stated_first, resource_id limit 1"
)
_STANDING: Final = "select state, since from filings.standing where operator_id = $1 and until = 'infinity'"
_SHEETS: Final = """
    select distinct visit_id, revision->>'sheet_id' as sheet_id, form, content from work.sheet
     where visit_id = any($1) order by visit_id, form, content, sheet_id
"""
