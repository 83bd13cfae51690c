"""The queries about filings over HTTP: GET only. All but the public register are restricted to what the asker may see."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from qingyuan_runtime.domain.decider import Missing
from qingyuan_runtime.edge.dependencies import from_state
from qingyuan_standards.days import local_day

from views.filings import answers, leases
from views.filings.past_queries import PastQueries
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
    Timeline,
)
from views.shared.edge import ActorScope, Now, UpToDate, page_answer
from views.shared.when import When, WhenQuery

router = APIRouter(tags=["查询 · 备案"])
Queries = Annotated[FilingQueries, Depends(from_state("filings"))]
Earlier = Annotated[PastQueries, Depends(from_state("past_filings"))]
Asked = Annotated[WhenQuery, Query()]

_TODAY: Final = WhenQuery()


@router.get("/filings", dependencies=UpToDate, response_model=FilingPage)
async def filings(
    queries: Queries, scope: ActorScope, now: Now, query: Annotated[FilingQuery, Query()]
) -> JSONResponse:
    """Those first that are longest in their state. An operator sees its own."""
    found, waiting = await queries.filings(scope, query, local_day(now))
    return page_answer(found, [answers.listed_filing(row, waiting) for row in found.rows])


@router.get("/filings/{operator_id}", dependencies=UpToDate, response_model=Filing)
async def filing(
    operator_id: UUID, queries: Queries, earlier: Earlier, scope: ActorScope, now: Now, asked: Asked
) -> JSONResponse:
    """With a day: what was filed and stated on it, as it was known then. 404 where the filing was not begun yet."""
    if asked == _TODAY:
        found = await queries.filing(scope, operator_id, local_day(now))
    else:
        when = When.of(asked.as_of, asked.as_known, now)
        found = await earlier.filing(scope, operator_id, when, contracts=when.as_known > now)
    if found is None:
        raise Missing("filing")
    return JSONResponse(answers.filing(found))


@router.get("/filings/{operator_id}/resources", dependencies=UpToDate, response_model=ResourcePage)
async def resources(
    operator_id: UUID,
    queries: Queries,
    earlier: Earlier,
    scope: ActorScope,
    now: Now,
    asked: Asked,
    query: Annotated[ResourceQuery, Query()],
) -> JSONResponse:
    """With a day: those that were there on it; `ends_within` counts from it."""
    if asked != _TODAY:
        when = When.of(asked.as_of, asked.as_known, now)
        past = await earlier.resources(scope, operator_id, when, query)
        return page_answer(past, [answers.resource_row(row, {}) for row in past.rows])
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


@router.get("/resources/{resource_id}/timeline", dependencies=UpToDate, response_model=Timeline)
async def resource_timeline(
    resource_id: UUID, earlier: Earlier, scope: ActorScope, now: Now, asked: Asked
) -> JSONResponse:
    """Every fact of a person, device, vehicle or part, and what the filing said of it."""
    lines = await earlier.timeline(scope, resource_id, When.of(asked.as_of, asked.as_known, now))
    if lines is None:
        raise Missing("resource")
    return JSONResponse({"items": [line.model_dump(mode="json") for line in lines]})


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
