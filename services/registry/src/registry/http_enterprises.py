"""Requests about enterprises and their contact."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from qingyuan_events import Actor
from qingyuan_runtime.edge.http import Accepted, accepted, command_context, current_actor, new_id
from qingyuan_runtime.log.handling import CommandContext, VersionMismatch, handle

from registry import policy
from registry.bodies import CorrectEnterpriseBody, EndBody, ReasonBody, RegisterEnterpriseBody
from registry.contacts import read_contact, with_contact
from registry.desk import Desk
from registry.domain.enterprise import (
    ENTERPRISE,
    CloseEnterprise,
    CorrectEnterprise,
    EraseContact,
    RegisterEnterprise,
)
from registry.domain.identity import requested_fields
from registry.domain.tidying import tidy
from registry.response_models import StoredContact

router = APIRouter(prefix="/enterprises", tags=["登记 · 排污单位"])
ByActor = Annotated[Actor, Depends(current_actor)]
ByAsked = Annotated[CommandContext, Depends(command_context)]


async def desk(request: Request) -> Desk:
    found: Desk = request.app.state.desk
    return found


AtDesk = Annotated[Desk, Depends(desk)]


@router.post("", status_code=202, response_model=Accepted)
async def register_enterprise(body: RegisterEnterpriseBody, at: AtDesk, by: ByAsked) -> JSONResponse:
    policy.require("register-enterprise", by.meta.actor)
    if earlier := await at.store.receipt(by.meta.command_id, by.fingerprint):
        return accepted(earlier)
    enterprise_id = new_id(by.meta.command_id, ENTERPRISE.noun)
    particulars, notes = tidy(body.particulars)
    plain = RegisterEnterprise(enterprise_id, particulars, None, body.valid_from, at.today())
    nothing = (0, ENTERPRISE.initial)
    command = await with_contact(at, plain, nothing, body.contact, by.meta.command_id)
    answer = await handle(at.store, ENTERPRISE, ENTERPRISE.stream(enterprise_id), command, by, begins=True)
    return accepted(answer, notes)


@router.post("/{enterprise_id}/correction", status_code=202, response_model=Accepted)
async def correct_enterprise(
    enterprise_id: UUID, body: CorrectEnterpriseBody, at: AtDesk, by: ByAsked
) -> JSONResponse:
    policy.require("correct-enterprise", by.meta.actor)
    version, state = await at.enterprise(enterprise_id, by.meta.actor)
    if earlier := await at.store.receipt(by.meta.command_id, by.fingerprint):
        return accepted(earlier)
    if by.expected not in (None, version):
        raise VersionMismatch(ENTERPRISE.stream(enterprise_id), version)
    particulars, notes = tidy(body.particulars)
    request_id = None if policy.changes_by_itself(by.meta.actor) else new_id(by.meta.command_id, "change")
    plain = CorrectEnterprise(
        enterprise_id, particulars, None, body.valid_from, body.reason, at.today(), request_id
    )
    if request_id and state.life.particulars:
        notes = (*notes, *requested_fields(state.life.particulars, particulars))
    command = await with_contact(at, plain, (version, state), body.contact, by.meta.command_id)
    # A contact is sealed for one version, so this command must land on it or not at all.
    exact = CommandContext(by.meta, by.fingerprint, version)
    answer = await handle(at.store, ENTERPRISE, ENTERPRISE.stream(enterprise_id), command, exact)
    return accepted(answer, notes)


@router.post("/{enterprise_id}/closing", status_code=202, response_model=Accepted)
async def close_enterprise(enterprise_id: UUID, body: EndBody, at: AtDesk, by: ByAsked) -> JSONResponse:
    policy.require("close-enterprise", by.meta.actor)
    await at.enterprise(enterprise_id, by.meta.actor)
    command = CloseEnterprise(enterprise_id, body.valid_to, body.reason, at.today())
    return accepted(await handle(at.store, ENTERPRISE, ENTERPRISE.stream(enterprise_id), command, by))


@router.get("/{enterprise_id}/contact", response_model=StoredContact)
async def contact(enterprise_id: UUID, at: AtDesk, actor: ByActor) -> JSONResponse:
    """The person to call; `{"erased": true}` after an erasure, `{"lost": true}` without its key, `{}` without one."""
    policy.require("read-contact", actor)
    _, state = await at.enterprise(enterprise_id, actor)
    return JSONResponse(await read_contact(at, enterprise_id, state))


@router.post("/{enterprise_id}/contact-erasure", status_code=202, response_model=Accepted)
async def erase_contact(enterprise_id: UUID, body: ReasonBody, at: AtDesk, by: ByAsked) -> JSONResponse:
    """Records the erasure, which hides the contact at once; `erasing` destroys the key because of it."""
    policy.require("erase-contact", by.meta.actor)
    await at.enterprise(enterprise_id, by.meta.actor)
    command = EraseContact(enterprise_id, body.reason)
    return accepted(await handle(at.store, ENTERPRISE, ENTERPRISE.stream(enterprise_id), command, by))
