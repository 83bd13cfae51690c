"""The register's questions over HTTP: GET only, each under the asker's scope."""

from collections.abc import AsyncIterator, Iterator, Sequence
from os import SEEK_END
from typing import IO, Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from qingyuan_events import Actor
from qingyuan_runtime.domain.decider import Missing
from qingyuan_runtime.edge.http import current_actor
from qingyuan_runtime.edge.problems import Forbidden
from qingyuan_runtime.process.clock import now

from views.register import answers, changes
from views.register.export import write
from views.register.queries import RegisterQueries
from views.register.query_models import (
    EnterpriseChangeQuery,
    EnterpriseQuery,
    InstrumentExportQuery,
    InstrumentQuery,
    PointInstrumentQuery,
    WhenQuery,
)
from views.register.response_models import (
    Enterprise,
    EnterpriseChanges,
    EnterprisePage,
    History,
    Instrument,
    InstrumentPage,
    Outlets,
)
from views.register.statements import Filter, When
from views.shared.edge import STREAM, Seen
from views.shared.query_models import PageQuery
from views.shared.scope import Scope, scope_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
router = APIRouter(tags=["查询 · 污染源登记"])


async def queries(request: Request) -> RegisterQueries:
    found: RegisterQueries = request.app.state.register
    return found


async def scope(actor: Annotated[Actor, Depends(current_actor)]) -> Scope:
    """Operators have their own questions and no business in the register's lists."""
    if actor.kind == "operator":
        raise Forbidden
    return scope_of(actor)


async def when(asked: Annotated[WhenQuery, Query()]) -> When:
    return When.of(asked.as_of, asked.as_known, now())


At = Annotated[RegisterQueries, Depends(queries)]
Sees = Annotated[Scope, Depends(scope)]
AsOf = Annotated[When, Depends(when)]
Stream = Annotated[str, Path(pattern=f"^{STREAM.pattern}$")]


@router.get("/enterprises", dependencies=Seen, response_model=EnterprisePage)
async def enterprises(
    at: At, sees: Sees, on: AsOf, asked: Annotated[EnterpriseQuery, Query()]
) -> JSONResponse:
    page = await at.page(sees, asked.filter(), on, asked.limit, asked.after)
    counts = await at.counts(sees, [row["id"] for row in page.rows], on)
    items = [answers.enterprise_row(row, counts[row["id"]]) for row in page.rows]
    return JSONResponse({"items": items, "next": page.following})


@router.get("/enterprises/{enterprise_id}", dependencies=Seen, response_model=Enterprise)
async def enterprise(enterprise_id: UUID, at: At, sees: Sees, on: AsOf) -> JSONResponse:
    row = await at.one(sees, "enterprise", enterprise_id, on)
    if row is None:
        raise Missing("enterprise")
    counts = await at.counts(sees, [enterprise_id], on)
    return JSONResponse(answers.enterprise_row(row, counts[enterprise_id]) | answers.lifetime(row))


@router.get("/enterprises/{enterprise_id}/points", dependencies=Seen, response_model=Outlets)
async def points(enterprise_id: UUID, at: At, sees: Sees, on: AsOf) -> JSONResponse:
    if await at.one(sees, "enterprise", enterprise_id, on) is None:
        raise Missing("enterprise")
    outlets = await at.all(sees, Filter("outlet", enterprise_id=enterprise_id), on)
    found = await at.all(sees, Filter("monitoring_point", enterprise_id=enterprise_id), on)
    counts = await at.instrument_counts(sees, enterprise_id, on)
    return JSONResponse({"outlets": answers.outlets_with_points(outlets, found, counts)})


@router.get("/enterprise-changes", dependencies=Seen, response_model=EnterpriseChanges)
async def enterprise_changes(
    at: At, sees: Sees, asked: Annotated[EnterpriseChangeQuery, Query()]
) -> JSONResponse:
    """Requests to change a name, a credit code or a district: the enterprise's own, the district's, or all."""
    rows = await at.changes(sees, asked.state, asked.enterprise_id)
    return JSONResponse({"items": [changes.row(one) for one in rows]})


@router.get("/points/{point_id}/instruments", dependencies=Seen, response_model=InstrumentPage)
async def instruments_of_point(
    point_id: UUID, at: At, sees: Sees, on: AsOf, asked: Annotated[PointInstrumentQuery, Query()]
) -> JSONResponse:
    if await at.one(sees, "monitoring_point", point_id, on) is None:
        raise Missing("monitoring_point")
    return await _instruments(at, sees, on, asked.filter(point_id), asked)


@router.get("/instruments", dependencies=Seen, response_model=InstrumentPage)
async def instruments(
    at: At, sees: Sees, on: AsOf, asked: Annotated[InstrumentQuery, Query()]
) -> JSONResponse:
    return await _instruments(at, sees, on, asked.filter(), asked)


async def _instruments(
    at: RegisterQueries, sees: Scope, on: When, wanted: Filter, asked: PageQuery
) -> JSONResponse:
    page = await at.page(sees, wanted, on, asked.limit, asked.after)
    return JSONResponse({"items": [answers.instrument_row(r) for r in page.rows], "next": page.following})


@router.get("/instruments.xlsx", response_class=Response)
async def export(at: At, sees: Sees, on: AsOf, asked: Annotated[InstrumentExportQuery, Query()]) -> Response:
    """The whole filtered list as an Excel file."""

    async def batches() -> AsyncIterator[Sequence[dict[str, Any]]]:
        async for rows in at.every(sees, asked.filter(), on):
            yield [answers.instrument_row(row) for row in rows]

    file = await write(batches())
    name = quote(f"仪器清单-{on.as_of.isoformat()}.xlsx")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "Content-Length": str(file.seek(0, SEEK_END)),
    }
    return StreamingResponse(chunks(file), media_type=XLSX, headers=headers)


def chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while chunk := file.read(64 * 1024):
            yield chunk


@router.get("/instruments/{instrument_id}", dependencies=Seen, response_model=Instrument)
async def instrument(instrument_id: UUID, at: At, sees: Sees, on: AsOf) -> JSONResponse:
    row = await at.one(sees, "instrument", instrument_id, on)
    if row is None:
        raise Missing("instrument")
    chain = [answers.chain_link(link) for link in await at.chain(sees, instrument_id)]
    return JSONResponse(answers.instrument_row(row) | {"chain": chain})


@router.get("/history/{stream}", dependencies=Seen, response_model=History)
async def history(stream: Stream, at: At, sees: Sees) -> JSONResponse:
    rows = await at.history(sees, stream)
    if not rows:
        raise Missing("stream")
    return JSONResponse({"items": answers.history_items(rows)})
