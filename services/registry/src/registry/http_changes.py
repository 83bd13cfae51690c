"""Requests to change what an enterprise is known by, and their answers."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from qingyuan_runtime.edge.http import Accepted, accepted
from qingyuan_runtime.log.handling import CommandContext, handle

from registry import policy
from registry.bodies import ReasonBody
from registry.desk import Desk
from registry.domain.change import DecideChange, WithdrawChange
from registry.domain.enterprise import ENTERPRISE, EnterpriseState
from registry.http_enterprises import AtDesk, ByAsked

router = APIRouter(prefix="/enterprises/{enterprise_id}/changes/{request_id}", tags=["登记 · 变更申请"])


@router.post("/confirmation", status_code=202, response_model=Accepted)
async def confirm(
    enterprise_id: UUID, request_id: UUID, body: ReasonBody, at: AtDesk, by: ByAsked
) -> JSONResponse:
    """The correction takes effect with it. A move to another district is for the city or an administrator."""
    policy.require("decide-change", by.meta.actor)
    _, state = await at.enterprise(enterprise_id, by.meta.actor)
    if _moves(state, request_id):
        policy.require_whole_city(by.meta.actor)
    return await _decided(
        DecideChange(
            enterprise_id=enterprise_id,
            request_id=request_id,
            confirmed=True,
            reason=body.reason,
            today=at.today(),
        ),
        at,
        by,
    )


@router.post("/refusal", status_code=202, response_model=Accepted)
async def refuse(
    enterprise_id: UUID, request_id: UUID, body: ReasonBody, at: AtDesk, by: ByAsked
) -> JSONResponse:
    policy.require("decide-change", by.meta.actor)
    await at.enterprise(enterprise_id, by.meta.actor)
    return await _decided(
        DecideChange(
            enterprise_id=enterprise_id,
            request_id=request_id,
            confirmed=False,
            reason=body.reason,
            today=at.today(),
        ),
        at,
        by,
    )


@router.post("/withdrawal", status_code=202, response_model=Accepted)
async def withdraw(
    enterprise_id: UUID, request_id: UUID, body: ReasonBody, at: AtDesk, by: ByAsked
) -> JSONResponse:
    """The enterprise takes its own request back while nobody has answered it."""
    policy.require("withdraw-change", by.meta.actor)
    await at.enterprise(enterprise_id, by.meta.actor)
    return await _decided(
        WithdrawChange(enterprise_id=enterprise_id, request_id=request_id, reason=body.reason), at, by
    )


async def _decided(command: DecideChange | WithdrawChange, at: Desk, by: CommandContext) -> JSONResponse:
    stream = ENTERPRISE.stream(command.enterprise_id)
    return accepted(await handle(at.store, ENTERPRISE, stream, command, by))


def _moves(state: EnterpriseState, request_id: UUID) -> bool:
    pending, present = state.pending, state.life.particulars
    if pending is None or present is None or pending.request.request_id != request_id:
        return False
    return pending.moves(present)
