"""Requests of a phone about visits. A body may come at any time, in any order, and more than once."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from qingyuan_events.tasks import SheetRevisionV3
from qingyuan_runtime.edge.http import Accepted, accepted
from qingyuan_runtime.log.handling import CommandContext

from tasks.domain.visits.commands import (
    AbortVisit,
    AddPhoto,
    DeclareBackfill,
    Opening,
    RecordSheet,
    ReportObstruction,
    SignInVisit,
    SignOutVisit,
)
from tasks.shared.dependencies import ContextDep, RepositoryDep
from tasks.shared.repository import Repository
from tasks.visits import handlers
from tasks.visits.bodies import (
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

router = APIRouter(prefix="/visits/{visit_id}", tags=["现场运维"])


@router.post("/sign-in", status_code=202, response_model=Accepted)
async def sign_in(
    visit_id: UUID, body: SignInBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    command = SignInVisit(
        opening=await opening_of(repository, context, visit_id, body.opening),
        claimed_at=body.sign_in.claimed_at,
        companions=body.sign_in.companions,
        fix=body.sign_in.fix,
    )
    return accepted(await handlers.carry_out(repository, context, command))


@router.post("/sheets", status_code=202, response_model=Accepted)
async def record_sheet(
    visit_id: UUID, body: SheetBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    opening = await opening_of(repository, context, visit_id, body.opening)
    form = handlers.form_of(body.sheet.form, body.sheet.form_version)
    command = RecordSheet(opening=opening, sheet=_revision(body.sheet, opening), form=form)
    return accepted(await handlers.carry_out(repository, context, command))


@router.post("/photos", status_code=202, response_model=Accepted)
async def add_photo(
    visit_id: UUID, body: PhotoBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    opening = await opening_of(repository, context, visit_id, body.opening)
    return accepted(
        await handlers.carry_out(repository, context, AddPhoto(opening=opening, photo=body.photo))
    )


@router.post("/sign-out", status_code=202, response_model=Accepted)
async def sign_out(
    visit_id: UUID, body: SignOutBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    command = SignOutVisit(
        opening=await opening_of(repository, context, visit_id, body.opening),
        claimed_at=body.sign_out.claimed_at,
        fix=body.sign_out.fix,
        sheets=body.sign_out.sheets,
        photos=body.sign_out.photos,
        signature=body.sign_out.signature,
        devices=tuple(device.part() for device in body.sign_out.devices),
    )
    return accepted(await handlers.carry_out(repository, context, command))


@router.post("/backfill", status_code=202, response_model=Accepted)
async def declare_backfill(
    visit_id: UUID, body: BackfillBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    command = DeclareBackfill(
        opening=await opening_of(repository, context, visit_id, body.opening),
        reason_class=body.reason_class,
        explanation=body.explanation,
        claimed_at=body.claimed_at,
        arrived_at=body.arrived_at,
        left_at=body.left_at,
    )
    return accepted(await handlers.carry_out(repository, context, command))


@router.post("/obstruction", status_code=202, response_model=Accepted)
async def report_obstruction(
    visit_id: UUID, body: ObstructionBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    opening = await opening_of(repository, context, visit_id, body.opening)
    command = ReportObstruction(opening=opening, what=body.what, claimed_at=body.claimed_at)
    return accepted(await handlers.carry_out(repository, context, command))


@router.post("/abort", status_code=202, response_model=Accepted)
async def abort(
    visit_id: UUID, body: AbortBody, repository: RepositoryDep, context: ContextDep
) -> JSONResponse:
    opening = await opening_of(repository, context, visit_id, body.opening)
    command = AbortVisit(opening=opening, reason=body.reason, claimed_at=body.claimed_at)
    return accepted(await handlers.carry_out(repository, context, command))


async def opening_of(
    repository: Repository, context: CommandContext, visit_id: UUID, body: OpeningBody
) -> Opening:
    return await handlers.opening_of(
        repository,
        context,
        visit_id,
        point_id=body.point_id,
        contract_id=body.contract_id,
        cycles=body.cycles,
        claimed_at=body.claimed_at,
    )


def _revision(sheet: SheetClaim, opening: Opening) -> SheetRevisionV3:
    return SheetRevisionV3(
        **dict(sheet)
        | {
            "used": tuple(consumable.part() for consumable in sheet.used),
            "filled_by_group": sheet.filled_by_group or None,
            "taken": tuple(taken.part() for taken in sheet.taken) or None,
        },
        by=opening.by,
        received_at=opening.received_at,
    )
