"""The queries about confirmations over HTTP: GET only. All but the public check are restricted to what the asker may see."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from qingyuan_runtime.domain.decider import Missing
from qingyuan_runtime.edge.dependencies import ActorDep, from_state

from views.confirmations import answers
from views.confirmations.queries import ConfirmationQueries
from views.confirmations.query_models import CheckQuery, ConfirmationQuery
from views.confirmations.response_models import Confirmation, ConfirmationPage, RecordCheck
from views.shared.edge import ActorScope, UpToDate, page_answer
from views.shared.people import People, technicians

router = APIRouter(tags=["查询 · 签字确认"])
CHECKED = ("late", "second_factor", "certificate_serial", "certificate_issuer")


Queries = Annotated[ConfirmationQueries, Depends(from_state("confirmations"))]


@router.get("/confirmations", dependencies=UpToDate, response_model=ConfirmationPage)
async def confirmations(
    queries: Queries,
    people: Annotated[People, Depends(from_state("people"))],
    actor: ActorDep,
    scope: ActorScope,
    query: Annotated[ConfirmationQuery, Query()],
) -> JSONResponse:
    page = await queries.page(scope, query)
    technician = await technicians(people, actor, page.rows)
    items = [
        answers.confirmation_row(row, page.names, row["contents"]) | technician(row) for row in page.rows
    ]
    return page_answer(page, items)


@router.get("/confirmations/{confirmation_id}", dependencies=UpToDate, response_model=Confirmation)
async def confirmation(confirmation_id: UUID, queries: Queries, scope: ActorScope) -> JSONResponse:
    found = await queries.one(scope, confirmation_id)
    if found is None:
        raise Missing("confirmation")
    return JSONResponse(answers.confirmation(found.row, found.names, found.row["contents"]))


@router.get("/checks/{confirmation_id}", response_model=RecordCheck)
async def check(
    confirmation_id: UUID, query: Annotated[CheckQuery, Query()], queries: Queries
) -> JSONResponse:
    """Whether a printed record is the one that was signed. Public: it says nothing that is not on the paper."""
    row = await queries.check(confirmation_id)
    matches = row is not None and row["sha256"] == query.sha256.lower()
    answer = {
        "known": row is not None,
        "matches": matches,
        "signed_at": row["signed_at"].isoformat() if matches else None,
        **{name: row[name] if matches else None for name in CHECKED},
    }
    return JSONResponse(answer)
