"""The people, devices, vehicles or spare parts of a filing as an Excel file: every row that the list shows with the same filters."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from qingyuan_events.filing import ResourceKind
from qingyuan_runtime.domain.decider import Refused
from qingyuan_runtime.edge.dependencies import ActorDep, from_state
from qingyuan_standards.days import local_day

from views.exports.filing_columns import COLUMNS, SHEETS, rows_of
from views.exports.http import whole
from views.filings import answers
from views.filings.queries import FilingQueries
from views.filings.query_models import ResourceQuery
from views.shared.edge import ActorScope, Now, UpToDate
from views.shared.filed_names import FiledNames
from views.shared.words import RESOURCE
from views.shared.workbook import ROWS_MAX, Row, Sheet, exported

router = APIRouter(tags=["查询 · 导出"])
Queries = Annotated[FilingQueries, Depends(from_state("filings"))]
Names = Annotated[FiledNames | None, Depends(from_state("filed_names"))]
Found = AsyncIterator[Sequence[Any]]
NAMES_AWAY: Final = "姓名暂时读不出，请稍后再导出。"


class ResourceExport(ResourceQuery):
    """The rows of one kind: each kind has columns of its own."""

    kind: ResourceKind


@router.get("/filings/{operator_id}/resources.xlsx", dependencies=UpToDate, response_class=Response)
async def resources(
    operator_id: UUID,
    queries: Queries,
    filed_names: Names,
    actor: ActorDep,
    scope: ActorScope,
    now: Now,
    query: Annotated[ResourceExport, Query()],
) -> Response:
    """One row for each paper. Names of people for who may read them; a search finds them by name, too."""
    sheet = Sheet(SHEETS[query.kind], COLUMNS[query.kind], _asked(query), now)
    if query.kind != "person":
        found = queries.every_resource(scope, operator_id, whole(query), local_day(now), ROWS_MAX)
        return await exported(sheet, _rows(found, {}, None))
    names = await filed_names.names(actor, operator_id) if filed_names else None
    if names is None:
        raise Refused("names.away", NAMES_AWAY)
    everybody = whole(query).model_copy(update={"search": None})
    found = queries.every_resource(scope, operator_id, everybody, local_day(now), ROWS_MAX)
    return await exported(sheet, _rows(found, names, query.search))


async def _rows(found: Found, names: Mapping[UUID, str], search: str | None) -> AsyncIterator[list[Row]]:
    async for rows in found:
        kept = [row for row in rows if _is_found(row, names, search)]
        yield [line for row in kept for line in rows_of(answers.resource_row(row, {}), names)]


def _is_found(row: Any, names: Mapping[UUID, str], search: str | None) -> bool:
    """The name is not in the read model, so people are searched here."""
    wanted = (search or "").strip().lower()
    return not wanted or wanted in row["searched"] or wanted in names.get(row["id"], "").lower()


def _asked(query: ResourceExport) -> list[tuple[str, str]]:
    said = {
        "状态": RESOURCE[query.state] if query.state else None,
        "查找": (query.search or "").strip() or None,
        "有效期": None if query.ends_within is None else f"{query.ends_within} 天内到期或已过期",
    }
    return [(title, text) for title, text in said.items() if text] or [("条件", "无")]
