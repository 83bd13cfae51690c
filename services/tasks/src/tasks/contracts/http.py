"""Requests about contracts: an operator says that it has one, its enterprise confirms, declines or ends it."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from qingyuan_runtime.domain.decider import Missing
from qingyuan_runtime.domain.text import Code
from qingyuan_runtime.edge.http import Accepted, accepted

from tasks.contracts import handlers
from tasks.contracts.bodies import (
    ConfirmationBody,
    EndingBody,
    RefusalBody,
    SubmitContractBody,
    SupplementContractBody,
)
from tasks.response_models import Places
from tasks.shared import policy
from tasks.shared.dependencies import ActorDep, ContextDep, OrganisationNameDep, RepositoryDep

router = APIRouter(tags=["运维合同"])


@router.get("/places", response_model=Places)
async def read_places(uscc: Code, repository: RepositoryDep, actor: ActorDep) -> JSONResponse:
    """What an enterprise is called, for whoever knows its unified social credit code exactly; the code is public."""
    policy.POLICY.require("read-places", actor)
    enterprise = await repository.register.enterprise_of(uscc=uscc)
    if enterprise is None:
        raise Missing("enterprise")
    return JSONResponse({"enterprise": {"id": str(enterprise.enterprise_id), "name": enterprise.name}})


@router.post("/contracts", status_code=202, response_model=Accepted)
async def submit_contract(
    body: SubmitContractBody,
    repository: RepositoryDep,
    context: ContextDep,
    organisation: OrganisationNameDep,
) -> JSONResponse:
    """A contract number can be used again only after the enterprise has declined the contract that has it."""
    receipt, notes = await handlers.submit(
        repository,
        context,
        enterprise_id=body.enterprise_id,
        operator_name=organisation,
        particulars=body.particulars,
        files=body.files,
    )
    return accepted(receipt, notes)


@router.post("/contracts/{contract_id}/supplement", status_code=202, response_model=Accepted)
async def supplement_contract(
    contract_id: UUID, body: SupplementContractBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    return accepted(
        await handlers.supplement(repository, context, contract_id, text=body.text, files=body.files)
    )


@router.post("/contracts/{contract_id}/confirmation", status_code=202, response_model=Accepted)
async def confirm_contract(
    contract_id: UUID, body: ConfirmationBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    """The enterprise agrees, and says at which of its points the operator works."""
    return accepted(await handlers.confirm(repository, context, contract_id, points=body.points))


@router.post("/contracts/{contract_id}/refusal", status_code=202, response_model=Accepted)
async def decline_contract(
    contract_id: UUID, body: RefusalBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    return accepted(await handlers.decline(repository, context, contract_id, reason=body.reason))


@router.post("/contracts/{contract_id}/ending", status_code=202, response_model=Accepted)
async def end_contract(
    contract_id: UUID, body: EndingBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    return accepted(
        await handlers.end(repository, context, contract_id, last_day=body.last_day, reason=body.reason)
    )
