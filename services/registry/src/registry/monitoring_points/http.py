"""Requests about monitoring points."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from qingyuan_runtime.edge.http import Accepted, accepted

from registry.monitoring_points import handlers
from registry.monitoring_points.bodies import AddPointBody, CorrectPointBody
from registry.shared.bodies import EndBody, ReasonBody
from registry.shared.dependencies import ContextDep, RepositoryDep

router = APIRouter(prefix="/points", tags=["登记 · 排口与测点"])


@router.post("", status_code=202, response_model=Accepted)
async def add_point(body: AddPointBody, repository: RepositoryDep, context: ContextDep) -> JSONResponse:
    receipt, notes = await handlers.add(
        repository,
        context,
        outlet_id=body.outlet_id,
        particulars=body.particulars,
        valid_from=body.valid_from,
    )
    return accepted(receipt, notes)


@router.post("/{point_id}/correction", status_code=202, response_model=Accepted)
async def correct_point(
    point_id: UUID, body: CorrectPointBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    receipt, notes = await handlers.correct(
        repository,
        context,
        point_id,
        particulars=body.particulars,
        valid_from=body.valid_from,
        reason=body.reason,
    )
    return accepted(receipt, notes)


@router.post("/{point_id}/closing", status_code=202, response_model=Accepted)
async def close_point(
    point_id: UUID, body: EndBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    return accepted(
        await handlers.close(repository, context, point_id, valid_to=body.valid_to, reason=body.reason)
    )


@router.post("/{point_id}/voiding", status_code=202, response_model=Accepted)
async def void_point(
    point_id: UUID, body: ReasonBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    """It was registered by mistake: it holds on no day and gives its code and MN number back; 409 `children.not-voided` while it has
    an instrument that is not voided."""
    return accepted(await handlers.void(repository, context, point_id, reason=body.reason))
