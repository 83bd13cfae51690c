"""The questions about confirmations over HTTP: GET only, each under the asker's scope but for the public check."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse
from qingyuan_runtime.domain.bounds import Day
from qingyuan_runtime.domain.decider import Missing
from qingyuan_runtime.domain.text import Code

from views.confirmations import answers
from views.confirmations.queries import ConfirmationFilter, ConfirmationQueries
from views.shared.edge import After, ConfirmationFigure, From, Limit, Seen, Sees, To

router = APIRouter(tags=["查询 · 签字确认"])


async def queries(request: Request) -> ConfirmationQueries:
    found: ConfirmationQueries = request.app.state.confirmations
    return found


async def wanted(
    state: ConfirmationFigure | None = None,
    day: Day | None = None,
    first_day: From = None,
    last_day: To = None,
    enterprise_id: UUID | None = None,
    operator_id: UUID | None = None,
    district: Code | None = None,
) -> ConfirmationFilter:
    return ConfirmationFilter(state, day or first_day, day or last_day, enterprise_id, operator_id, district)


At = Annotated[ConfirmationQueries, Depends(queries)]
Wanted = Annotated[ConfirmationFilter, Depends(wanted)]


@router.get("/confirmations", dependencies=Seen)
async def confirmations(
    at: At, sees: Sees, wanted: Wanted, limit: Limit = 50, after: After = None
) -> JSONResponse:
    page = await at.page(sees, wanted, limit, after)
    items = [answers.confirmation_row(row, page.names, row["contents"]) for row in page.rows]
    return JSONResponse({"items": items, "next": page.following})


@router.get("/confirmations/{confirmation_id}", dependencies=Seen)
async def confirmation(confirmation_id: UUID, at: At, sees: Sees) -> JSONResponse:
    found = await at.one(sees, confirmation_id)
    if found is None:
        raise Missing("confirmation")
    return JSONResponse(answers.confirmation(found.row, found.names, found.row["contents"]))


Sha256 = Annotated[str, Query(pattern="^[0-9a-fA-F]{64}$")]


@router.get("/checks/{confirmation_id}")
async def check(confirmation_id: UUID, sha256: Sha256, at: At) -> JSONResponse:
    """Whether a printed record is the one that was signed. Public: it says nothing that is not on the paper."""
    row = await at.check(confirmation_id)
    matches = row is not None and row["sha256"] == sha256.lower()
    answer = {
        "known": row is not None,
        "matches": matches,
        "signed_at": row["signed_at"].isoformat() if matches else None,
        "late": row["late"] if matches else None,
    }
    return JSONResponse(answer)
