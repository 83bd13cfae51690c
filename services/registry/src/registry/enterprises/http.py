"""Requests about enterprises and their contact."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from qingyuan_runtime.edge.http import Accepted, accepted

from registry.enterprises import handlers
from registry.enterprises.bodies import CorrectEnterpriseBody, RegisterEnterpriseBody
from registry.enterprises.contacts import read_contact
from registry.response_models import StoredContact
from registry.shared.bodies import EndBody, ReasonBody
from registry.shared.dependencies import ActorDep, ContextDep, RepositoryDep
from registry.shared.policy import POLICY

router = APIRouter(prefix="/enterprises", tags=["登记 · 排污单位"])


@router.post("", status_code=202, response_model=Accepted)
async def register_enterprise(
    body: RegisterEnterpriseBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    receipt, notes = await handlers.register(
        repository,
        context,
        particulars=body.particulars,
        contact=body.contact,
        valid_from=body.valid_from,
    )
    return accepted(receipt, notes)


@router.post("/{enterprise_id}/correction", status_code=202, response_model=Accepted)
async def correct_enterprise(
    enterprise_id: UUID, body: CorrectEnterpriseBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    receipt, notes = await handlers.correct(
        repository,
        context,
        enterprise_id,
        particulars=body.particulars,
        contact=body.contact,
        valid_from=body.valid_from,
        reason=body.reason,
    )
    return accepted(receipt, notes)


@router.post("/{enterprise_id}/closing", status_code=202, response_model=Accepted)
async def close_enterprise(
    enterprise_id: UUID, body: EndBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    return accepted(
        await handlers.close(repository, context, enterprise_id, valid_to=body.valid_to, reason=body.reason)
    )


@router.get("/{enterprise_id}/contact", response_model=StoredContact)
async def contact(enterprise_id: UUID, repository: RepositoryDep, actor: ActorDep) -> JSONResponse:
    """The person to call; `{"erased": true}` after an erasure, `{"lost": true}` without its key, `{}` without one."""
    POLICY.require("read-contact", actor)
    _, state = await repository.enterprise(enterprise_id, actor)
    return JSONResponse(await read_contact(repository, enterprise_id, state))


@router.post("/{enterprise_id}/contact-erasure", status_code=202, response_model=Accepted)
async def erase_contact(
    enterprise_id: UUID, body: ReasonBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    """Records the erasure, which hides the contact at once; its key is destroyed because of that record."""
    return accepted(await handlers.erase_contact(repository, context, enterprise_id, reason=body.reason))
