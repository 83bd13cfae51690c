"""Requests about contracts: an operator says that it has one, its enterprise confirms, declines or ends it."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from qingyuan_runtime.domain.decider import Missing
from qingyuan_runtime.domain.text import Code
from qingyuan_runtime.edge.http import Accepted, accepted, new_id
from qingyuan_runtime.log.handling import handle

from tasks import policy
from tasks.bodies_contracts import (
    ConfirmationBody,
    EndingBody,
    RefusalBody,
    SubmitContractBody,
    SupplementContractBody,
)
from tasks.desk import AtDesk, ByActor, ByAsked, InTheNameOf
from tasks.domain.contract import (
    CONTRACT,
    ConfirmContract,
    DeclineContract,
    EndContract,
    SubmitContract,
    SupplementContract,
)
from tasks.domain.tidying import tidy
from tasks.response_models import Places

router = APIRouter(tags=["运维合同"])


@router.get("/places", response_model=Places)
async def read_places(uscc: Code, at: AtDesk, actor: ByActor) -> JSONResponse:
    """What an enterprise is called, for whoever knows its unified social credit code exactly; the code is public."""
    policy.require("read-places", actor)
    enterprise = await at.places.of_enterprise(uscc=uscc)
    if enterprise is None:
        raise Missing("enterprise")
    return JSONResponse({"enterprise": {"id": str(enterprise.enterprise_id), "name": enterprise.name}})


@router.post("/contracts", status_code=202, response_model=Accepted)
async def submit_contract(
    body: SubmitContractBody, at: AtDesk, by: ByAsked, named: InTheNameOf
) -> JSONResponse:
    """A number is used once at a time: anew only after the enterprise has declined its contract."""
    operator_id = policy.operator_of("write-contract", by.meta.actor)
    contract_id = new_id(by.meta.command_id, CONTRACT.noun)
    operator_name = policy.require_name(named)
    enterprise = await at.enterprise(body.enterprise_id)
    terms, notes = tidy(body.particulars.terms(operator_name, enterprise.name))
    declined = await at.declined_before(contract_id, operator_id, terms.number)
    command = SubmitContract(contract_id, operator_id, enterprise, terms, body.files, declined)
    answer = await handle(at.store, CONTRACT, CONTRACT.stream(contract_id), command, by, begins=True)
    return accepted(answer, notes)


@router.post("/contracts/{contract_id}/supplement", status_code=202, response_model=Accepted)
async def supplement_contract(
    contract_id: UUID, body: SupplementContractBody, at: AtDesk, by: ByAsked
) -> JSONResponse:
    policy.operator_of("write-contract", by.meta.actor)
    await at.contract(contract_id, by.meta.actor)
    command = SupplementContract(contract_id, body.text, body.files)
    return accepted(await handle(at.store, CONTRACT, CONTRACT.stream(contract_id), command, by))


@router.post("/contracts/{contract_id}/confirmation", status_code=202, response_model=Accepted)
async def confirm_contract(
    contract_id: UUID, body: ConfirmationBody, at: AtDesk, by: ByAsked
) -> JSONResponse:
    """The enterprise agrees, and says at which of its points the operator works."""
    enterprise_id = policy.organisation_of("answer-contract", by.meta.actor)
    await at.contract(contract_id, by.meta.actor)
    enterprise = await at.enterprise(enterprise_id)
    is_replaced = await at.is_replaced(contract_id)
    command = ConfirmContract(contract_id, enterprise, body.points, at.today(), is_replaced)
    return accepted(await handle(at.store, CONTRACT, CONTRACT.stream(contract_id), command, by))


@router.post("/contracts/{contract_id}/refusal", status_code=202, response_model=Accepted)
async def decline_contract(contract_id: UUID, body: RefusalBody, at: AtDesk, by: ByAsked) -> JSONResponse:
    policy.organisation_of("answer-contract", by.meta.actor)
    await at.contract(contract_id, by.meta.actor)
    command = DeclineContract(contract_id, body.reason.strip())
    return accepted(await handle(at.store, CONTRACT, CONTRACT.stream(contract_id), command, by))


@router.post("/contracts/{contract_id}/ending", status_code=202, response_model=Accepted)
async def end_contract(contract_id: UUID, body: EndingBody, at: AtDesk, by: ByAsked) -> JSONResponse:
    policy.organisation_of("answer-contract", by.meta.actor)
    await at.contract(contract_id, by.meta.actor)
    command = EndContract(contract_id, body.last_day, body.reason.strip(), at.today())
    return accepted(await handle(at.store, CONTRACT, CONTRACT.stream(contract_id), command, by))
