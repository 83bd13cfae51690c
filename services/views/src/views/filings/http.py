"""The queries about filings over HTTP: GET only. All but the public register are restricted to what the asker may see."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from qingyuan_runtime.domain.decider import Missing
from qingyuan_runtime.edge.dependencies import from_state
from qingyuan_standards.days import local_day

from views.filings import answers, leases
from views.filings.queries import FilingQueries
from views.filings.query_models import FilingQuery, PaperQuery, PublicQuery, ResourceQuery
from views.filings.response_models import (
    ExpiringPage,
    Filing,
    FilingPage,
    PublicPage,
    Resource,
    ResourcePage,
    Review,
)
from views.shared.edge import ActorScope, Now, UpToDate, page_answer

router = APIRouter(tags=["查询 · 备案"])
Queries = Annotated[FilingQueries, Depends(from_state("filings"))]


@router.get("/filings", dependencies=UpToDate, response_model=FilingPage)
async def filings(
    queries: Queries, scope: ActorScope, query: Annotated[FilingQuery, Query()]
) -> JSONResponse:
    """Those first that are longest in their state. An operator sees its own."""
    found = await queries.filings(scope, query)
    return page_answer(found, list(map(answers.filing_row, found.rows)))


@router.get("/filings/{operator_id}", dependencies=UpToDate, response_model=Filing)
async def filing(operator_id: UUID, queries: Queries, scope: ActorScope, now: Now) -> JSONResponse:
    found = await queries.filing(scope, operator_id, local_day(now))
    if found is None:
        raise Missing("filing")
    return JSONResponse(answers.filing(found))


@router.get("/filings/{operator_id}/resources", dependencies=UpToDate, response_model=ResourcePage)
async def resources(
    operator_id: UUID,
    queries: Queries,
    scope: ActorScope,
    now: Now,
    query: Annotated[ResourceQuery, Query()],
) -> JSONResponse:
    found = await queries.resources(scope, operator_id, query, local_day(now))
    uncovered = leases.by("resource_id", found.uncovered)
    return page_answer(found.page, [answers.resource_row(row, uncovered) for row in found.page.rows])


@router.get("/filings/{operator_id}/review", dependencies=UpToDate, response_model=Review)
async def review(operator_id: UUID, queries: Queries, scope: ActorScope, now: Now) -> JSONResponse:
    """What waits for a review, beside what is filed. 404 where nothing waits."""
    found = await queries.review(scope, operator_id, local_day(now))
    if found is None:
        raise Missing("review")
    return JSONResponse(answers.review(found))


@router.get("/resources/{resource_id}", dependencies=UpToDate, response_model=Resource)
async def resource(resource_id: UUID, queries: Queries, scope: ActorScope, now: Now) -> JSONResponse:
    row, uncovered = await queries.resource(scope, resource_id, local_day(now))
    if row is None:
        raise Missing("resource")
    return JSONResponse(answers.resource(row, leases.by("resource_id", uncovered)))


@router.get("/papers", dependencies=UpToDate, response_model=ExpiringPage)
async def papers(
    queries: Queries, scope: ActorScope, now: Now, query: Annotated[PaperQuery, Query()]
) -> JSONResponse:
    """Papers that end soon or have ended, the first to end first."""
    today = local_day(now)
    found = await queries.papers(scope, query, today)
    uncovered = leases.by("paper_id", found.uncovered)
    return page_answer(found.page, [answers.expiring(row, today, uncovered) for row in found.page.rows])


@router.get("/public/operators", response_model=PublicPage)
async def public_operators(queries: Queries, query: Annotated[PublicQuery, Query()]) -> JSONResponse:
    """The filed operators, for anybody: no log-in, no personal data."""
    found = await queries.public(query)
    return page_answer(found, list(map(answers.public, found.rows)))
