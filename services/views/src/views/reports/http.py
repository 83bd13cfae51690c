"""The queries about reports and exemptions over HTTP: GET only, and restricted to what the asker may see."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from qingyuan_runtime.domain.decider import Missing
from qingyuan_runtime.edge.dependencies import from_state
from qingyuan_standards.days import local_day

from views.reports import answers, trends
from views.reports.queries import ReportQueries
from views.reports.query_models import ExemptionQuery, ReportFilter, ReportQuery
from views.reports.response_models import ExemptionPage, Report, ReportPage, Results, Trends
from views.shared.edge import ActorScope, Now, UpToDate, page_answer

router = APIRouter(tags=["查询 · 报告"])
Queries = Annotated[ReportQueries, Depends(from_state("reports"))]


@router.get("/reports", dependencies=UpToDate, response_model=ReportPage)
async def reports(
    queries: Queries, scope: ActorScope, query: Annotated[ReportQuery, Query()]
) -> JSONResponse:
    page, own = await queries.reports(scope, query), scope.sees == "operator"
    return page_answer(page, [answers.report_row(row, page.names, own=own) for row in page.rows])


@router.get("/reports/{report_id}", dependencies=UpToDate, response_model=Report)
async def report(report_id: UUID, queries: Queries, scope: ActorScope, now: Now) -> JSONResponse:
    """All about one report: every submission with its verdicts side by side, and what holds for it now."""
    found = await queries.one(scope, report_id)
    if found is None:
        raise Missing("report")
    return JSONResponse(answers.report(found, local_day(now), own=scope.sees == "operator"))


@router.get("/reports/{report_id}/earlier", dependencies=UpToDate, response_model=Trends)
async def earlier_reports(report_id: UUID, queries: Queries, scope: ActorScope) -> JSONResponse:
    """What earlier reports say of the same instruments, as trends."""
    found = await queries.earlier(scope, report_id)
    if found is None:
        raise Missing("report")
    return JSONResponse(trends.answer(found))


@router.get("/report-results", dependencies=UpToDate, response_model=Results)
async def report_results(
    queries: Queries, scope: ActorScope, query: Annotated[ReportFilter, Query()]
) -> JSONResponse:
    """Rules × outcomes. Each number opens its reports in the list, by the same filters with `rule` and `outcome`."""
    return JSONResponse(await queries.results(scope, query))


@router.get("/exemptions", dependencies=UpToDate, response_model=ExemptionPage)
async def exemptions(
    queries: Queries, scope: ActorScope, query: Annotated[ExemptionQuery, Query()], now: Now
) -> JSONResponse:
    day = local_day(now)
    page = await queries.exemptions(scope, query, day)
    return page_answer(page, [answers.exemption_row(row, page.names, day) for row in page.rows])
