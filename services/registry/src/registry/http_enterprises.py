"""Requests about enterprises and their contact."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from qingyuan_events import Actor, Personal
from qingyuan_events.registry import EnterpriseCorrected, EnterpriseRegistered
from qingyuan_runtime.decider import Refused
from qingyuan_runtime.handling import Asked, handle
from qingyuan_runtime.http import Accepted, accepted, acting, asked, new_id
from qingyuan_runtime.privacy import Erased, Place, open_, seal

from registry import policy
from registry.bodies import Contact, CorrectEnterpriseBody, EndBody, ReasonBody, RegisterEnterpriseBody
from registry.desk import Desk
from registry.domain.enterprise import (
    ENTERPRISE,
    CloseEnterprise,
    CorrectEnterprise,
    EraseContact,
    RegisterEnterprise,
)
from registry.domain.tidying import tidy

router = APIRouter(prefix="/enterprises", tags=["登记 · 排污单位"])
ByActor = Annotated[Actor, Depends(acting)]
ByAsked = Annotated[Asked, Depends(asked)]


async def desk(request: Request) -> Desk:
    found: Desk = request.app.state.desk
    return found


AtDesk = Annotated[Desk, Depends(desk)]


@router.post("", status_code=202, response_model=Accepted)
async def register_enterprise(body: RegisterEnterpriseBody, at: AtDesk, by: ByAsked) -> JSONResponse:
    policy.require("register-enterprise", by.meta.actor)
    enterprise_id = new_id(by.meta.command_id, ENTERPRISE.noun)
    particulars, notes = tidy(body.particulars)
    command = RegisterEnterprise(
        enterprise_id,
        particulars,
        await _sealed(at, enterprise_id, 1, body.contact),
        body.valid_from,
        at.today(),
    )
    answer = await handle(at.store, ENTERPRISE, ENTERPRISE.stream(enterprise_id), command, by, begins=True)
    return accepted(answer, notes)


@router.post("/{enterprise_id}/correction", status_code=202, response_model=Accepted)
async def correct_enterprise(
    enterprise_id: UUID, body: CorrectEnterpriseBody, at: AtDesk, by: ByAsked
) -> JSONResponse:
    policy.require("correct-enterprise", by.meta.actor)
    version, _ = await at.enterprise(enterprise_id, by.meta.actor)
    particulars, notes = tidy(body.particulars)
    base = version if by.expected is None else by.expected
    command = CorrectEnterprise(
        enterprise_id,
        particulars,
        await _sealed(at, enterprise_id, base + 1, body.contact),
        body.valid_from,
        body.reason,
        at.today(),
    )
    # A contact is sealed for one version, so this command must land on it or not at all.
    exact = Asked(by.meta, by.fingerprint, base)
    answer = await handle(at.store, ENTERPRISE, ENTERPRISE.stream(enterprise_id), command, exact)
    return accepted(answer, notes)


@router.post("/{enterprise_id}/closing", status_code=202, response_model=Accepted)
async def close_enterprise(enterprise_id: UUID, body: EndBody, at: AtDesk, by: ByAsked) -> JSONResponse:
    policy.require("close-enterprise", by.meta.actor)
    await at.enterprise(enterprise_id, by.meta.actor)
    command = CloseEnterprise(enterprise_id, body.valid_to, body.reason, at.today())
    return accepted(await handle(at.store, ENTERPRISE, ENTERPRISE.stream(enterprise_id), command, by))


@router.get("/{enterprise_id}/contact")
async def read_contact(enterprise_id: UUID, at: AtDesk, actor: ByActor) -> JSONResponse:
    """The person to call; `{"erased": true}` after an erasure, `{}` when none was given."""
    policy.require("read-contact", actor)
    await at.enterprise(enterprise_id, actor)
    found = await _latest_contact(at, enterprise_id)
    if found is None:
        return JSONResponse({})
    personal, place = found
    try:
        return JSONResponse(await open_(at.keys, personal, place))
    except Erased:
        return JSONResponse({"erased": True})


@router.post("/{enterprise_id}/contact-erasure", status_code=202, response_model=Accepted)
async def erase_contact(enterprise_id: UUID, body: ReasonBody, at: AtDesk, by: ByAsked) -> JSONResponse:
    """The key goes first: if the fact is not recorded, a retry finds the key gone and records it."""
    policy.require("erase-contact", by.meta.actor)
    await at.enterprise(enterprise_id, by.meta.actor)
    await at.keys.erase(_subject(enterprise_id))
    command = EraseContact(enterprise_id, _subject(enterprise_id), body.reason)
    return accepted(await handle(at.store, ENTERPRISE, ENTERPRISE.stream(enterprise_id), command, by))


def _subject(enterprise_id: UUID) -> UUID:
    return new_id(enterprise_id, "contact")


async def _sealed(at: Desk, enterprise_id: UUID, version: int, contact: Contact | None) -> Personal | None:
    if contact is None:
        return None
    place = Place(ENTERPRISE.stream(enterprise_id), version, "contact")
    try:
        return await seal(at.keys, _subject(enterprise_id), place, contact.model_dump())
    except Erased as erased:
        raise Refused("contact.erased", "该单位的联系人信息已被永久删除，不能再登记。") from erased


async def _latest_contact(at: Desk, enterprise_id: UUID) -> tuple[Personal, Place] | None:
    stream = ENTERPRISE.stream(enterprise_id)
    for recorded in reversed(await at.store.read(stream)):
        fact = recorded.fact
        if isinstance(fact, EnterpriseRegistered | EnterpriseCorrected) and fact.contact:
            return fact.contact, Place(stream, recorded.version, "contact")
    return None
