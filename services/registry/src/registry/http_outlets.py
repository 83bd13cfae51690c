"""Requests about outlets and monitoring points."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from qingyuan_runtime.edge.http import Accepted, accepted, new_id
from qingyuan_runtime.log.handling import handle

from registry import policy
from registry.bodies import AddOutletBody, AddPointBody, CorrectOutletBody, CorrectPointBody, EndBody
from registry.domain.monitoring_point import POINT, AddPoint, ClosePoint, CorrectPoint
from registry.domain.outlet import OUTLET, AddOutlet, CloseOutlet, CorrectOutlet
from registry.domain.tidying import tidy
from registry.http_enterprises import AtDesk, ByAsked

router = APIRouter(tags=["登记 · 排口与测点"])


@router.post("/outlets", status_code=202, response_model=Accepted)
async def add_outlet(body: AddOutletBody, at: AtDesk, by: ByAsked) -> JSONResponse:
    policy.require("write-register", by.meta.actor)
    _, enterprise = await at.enterprise(body.enterprise_id, by.meta.actor)
    outlet_id = new_id(by.meta.command_id, OUTLET.noun)
    particulars, notes = tidy(body.particulars)
    command = AddOutlet(
        outlet_id=outlet_id,
        enterprise_id=body.enterprise_id,
        enterprise_from=enterprise.life.valid_from,
        particulars=particulars,
        valid_from=body.valid_from,
        today=at.today(),
    )
    return accepted(await handle(at.store, OUTLET, OUTLET.stream(outlet_id), command, by, begins=True), notes)


@router.post("/outlets/{outlet_id}/correction", status_code=202, response_model=Accepted)
async def correct_outlet(outlet_id: UUID, body: CorrectOutletBody, at: AtDesk, by: ByAsked) -> JSONResponse:
    policy.require("write-register", by.meta.actor)
    await at.outlet(outlet_id, by.meta.actor)
    particulars, notes = tidy(body.particulars)
    command = CorrectOutlet(
        outlet_id=outlet_id,
        particulars=particulars,
        valid_from=body.valid_from,
        reason=body.reason,
        today=at.today(),
    )
    return accepted(await handle(at.store, OUTLET, OUTLET.stream(outlet_id), command, by), notes)


@router.post("/outlets/{outlet_id}/closing", status_code=202, response_model=Accepted)
async def close_outlet(outlet_id: UUID, body: EndBody, at: AtDesk, by: ByAsked) -> JSONResponse:
    policy.require("write-register", by.meta.actor)
    await at.outlet(outlet_id, by.meta.actor)
    command = CloseOutlet(outlet_id=outlet_id, valid_to=body.valid_to, reason=body.reason, today=at.today())
    return accepted(await handle(at.store, OUTLET, OUTLET.stream(outlet_id), command, by))


@router.post("/points", status_code=202, response_model=Accepted)
async def add_point(body: AddPointBody, at: AtDesk, by: ByAsked) -> JSONResponse:
    policy.require("write-register", by.meta.actor)
    outlet = await at.outlet_of_point(body.outlet_id, by.meta.actor)
    point_id = new_id(by.meta.command_id, POINT.noun)
    particulars, notes = tidy(body.particulars)
    command = AddPoint(
        point_id=point_id,
        outlet=outlet,
        particulars=particulars,
        valid_from=body.valid_from,
        today=at.today(),
    )
    return accepted(await handle(at.store, POINT, POINT.stream(point_id), command, by, begins=True), notes)


@router.post("/points/{point_id}/correction", status_code=202, response_model=Accepted)
async def correct_point(point_id: UUID, body: CorrectPointBody, at: AtDesk, by: ByAsked) -> JSONResponse:
    policy.require("write-register", by.meta.actor)
    point = await at.point(point_id, by.meta.actor)
    outlet = await at.outlet_of_point(point.outlet_id, by.meta.actor)
    particulars, notes = tidy(body.particulars)
    command = CorrectPoint(
        point_id=point_id,
        outlet=outlet,
        particulars=particulars,
        valid_from=body.valid_from,
        reason=body.reason,
        today=at.today(),
    )
    return accepted(await handle(at.store, POINT, POINT.stream(point_id), command, by), notes)


@router.post("/points/{point_id}/closing", status_code=202, response_model=Accepted)
async def close_point(point_id: UUID, body: EndBody, at: AtDesk, by: ByAsked) -> JSONResponse:
    policy.require("write-register", by.meta.actor)
    await at.point(point_id, by.meta.actor)
    command = ClosePoint(point_id=point_id, valid_to=body.valid_to, reason=body.reason, today=at.today())
    return accepted(await handle(at.store, POINT, POINT.stream(point_id), command, by))
