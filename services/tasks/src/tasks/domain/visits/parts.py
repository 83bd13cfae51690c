"""The event of each command on a visit. A part that is sent again causes no event; a different one in its place is refused."""

from collections.abc import Iterable
from typing import Final

from qingyuan_events.parts import Part
from qingyuan_events.tasks import (
    BackfillV2,
    Obstruction,
    SignIn,
    SignOutV2,
    UsedDevice,
    VisitAborted,
    VisitBackfilledV2,
    VisitObstructed,
    VisitPhotoAdded,
    VisitSheetCorrectedV3,
    VisitSheetRecordedV3,
    VisitSignedIn,
    VisitSignedOutV2,
)
from qingyuan_runtime.domain.decider import Refused

from tasks.domain.visits.commands import (
    AbortVisit,
    AddPhoto,
    DeclareBackfill,
    RecordSheet,
    ReportObstruction,
    SignInVisit,
    SignOutVisit,
)
from tasks.domain.visits.position import judge_position
from tasks.domain.visits.real_times import refuse_impossible
from tasks.domain.visits.sheet import checked, is_correction
from tasks.domain.visits.state import VisitHeader, VisitState

ADDED_BY_SERVER: Final = {"by", "received_at", "judged", "computed", "findings"}
"""Fields that the server adds to a part. Two parts are the same when the phone sent the same."""
MAX_PHOTOS: Final = 1_000
MAX_REVISIONS: Final = 300
"""Far more than any work on site needs. Every command reads the whole visit, so its size must be bounded."""


def sign_in(command: SignInVisit, state: VisitState, header: VisitHeader) -> VisitSignedIn | None:
    opening = command.opening
    part = SignIn(
        by=opening.by,
        companions=command.companions,
        claimed_at=command.claimed_at,
        received_at=opening.received_at,
        fix=command.fix,
        judged=judge_position(command.fix, opening.point, command.claimed_at, opening.received_at),
    )
    if _is_recorded(state.sign_in, part, "sign-in.second", "本次运维已经签到，不能再以不同内容签到。"):
        return None
    return VisitSignedIn(**header, sign_in=part)


def sign_out(command: SignOutVisit, state: VisitState, header: VisitHeader) -> VisitSignedOutV2 | None:
    opening = command.opening
    part = SignOutV2(
        by=opening.by,
        claimed_at=command.claimed_at,
        received_at=opening.received_at,
        fix=command.fix,
        judged=judge_position(command.fix, opening.point, command.claimed_at, opening.received_at),
        sheets=command.sheets,
        photos=command.photos,
        signature=command.signature,
        devices=_each_once(command.devices) or None,
    )
    if _is_recorded(state.sign_out, part, "sign-out.second", "本次运维已经签退，不能再以不同内容签退。"):
        return None
    return VisitSignedOutV2(**header, sign_out=part)


def _each_once(devices: Iterable[UsedDevice]) -> tuple[UsedDevice, ...]:
    """Makers number by themselves, so two devices of different names may have the same serial number."""
    return tuple(
        {(device.resource_id, device.name, device.serial_number): device for device in devices}.values()
    )


def record_sheet(
    command: RecordSheet, state: VisitState, header: VisitHeader
) -> VisitSheetRecordedV3 | VisitSheetCorrectedV3 | None:
    sheet = command.sheet
    recorded = state.revisions.get(sheet.revision_id)
    if _is_recorded(recorded, sheet, "revision.reused", "该记录单版本编号已用于其他内容。"):
        return None
    _refuse_more_than(MAX_REVISIONS, len(state.revisions), "记录单版本")
    accepted = checked(command, state)
    if is_correction(sheet, state):
        return VisitSheetCorrectedV3(**header, sheet=accepted)
    return VisitSheetRecordedV3(**header, sheet=accepted)


def add_photo(command: AddPhoto, state: VisitState, header: VisitHeader) -> VisitPhotoAdded | None:
    photo, opening = command.photo, command.opening
    recorded = state.photos.get(photo.photo_id)
    if _is_recorded(recorded, photo, "photo.reused", "该照片编号已用于其他照片。"):
        return None
    _refuse_more_than(MAX_PHOTOS, len(state.photos), "照片")
    return VisitPhotoAdded(**header, photo=photo, by=opening.by, received_at=opening.received_at)


def declare_backfill(
    command: DeclareBackfill, state: VisitState, header: VisitHeader
) -> VisitBackfilledV2 | None:
    opening = command.opening
    part = BackfillV2(
        reason_class=command.reason_class,
        explanation=command.explanation,
        by=opening.by,
        claimed_at=command.claimed_at,
        received_at=opening.received_at,
        arrived_at=command.arrived_at,
        left_at=command.left_at,
    )
    if _is_recorded(
        state.backfill, part, "backfill.second", "本次运维已说明补录原因，不能再以不同内容说明。"
    ):
        return None
    refuse_impossible(command)
    return VisitBackfilledV2(**header, backfill=part)


def report_obstruction(
    command: ReportObstruction, state: VisitState, header: VisitHeader
) -> VisitObstructed | None:
    opening = command.opening
    part = Obstruction(
        what=command.what, by=opening.by, claimed_at=command.claimed_at, received_at=opening.received_at
    )
    if _is_recorded(
        state.obstruction, part, "obstruction.second", "本次运维已报告阻挠，不能再以不同内容报告。"
    ):
        return None
    return VisitObstructed(**header, obstruction=part)


def abort(command: AbortVisit, state: VisitState, header: VisitHeader) -> VisitAborted | None:
    """A visit can be aborted until it is complete. Parts that arrive later are kept, but it never completes."""
    opening = command.opening
    fact = VisitAborted(
        **header,
        reason=command.reason,
        by=opening.by,
        claimed_at=command.claimed_at,
        received_at=opening.received_at,
    )
    if _is_recorded(state.aborted, fact, "visit.aborted", "本次运维已经中止，不能再以不同原因中止。"):
        return None
    if state.completed:
        raise Refused("visit.completed", "本次运维已经完成，不能中止。")
    return fact


def _refuse_more_than(limit: int, recorded: int, noun: str) -> None:
    if recorded >= limit:
        raise Refused("visit.full", f"一次运维最多保存 {limit} 个{noun}，不能再添加。")


def _is_recorded(
    recorded: Part | VisitAborted | None, part: Part | VisitAborted, code: str, sentence: str
) -> bool:
    """Whether exactly this part was recorded before. Raises `Refused` when a different one was."""
    if recorded is None:
        return False
    if recorded.model_dump(exclude=ADDED_BY_SERVER) == part.model_dump(exclude=ADDED_BY_SERVER):
        return True
    raise Refused(code, sentence)
