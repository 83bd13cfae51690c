"""The queries of the register over HTTP: GET only, each restricted to what the asker may see."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import JSONResponse, Response
from qingyuan_runtime.domain.decider import Missing
from qingyuan_runtime.edge.dependencies import ActorDep, from_state
from qingyuan_runtime.edge.problems import Forbidden
from qingyuan_runtime.process.clock import now
from qingyuan_standards.days import local_day

from views.register import answers, changes
from views.register.change_export import change_row, change_sheet
from views.register.export import ENTERPRISES, Workbook, asked_of, instruments_asked
from views.register.naming import naming
from views.register.organisations import Organisations as KnownOrganisations
from views.register.queries import RegisterQueries
from views.register.query_models import (
    EnterpriseChangeExportQuery,
    EnterpriseChangeQuery,
    EnterpriseQuery,
    InstrumentExportQuery,
    InstrumentQuery,
    OrganisationQuery,
    PointInstrumentQuery,
)
from views.register.response_models import (
    Enterprise,
    EnterpriseChangePage,
    EnterprisePage,
    History,
    Instrument,
    InstrumentPage,
    Naming,
    Organisations,
    Outlets,
)
from views.register.statements import Filter
from views.shared.edge import STREAM, UpToDate, page_answer
from views.shared.pages import Found
from views.shared.query_models import NumberedQuery, PageQuery
from views.shared.scope import Scope, scope_of
from views.shared.when import When, WhenQuery
from views.shared.workbook import ROWS_MAX, Sheet, download, exported, written

router = APIRouter(tags=["查询 · 污染源登记"])


async def register_scope(actor: ActorDep) -> Scope:
    """Operators may not query the register; they have queries of their own (`views.work`)."""
    if actor.kind == "operator":
        raise Forbidden
    return scope_of(actor)


async def when(query: Annotated[WhenQuery, Query()]) -> When:
    return When.of(query.as_of, query.as_known, now())


Queries = Annotated[RegisterQueries, Depends(from_state("register"))]
ActorScope = Annotated[Scope, Depends(register_scope)]
AsOf = Annotated[When, Depends(when)]
Stream = Annotated[str, Path(pattern=f"^{STREAM.pattern}$")]


@router.get("/organisations", dependencies=UpToDate, response_model=Organisations)
async def organisations(
    known: Annotated[KnownOrganisations, Depends(from_state("organisations"))],
    scope: ActorScope,
    query: Annotated[OrganisationQuery, Query()],
) -> JSONResponse:
    """Names that stand in the registers and contracts which the asker may see, to choose from while typing."""
    return JSONResponse({"items": list(await known.named_like(scope, query.search))})


@router.get("/enterprises", dependencies=UpToDate, response_model=EnterprisePage)
async def enterprises(
    queries: Queries, scope: ActorScope, on: AsOf, query: Annotated[EnterpriseQuery, Query()]
) -> JSONResponse:
    page = await _found(queries, scope, on, query.filter(), query)
    counts = await queries.counts(scope, [row["id"] for row in page.rows], on)
    return page_answer(page, [answers.enterprise_row(row, counts[row["id"]]) for row in page.rows])


@router.get("/enterprises.xlsx", dependencies=UpToDate, response_class=Response)
async def enterprises_file(
    queries: Queries, scope: ActorScope, on: AsOf, query: Annotated[EnterpriseQuery, Query()]
) -> Response:
    """The whole filtered list as an Excel file."""

    async def batches() -> AsyncIterator[Sequence[dict[str, Any]]]:
        async for rows in queries.every(scope, query.filter(), on):
            counts = await queries.counts(scope, [row["id"] for row in rows], on)
            yield [answers.enterprise_row(row, counts[row["id"]]) for row in rows]

    at = now()
    return await exported(Sheet("污染源", ENTERPRISES, asked_of(query, on, at), at), batches())


@router.get("/enterprises/{enterprise_id}", dependencies=UpToDate, response_model=Enterprise)
async def enterprise(enterprise_id: UUID, queries: Queries, scope: ActorScope, on: AsOf) -> JSONResponse:
    row = await queries.one(scope, "enterprise", enterprise_id, on)
    if row is None:
        raise Missing("enterprise")
    counts = await queries.counts(scope, [enterprise_id], on)
    return JSONResponse(answers.enterprise_row(row, counts[enterprise_id]) | answers.lifetime(row))


@router.get("/enterprises/{enterprise_id}/points", dependencies=UpToDate, response_model=Outlets)
async def points(enterprise_id: UUID, queries: Queries, scope: ActorScope, on: AsOf) -> JSONResponse:
    if await queries.one(scope, "enterprise", enterprise_id, on) is None:
        raise Missing("enterprise")
    outlets = await queries.all(scope, Filter("outlet", enterprise_id=enterprise_id), on)
    found = await queries.all(scope, Filter("monitoring_point", enterprise_id=enterprise_id), on)
    counts = await queries.instrument_counts(scope, enterprise_id, on)
    return JSONResponse({"outlets": answers.outlets_with_points(outlets, found, counts)})


@router.get("/enterprise-changes", dependencies=UpToDate, response_model=EnterpriseChangePage)
async def enterprise_changes(
    queries: Queries, scope: ActorScope, query: Annotated[EnterpriseChangeQuery, Query()]
) -> JSONResponse:
    """Requests to change a name, a credit code or a district: the enterprise's own, the district's, or all."""
    page = await queries.changes_page(scope, query.wanted(), query)
    return page_answer(page, [changes.row(row) for row in page.rows])


@router.get("/enterprise-changes.xlsx", dependencies=UpToDate, response_class=Response)
async def enterprise_changes_file(
    queries: Queries, scope: ActorScope, query: Annotated[EnterpriseChangeExportQuery, Query()]
) -> Response:
    """All requests with the same filters as an Excel file."""

    async def batches() -> AsyncIterator[Sequence[dict[str, Any]]]:
        rows = await queries.changes(scope, query.wanted(), ROWS_MAX + 1)
        yield [change_row(row) for row in rows]

    return await exported(change_sheet(query.state, now()), batches())


@router.get("/points/{point_id}/instruments", dependencies=UpToDate, response_model=InstrumentPage)
async def instruments_of_point(
    point_id: UUID,
    queries: Queries,
    scope: ActorScope,
    on: AsOf,
    query: Annotated[PointInstrumentQuery, Query()],
) -> JSONResponse:
    if await queries.one(scope, "monitoring_point", point_id, on) is None:
        raise Missing("monitoring_point")
    return await _instruments(queries, scope, on, query.filter(point_id), query)


@router.get("/instruments", dependencies=UpToDate, response_model=InstrumentPage)
async def instruments(
    queries: Queries, scope: ActorScope, on: AsOf, query: Annotated[InstrumentQuery, Query()]
) -> JSONResponse:
    return await _instruments(queries, scope, on, query.filter(), query)


async def _instruments(
    queries: RegisterQueries, scope: Scope, on: When, wanted: Filter, query: PageQuery
) -> JSONResponse:
    page = await _found(queries, scope, on, wanted, query)
    return page_answer(page, [answers.instrument_row(row) for row in page.rows])


async def _found(queries: RegisterQueries, scope: Scope, on: When, wanted: Filter, query: PageQuery) -> Found:
    if isinstance(query, NumberedQuery) and query.page is not None:
        return await queries.numbered(scope, wanted, on, query.limit, query.page)
    return await queries.page(scope, wanted, on, query.limit, query.after)


@router.get("/instruments.xlsx", response_class=Response)
async def export(
    queries: Queries, scope: ActorScope, on: AsOf, query: Annotated[InstrumentExportQuery, Query()]
) -> Response:
    """The whole filtered list as an Excel file."""

    async def batches() -> AsyncIterator[Sequence[dict[str, Any]]]:
        async for rows in queries.every(scope, query.filter(), on):
            yield [answers.instrument_row(row) for row in rows]

    asked = instruments_asked(query, on, now(), await _name(queries, scope, on, query.enterprise_id))
    book = await written(lambda out: Workbook(out, asked, now()), batches())
    return download(book, f"仪器清单-{on.as_of.isoformat()}.xlsx")


async def _name(queries: RegisterQueries, scope: Scope, on: When, enterprise_id: UUID | None) -> str | None:
    row = await queries.one(scope, "enterprise", enterprise_id, on) if enterprise_id else None
    return answers.enterprise_row(row, {})["name"] if row else None


@router.get("/instruments/{instrument_id}", dependencies=UpToDate, response_model=Instrument)
async def instrument(instrument_id: UUID, queries: Queries, scope: ActorScope, on: AsOf) -> JSONResponse:
    row = await queries.one(scope, "instrument", instrument_id, on)
    if row is None:
        raise Missing("instrument")
    chain = [answers.chain_link(link) for link in await queries.chain(scope, instrument_id)]
    return JSONResponse(answers.instrument_row(row) | {"chain": chain})


@router.get("/naming/{stream}", dependencies=UpToDate, response_model=Naming)
async def named_by(stream: Stream, queries: Queries, scope: ActorScope) -> JSONResponse:
    """What names an entry of the register: to be seen before an outlet, a point or an instrument is voided."""
    async with queries.scoped(scope) as connection:
        found = await naming(connection, scope, stream, local_day(now()))
    if found is None:
        raise Missing("stream")
    return JSONResponse(found)


@router.get("/history/{stream}", dependencies=UpToDate, response_model=History)
async def history(stream: Stream, queries: Queries, scope: ActorScope) -> JSONResponse:
    rows = await queries.history(scope, stream)
    if not rows:
        raise Missing("stream")
    return JSONResponse({"items": answers.history_items(rows)})
