"""What each command adds to a visit. The same thing said again adds nothing; another thing in its point is refused."""

from typing import Final

from qingyuan_events.parts import Part
from qingyuan_events.tasks import (
    Backfill,
    Obstruction,
    SignIn,
    SignOut,
    VisitAborted,
    VisitBackfilled,
    VisitObstructed,
    VisitPhotoAdded,
    VisitSheetCorrected,
    VisitSheetRecorded,
    VisitSignedIn,
    VisitSignedOut,
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
from tasks.domain.visits.position import judged
from tasks.domain.visits.sheet import checked, is_correction
from tasks.domain.visits.state import Header, VisitState

ADDED_HERE: Final = {"by", "received_at", "judged", "computed", "findings"}
"""What the server adds to a part. Two parts are the same when the phone said the same."""
PHOTOS_MOST: Final = 1_000
REVISIONS_MOST: Final = 300
"""Far beyond any work on site. Every command folds the whole visit: one without end would hold up everybody's."""


def sign_in(command: SignInVisit, state: VisitState, header: Header) -> VisitSignedIn | None:
    one = command.opening
    part = SignIn(
        by=one.by,
        companions=command.companions,
        claimed_at=command.claimed_at,
        received_at=one.received_at,
        fix=command.fix,
        judged=judged(command.fix, one.point, command.claimed_at, one.received_at),
    )
    if _is_there(state.sign_in, part, "sign-in.second", "本次运维已经签到，不能再以不同内容签到。"):
        return None
    return VisitSignedIn(**header, sign_in=part)


def sign_out(command: SignOutVisit, state: VisitState, header: Header) -> VisitSignedOut | None:
    one = command.opening
    part = SignOut(
        by=one.by,
        claimed_at=command.claimed_at,
        received_at=one.received_at,
        fix=command.fix,
        judged=judged(command.fix, one.point, command.claimed_at, one.received_at),
        sheets=command.sheets,
        photos=command.photos,
        signature=command.signature,
    )
    if _is_there(state.sign_out, part, "sign-out.second", "本次运维已经签退，不能再以不同内容签退。"):
        return None
    return VisitSignedOut(**header, sign_out=part)


def record_sheet(
    command: RecordSheet, state: VisitState, header: Header
) -> VisitSheetRecorded | VisitSheetCorrected | None:
    sheet = command.sheet
    kept = state.revisions.get(sheet.revision_id)
    if _is_there(kept, sheet, "revision.reused", "该记录表版本编号已用于其他内容。"):
        return None
    _refuse_more_than(REVISIONS_MOST, len(state.revisions), "记录表版本")
    accepted = checked(command, state)
    if is_correction(sheet, state):
        return VisitSheetCorrected(**header, sheet=accepted)
    return VisitSheetRecorded(**header, sheet=accepted)


def add_photo(command: AddPhoto, state: VisitState, header: Header) -> VisitPhotoAdded | None:
    photo, one = command.photo, command.opening
    kept = state.photos.get(photo.photo_id)
    if _is_there(kept, photo, "photo.reused", "该照片编号已用于其他照片。"):
        return None
    _refuse_more_than(PHOTOS_MOST, len(state.photos), "照片")
    return VisitPhotoAdded(**header, photo=photo, by=one.by, received_at=one.received_at)


def declare_backfill(command: DeclareBackfill, state: VisitState, header: Header) -> VisitBackfilled | None:
    one = command.opening
    part = Backfill(
        reason_class=command.reason_class,
        explanation=command.explanation,
        by=one.by,
        claimed_at=command.claimed_at,
        received_at=one.received_at,
    )
    if _is_there(state.backfill, part, "backfill.second", "本次运维已说明补录原因，不能再以不同内容说明。"):
        return None
    return VisitBackfilled(**header, backfill=part)


def report_obstruction(
    command: ReportObstruction, state: VisitState, header: Header
) -> VisitObstructed | None:
    one = command.opening
    part = Obstruction(
        what=command.what, by=one.by, claimed_at=command.claimed_at, received_at=one.received_at
    )
    if _is_there(state.obstruction, part, "obstruction.second", "本次运维已报告阻挠，不能再以不同内容报告。"):
        return None
    return VisitObstructed(**header, obstruction=part)


def abort(command: AbortVisit, state: VisitState, header: Header) -> VisitAborted | None:
    """Until the visit is complete. What still arrives afterwards is kept, but the visit never completes."""
    one = command.opening
    fact = VisitAborted(
        **header,
        reason=command.reason,
        by=one.by,
        claimed_at=command.claimed_at,
        received_at=one.received_at,
    )
    if _is_there(state.aborted, fact, "visit.aborted", "本次运维已经中止，不能再以不同原因中止。"):
        return None
    if state.completed:
        raise Refused("visit.completed", "本次运维已经完成，不能中止。")
    return fact


def _refuse_more_than(most: int, there: int, what: str) -> None:
    if there >= most:
        raise Refused("visit.full", f"一次运维最多保存 {most} 个{what}，不能再添加。")


def _is_there(kept: Part | VisitAborted | None, said: Part | VisitAborted, code: str, sentence: str) -> bool:
    """Whether exactly this was said before; raises `Refused` when something else was."""
    if kept is None:
        return False
    if kept.model_dump(exclude=ADDED_HERE) == said.model_dump(exclude=ADDED_HERE):
        return True
    raise Refused(code, sentence)
