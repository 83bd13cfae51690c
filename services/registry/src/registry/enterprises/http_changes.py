"""Requested changes of an enterprise's identity (name, credit code, district): confirmed, refused or withdrawn."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from qingyuan_runtime.edge.http import Accepted, accepted

from registry.enterprises import handlers
from registry.shared.bodies import ReasonBody
from registry.shared.dependencies import ContextDep, RepositoryDep

router = APIRouter(prefix="/enterprises/{enterprise_id}/changes/{request_id}", tags=["登记 · 变更申请"])


@router.post("/confirmation", status_code=202, response_model=Accepted)
async def confirm(
    enterprise_id: UUID, request_id: UUID, body: ReasonBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    """The correction takes effect with it. A move to another district is for the city or an administrator."""
    receipt = await handlers.decide_change(
        repository, context, enterprise_id, request_id=request_id, confirmed=True, reason=body.reason
    )
    return accepted(receipt)


@router.post("/refusal", status_code=202, response_model=Accepted)
async def refuse(
    enterprise_id: UUID, request_id: UUID, body: ReasonBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    receipt = await handlers.decide_change(
        repository, context, enterprise_id, request_id=request_id, confirmed=False, reason=body.reason
    )
    return accepted(receipt)


@router.post("/withdrawal", status_code=202, response_model=Accepted)
async def withdraw(
    enterprise_id: UUID, request_id: UUID, body: ReasonBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    """The enterprise takes its own request back while nobody has answered it."""
    receipt = await handlers.withdraw_change(
        repository, context, enterprise_id, request_id=request_id, reason=body.reason
    )
    return accepted(receipt)
