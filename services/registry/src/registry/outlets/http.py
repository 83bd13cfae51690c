"""Requests about outlets."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from qingyuan_runtime.edge.http import Accepted, accepted

from registry.outlets import handlers
from registry.outlets.bodies import AddOutletBody, CorrectOutletBody
from registry.shared.bodies import EndBody, ReasonBody
from registry.shared.dependencies import ContextDep, RepositoryDep

router = APIRouter(prefix="/outlets", tags=["登记 · 排口与测点"])


@router.post("", status_code=202, response_model=Accepted)
async def add_outlet(body: AddOutletBody, repository: RepositoryDep, context: ContextDep) -> JSONResponse:
    receipt, notes = await handlers.add(
        repository,
        context,
        enterprise_id=body.enterprise_id,
        particulars=body.particulars,
        valid_from=body.valid_from,
    )
    return accepted(receipt, notes)


@router.post("/{outlet_id}/correction", status_code=202, response_model=Accepted)
async def correct_outlet(
    outlet_id: UUID, body: CorrectOutletBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    receipt, notes = await handlers.correct(
        repository,
        context,
        outlet_id,
        particulars=body.particulars,
        valid_from=body.valid_from,
        reason=body.reason,
    )
    return accepted(receipt, notes)


@router.post("/{outlet_id}/closing", status_code=202, response_model=Accepted)
async def close_outlet(
    outlet_id: UUID, body: EndBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    return accepted(
        await handlers.close(repository, context, outlet_id, valid_to=body.valid_to, reason=body.reason)
    )


@router.post("/{outlet_id}/voiding", status_code=202, response_model=Accepted)
async def void_outlet(
    outlet_id: UUID, body: ReasonBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    """It was registered by mistake: it holds on no day and gives its code back; 409 `children.not-voided` while it has
    a point that is not voided."""
    return accepted(await handlers.void(repository, context, outlet_id, reason=body.reason))
