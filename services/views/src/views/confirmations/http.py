"""The questions about confirmations over HTTP: GET only, each under the asker's scope but for the public check."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse
from qingyuan_runtime.domain.decider import Missing

from views.confirmations import answers
from views.confirmations.queries import ConfirmationQueries
from views.confirmations.query_models import CheckQuery, ConfirmationQuery
from views.confirmations.response_models import Confirmation, ConfirmationPage, RecordCheck
from views.shared.edge import Seen, Sees

router = APIRouter(tags=["查询 · 签字确认"])


async def queries(request: Request) -> ConfirmationQueries:
    found: ConfirmationQueries = request.app.state.confirmations
    return found


At = Annotated[ConfirmationQueries, Depends(queries)]


@router.get("/confirmations", dependencies=Seen, response_model=ConfirmationPage)
async def confirmations(at: At, sees: Sees, asked: Annotated[ConfirmationQuery, Query()]) -> JSONResponse:
    page = await at.page(sees, asked)
    items = [answers.confirmation_row(row, page.names, row["contents"]) for row in page.rows]
    return JSONResponse({"items": items, "next": page.following})


@router.get("/confirmations/{confirmation_id}", dependencies=Seen, response_model=Confirmation)
async def confirmation(confirmation_id: UUID, at: At, sees: Sees) -> JSONResponse:
    found = await at.one(sees, confirmation_id)
    if found is None:
        raise Missing("confirmation")
    return JSONResponse(answers.confirmation(found.row, found.names, found.row["contents"]))


@router.get("/checks/{confirmation_id}", response_model=RecordCheck)
async def check(confirmation_id: UUID, asked: Annotated[CheckQuery, Query()], at: At) -> JSONResponse:
    """Whether a printed record is the one that was signed. Public: it says nothing that is not on the paper."""
    row = await at.check(confirmation_id)
    matches = row is not None and row["sha256"] == asked.sha256.lower()
    answer = {
        "known": row is not None,
        "matches": matches,
        "signed_at": row["signed_at"].isoformat() if matches else None,
        "late": row["late"] if matches else None,
    }
    return JSONResponse(answer)
