"""Requests of a phone about visits. A body may come at any time, in any order, and more than once."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from qingyuan_events.tasks import SheetRevision
from qingyuan_runtime.edge.http import Accepted, accepted
from qingyuan_runtime.log.handling import CommandContext, handle
from qingyuan_standards.forms import Form, UnknownForm, form

from tasks import policy
from tasks.bodies_visits import (
    AbortBody,
    BackfillBody,
    ObstructionBody,
    OpeningBody,
    PhotoBody,
    SheetBody,
    SheetClaim,
    SignInBody,
    SignOutBody,
)
from tasks.desk import AtDesk, ByAsked, Desk
from tasks.domain.visit import VISIT
from tasks.domain.visit_commands import (
    AbortVisit,
    AddPhoto,
    DeclareBackfill,
    Opening,
    RecordSheet,
    ReportObstruction,
    SignInVisit,
    SignOutVisit,
    VisitCommand,
)

router = APIRouter(prefix="/visits/{visit_id}", tags=["现场运维"])


@router.post("/sign-in", status_code=202, response_model=Accepted)
async def sign_in(visit_id: UUID, body: SignInBody, at: AtDesk, by: ByAsked) -> JSONResponse:
    opening, said = await opening_of(visit_id, body.opening, at, by), body.sign_in
    return await answer(
        at,
        by,
        SignInVisit(opening=opening, claimed_at=said.claimed_at, companions=said.companions, fix=said.fix),
    )


@router.post("/sheets", status_code=202, response_model=Accepted)
async def record_sheet(visit_id: UUID, body: SheetBody, at: AtDesk, by: ByAsked) -> JSONResponse:
    opening = await opening_of(visit_id, body.opening, at, by)
    return await answer(
        at, by, RecordSheet(opening=opening, sheet=_sheet(body.sheet, opening), form=_form(body.sheet))
    )


@router.post("/photos", status_code=202, response_model=Accepted)
async def add_photo(visit_id: UUID, body: PhotoBody, at: AtDesk, by: ByAsked) -> JSONResponse:
    opening = await opening_of(visit_id, body.opening, at, by)
    return await answer(at, by, AddPhoto(opening=opening, photo=body.photo))


@router.post("/sign-out", status_code=202, response_model=Accepted)
async def sign_out(visit_id: UUID, body: SignOutBody, at: AtDesk, by: ByAsked) -> JSONResponse:
    opening, said = await opening_of(visit_id, body.opening, at, by), body.sign_out
    command = SignOutVisit(
        opening=opening,
        claimed_at=said.claimed_at,
        fix=said.fix,
        sheets=said.sheets,
        photos=said.photos,
        signature=said.signature,
    )
    return await answer(at, by, command)


@router.post("/backfill", status_code=202, response_model=Accepted)
async def declare_backfill(visit_id: UUID, body: BackfillBody, at: AtDesk, by: ByAsked) -> JSONResponse:
    opening = await opening_of(visit_id, body.opening, at, by)
    return await answer(
        at,
        by,
        DeclareBackfill(
            opening=opening,
            reason_class=body.reason_class,
            explanation=body.explanation,
            claimed_at=body.claimed_at,
        ),
    )


@router.post("/obstruction", status_code=202, response_model=Accepted)
async def report_obstruction(visit_id: UUID, body: ObstructionBody, at: AtDesk, by: ByAsked) -> JSONResponse:
    opening = await opening_of(visit_id, body.opening, at, by)
    return await answer(
        at, by, ReportObstruction(opening=opening, what=body.what, claimed_at=body.claimed_at)
    )


@router.post("/abort", status_code=202, response_model=Accepted)
async def abort(visit_id: UUID, body: AbortBody, at: AtDesk, by: ByAsked) -> JSONResponse:
    opening = await opening_of(visit_id, body.opening, at, by)
    return await answer(at, by, AbortVisit(opening=opening, reason=body.reason, claimed_at=body.claimed_at))


async def opening_of(visit_id: UUID, said: OpeningBody, at: Desk, by: CommandContext) -> Opening:
    """What the phone said of the visit, with the point and the contract it names. Raises `Missing`."""
    operator_id = policy.operator_of("visit", by.meta.actor)
    contract = await at.contract(said.contract_id, by.meta.actor) if said.contract_id else None
    return Opening(
        visit_id=visit_id,
        operator_id=operator_id,
        place=await at.point(said.point_id),
        contract_id=said.contract_id,
        contract=contract,
        cycles=said.cycles,
        plans=await at.plans(cycle.plan_id for cycle in said.cycles),
        claimed_at=said.claimed_at,
        by=by.meta.actor.account,
        received_at=at.clock(),
    )


async def answer(at: Desk, by: CommandContext, command: VisitCommand) -> JSONResponse:
    stream = VISIT.stream(command.opening.visit_id)
    return accepted(await handle(at.store, VISIT, stream, command, by))


def _sheet(said: SheetClaim, opening: Opening) -> SheetRevision:
    return SheetRevision(
        **dict(said) | {"used": tuple(one.part() for one in said.used)},
        by=opening.by,
        received_at=opening.received_at,
    )


def _form(said: SheetClaim) -> Form | None:
    try:
        return form(said.form, said.form_version)
    except UnknownForm:
        return None
