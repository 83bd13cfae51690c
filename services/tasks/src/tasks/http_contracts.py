"""Requests of operators about their contracts, and the places a contract can be about."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from qingyuan_runtime.decider import Missing
from qingyuan_runtime.handling import handle
from qingyuan_runtime.http import Accepted, accepted, new_id

from tasks import policy
from tasks.bodies_contracts import SubmitContractBody, SupplementContractBody
from tasks.desk import AtDesk, ByActor, ByAsked
from tasks.domain.contract import CONTRACT, SubmitContract, SupplementContract
from tasks.domain.tidying import tidy
from tasks.places import Place

router = APIRouter(tags=["运维合同"])


@router.get("/places")
async def read_places(uscc: str, at: AtDesk, actor: ByActor) -> JSONResponse:
    """An enterprise and its open points, for whoever knows its unified social credit code exactly."""
    policy.require("read-places", actor)
    enterprise = await at.places.of_enterprise(uscc=uscc)
    if enterprise is None:
        raise Missing("enterprise")
    points = [_plain(place) for place in enterprise.points if place.is_open(at.today())]
    about = {
        "id": str(enterprise.enterprise_id),
        "name": enterprise.name,
        "uscc": enterprise.uscc,
        "district": enterprise.district,
    }
    return JSONResponse({"enterprise": about, "points": points})


def _plain(place: Place) -> dict[str, object]:
    location = {"location": place.location.model_dump(mode="json")} if place.location else {}
    return {
        "id": str(place.point_id),
        "code": place.code,
        "name": place.name,
        "medium": place.medium,
        "outlet_id": str(place.outlet_id),
        "factors": list(place.factors),
        **location,
    }


@router.post("/contracts", status_code=202, response_model=Accepted)
async def submit_contract(body: SubmitContractBody, at: AtDesk, by: ByAsked) -> JSONResponse:
    operator_id = policy.operator_of("write-contract", by.meta.actor)
    contract_id = new_id(by.meta.command_id, CONTRACT.noun)
    particulars, notes = tidy(body.particulars)
    enterprise = await at.enterprise(body.enterprise_id)
    command = SubmitContract(contract_id, operator_id, enterprise, particulars, body.files, at.today())
    answer = await handle(at.store, CONTRACT, CONTRACT.stream(contract_id), command, by, begins=True)
    return accepted(answer, notes)


@router.post("/contracts/{contract_id}/supplement", status_code=202, response_model=Accepted)
async def supplement_contract(
    contract_id: UUID, body: SupplementContractBody, at: AtDesk, by: ByAsked
) -> JSONResponse:
    operator_id = policy.operator_of("write-contract", by.meta.actor)
    await at.contract(contract_id, operator_id)
    command = SupplementContract(contract_id, body.text.strip(), body.files)
    return accepted(await handle(at.store, CONTRACT, CONTRACT.stream(contract_id), command, by))
