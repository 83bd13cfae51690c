"""Requests about people, devices, vehicles and spare parts."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from qingyuan_runtime.edge.http import Accepted, accepted

from filing.domain.resources.decider import RESOURCE
from filing.resources import handlers
from filing.resources.bodies import (
    AddResourceBody,
    CorrectResourceBody,
    EndResourceBody,
    RenewPaperBody,
    RevokePaperBody,
)
from filing.response_models import Names
from filing.shared.dependencies import ContextDep, NamedToDep, RepositoryDep

router = APIRouter(tags=["备案 · 人员、设备、车辆、备品备件"])


@router.post("/resources", status_code=202, response_model=Accepted)
async def add_resource(body: AddResourceBody, repository: RepositoryDep, context: ContextDep) -> JSONResponse:
    """409 `certificate-number.taken`, `plate.taken` or `device-serial.taken` where another resource has it.

    `notes`: running contracts that the lease of a vehicle does not cover; it is stored, and cannot be handed in.
    """
    receipt = await handlers.add(
        repository,
        context,
        particulars=body.particulars,
        name=body.name,
        changed_on=body.changed_on,
        evidence=body.evidence,
    )
    resource_id = UUID(receipt.stream.removeprefix(f"{RESOURCE.noun}-"))
    return accepted(receipt, await handlers.lease_notes(repository, context.meta.actor, resource_id))


@router.post("/resources/{resource_id}/correction", status_code=202, response_model=Accepted)
async def correct_resource(
    resource_id: UUID, body: CorrectResourceBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    receipt = await handlers.correct(
        repository,
        context,
        resource_id,
        particulars=body.particulars,
        name=body.name,
        changed_on=body.changed_on,
        reason=body.reason,
        evidence=body.evidence,
    )
    return accepted(receipt, await handlers.lease_notes(repository, context.meta.actor, resource_id))


@router.post("/resources/{resource_id}/papers", status_code=202, response_model=Accepted)
async def renew_paper(
    resource_id: UUID, body: RenewPaperBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    """A new paper, in place of one that it has or beside it."""
    receipt = await handlers.renew(
        repository,
        context,
        resource_id,
        paper=body.paper,
        replaces=body.replaces,
        changed_on=body.changed_on,
        evidence=body.evidence,
    )
    is_lease = body.paper.kind == "lease"
    actor = context.meta.actor
    notes = await handlers.lease_notes(repository, actor, resource_id, renewed=True) if is_lease else ()
    return accepted(receipt, notes)


@router.post(
    "/resources/{resource_id}/papers/{paper_id}/revocation", status_code=202, response_model=Accepted
)
async def revoke_paper(
    resource_id: UUID,
    paper_id: UUID,
    body: RevokePaperBody,
    repository: RepositoryDep,
    context: ContextDep,
) -> JSONResponse:
    """A regulator declares a paper void from a day on, perhaps one in the past."""
    receipt = await handlers.revoke(
        repository, context, resource_id, paper_id, first_day=body.first_day, reason=body.reason
    )
    return accepted(receipt)


@router.post("/resources/{resource_id}/ending", status_code=202, response_model=Accepted)
async def end_resource(
    resource_id: UUID, body: EndResourceBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    receipt = await handlers.end(repository, context, resource_id, last_day=body.last_day, reason=body.reason)
    return accepted(receipt)


@router.get("/filings/{operator_id}/names", response_model=Names)
async def read_names(operator_id: UUID, repository: RepositoryDep, actor: NamedToDep) -> JSONResponse:
    """The names of its people, for the operator itself and for regulators."""
    return JSONResponse({"items": await handlers.names(repository, actor, operator_id)})
