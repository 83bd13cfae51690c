"""Requests of a regulator who reviews filings."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from qingyuan_runtime.edge.http import Accepted, accepted

from filing.domain.filings.commands import CancelFiling, LockFiling, Reactivate
from filing.filings import handlers, passing
from filing.filings.bodies import OpeningBody, PassingBody, ReviewBody
from filing.response_models import PassedFilings
from filing.shared.bodies import ReasonBody
from filing.shared.dependencies import ContextDep, RepositoryDep

router = APIRouter(prefix="/filings/{operator_id}", tags=["备案 · 审核"])
of_several = APIRouter(prefix="/filings", tags=["备案 · 审核"])


@of_several.post("/passing", response_model=PassedFilings)
async def pass_filings(body: PassingBody, repository: RepositoryDep, context: ContextDep) -> JSONResponse:
    """All that these filings hand in passes the review at `stage`, of each by itself, and only what the reviewer has opened
    at that stage. What was returned before is reviewed alone."""
    items = await passing.pass_several(repository, context, body.stage, body.filings)
    return JSONResponse({"items": [item.model_dump(mode="json") for item in items]})


@router.post("/opening", status_code=202, response_model=Accepted)
async def open_review(
    operator_id: UUID, body: OpeningBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    """The reviewer has opened the submission; recorded once at each review. Nobody answers what they have not opened."""
    return accepted(await handlers.open_review(repository, context, operator_id, number=body.number))


@router.post("/first-review", status_code=202, response_model=Accepted)
async def first_review(
    operator_id: UUID, body: ReviewBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    """初审: of the basics. Without resources to review, passing it files them at once."""
    return accepted(await handlers.review(repository, context, operator_id, "first", **dict(body)))


@router.post("/second-review", status_code=202, response_model=Accepted)
async def second_review(
    operator_id: UUID, body: ReviewBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    """二审: of people, devices, vehicles and spare parts. What has no remark in a return needs no second look."""
    return accepted(await handlers.review(repository, context, operator_id, "second", **dict(body)))


@router.post("/lock", status_code=202, response_model=Accepted)
async def lock_filing(
    operator_id: UUID, body: ReasonBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    command = LockFiling(reason=body.reason)
    return accepted(await handlers.decide_standing(repository, context, operator_id, command))


@router.post("/reactivation", status_code=202, response_model=Accepted)
async def reactivate_filing(
    operator_id: UUID, body: ReasonBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    """Of a locked filing whose operator has asked for it."""
    command = Reactivate(reason=body.reason)
    return accepted(await handlers.decide_standing(repository, context, operator_id, command))


@router.post("/revocation", status_code=202, response_model=Accepted)
async def revoke_filing(
    operator_id: UUID, body: ReasonBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    command = CancelFiling(revoked=True, reason=body.reason)
    return accepted(await handlers.decide_standing(repository, context, operator_id, command))
