"""How each fact changes a visit, and what is derived from a visit. Pure.

The order of facts matters only within the stream of one visit, and there only for the order of sheet revisions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from qingyuan_events import Fact, Recorded
from qingyuan_events import tasks as facts
from qingyuan_events.content import VisitContent, heads
from qingyuan_events.parts import Moment, Part, Photo
from qingyuan_events.tasks import (
    BackfillV2,
    CycleRef,
    Obstruction,
    SheetRevisionV3,
    SignIn,
    SignOutV2,
    VisitFact,
)
from qingyuan_standards import work_rules
from qingyuan_standards.claims import legal_day
from qingyuan_standards.days import local_day
from qingyuan_standards.forms import UnknownForm, form

EMPTY: Final = "empty"
"""The mark of a complete visit with no sheet on which work is recorded. Such a visit fulfils no cycle."""


class Opened(Part):
    contract_id: UUID | None
    cycles: tuple[CycleRef, ...]
    by: UUID
    claimed_at: Moment
    received_at: Moment


class ReceivedPhoto(Part):
    """A photograph, who sent it, and when the server received it."""

    photo: Photo
    by: UUID
    received_at: Moment


class Aborted(Part):
    reason: str
    by: UUID
    claimed_at: Moment
    received_at: Moment


class Stated(Part):
    """The stated content when the visit became complete, or after a later change."""

    contents: tuple[str, ...]
    content_sha256: str
    at: Moment
    day: date | None = None
    cause: str | None = None


class Detail(Part):
    """The content of a visit without its sheets, which have a table of their own.

    `first_said` and `first_by`: time and account of the first fact, used while the visit is not opened."""

    first_said: Moment
    first_by: UUID
    opened: Opened | None = None
    sign_in: SignIn | None = None
    sign_out: SignOutV2 | None = None
    photos: tuple[ReceivedPhoto, ...] = ()
    backfill: BackfillV2 | None = None
    obstruction: Obstruction | None = None
    aborted: Aborted | None = None
    completed: Stated | None = None
    amendments: tuple[Stated, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """The parties, district and place of a visit: the same in all its facts."""

    visit_id: UUID
    enterprise_id: UUID
    operator_id: UUID
    district: str
    outlet_id: UUID
    point_id: UUID


@dataclass(slots=True)
class Visit:
    """A visit after the facts so far; `revisions` are the sheet revisions by the version of their fact."""

    place: Place
    version: int
    detail: Detail
    revisions: dict[int, SheetRevisionV3]


def begin(recorded: Recorded[Fact]) -> Visit:
    """The empty visit before its first fact."""
    fact = recorded.fact
    assert isinstance(fact, VisitFact)
    place = Place(
        fact.visit_id, fact.enterprise_id, fact.operator_id, fact.district, fact.outlet_id, fact.point_id
    )
    detail = Detail(first_said=recorded.recorded_at, first_by=recorded.meta.actor.account)
    return Visit(place, 0, detail, {})


def evolve(visit: Visit, recorded: Recorded[Fact]) -> None:
    """Apply the next fact to the visit."""
    fact = recorded.fact
    visit.version = recorded.version
    if isinstance(fact, facts.VisitSheetRecordedV3 | facts.VisitSheetCorrectedV3):
        if all(revision.revision_id != fact.sheet.revision_id for revision in visit.revisions.values()):
            visit.revisions[recorded.version] = fact.sheet
        return
    visit.detail = visit.detail.model_copy(update=_changed_fields(visit.detail, fact, recorded.recorded_at))


def _changed_fields(detail: Detail, fact: Fact, at: datetime) -> dict[str, Any]:
    """The fields of the detail that a fact sets, with their new values."""
    match fact:
        case facts.VisitOpened():
            return {"opened": _part(Opened, fact)}
        case facts.VisitSignedIn():
            return {"sign_in": fact.sign_in}
        case facts.VisitSignedOutV2():
            return {"sign_out": fact.sign_out}
        case facts.VisitPhotoAdded():
            return {"photos": _with_photo(detail.photos, fact)}
        case facts.VisitBackfilledV2():
            return {"backfill": fact.backfill}
        case facts.VisitObstructed():
            return {"obstruction": fact.obstruction}
        case facts.VisitAborted():
            return {"aborted": _part(Aborted, fact)}
        case facts.VisitCompleted():
            return {"completed": _part(Stated, fact, at=at)}
        case facts.VisitAmended():
            return {"amendments": (*detail.amendments, _part(Stated, fact, at=at))}
    raise TypeError(f"no rule for {fact.type}")


def _part(kind: type[Part], fact: Fact, **more: Any) -> Part:
    return kind(**{name: value for name, value in fact if name in kind.model_fields}, **more)


def _with_photo(photos: Sequence[ReceivedPhoto], fact: facts.VisitPhotoAdded) -> tuple[ReceivedPhoto, ...]:
    known = {photo.photo.photo_id: photo for photo in photos}
    known.setdefault(
        fact.photo.photo_id, ReceivedPhoto(photo=fact.photo, by=fact.by, received_at=fact.received_at)
    )
    return tuple(known[key] for key in sorted(known, key=str))


# Derived from a visit


def state(visit: Visit) -> str:
    if visit.detail.aborted:
        return "aborted"
    return "complete" if visit.detail.completed else "open"


def day(visit: Visit) -> date:
    """The legal day: of the sign-out; while there is none, of the sign-in, else of the opening, else of the first fact."""
    detail = visit.detail
    if detail.completed and detail.completed.day:
        return detail.completed.day
    claim = detail.sign_out or detail.sign_in or detail.opened
    return legal_day(claim.claimed_at, claim.received_at) if claim else local_day(detail.first_said)


def opener(detail: Detail) -> UUID:
    return detail.opened.by if detail.opened else detail.first_by


def people(detail: Detail) -> Sequence[UUID]:
    """Whose papers the visit stands on: who opened it, who signed in, and who came along."""
    arrived = (detail.sign_in.by, *detail.sign_in.companions) if detail.sign_in else ()
    return list(dict.fromkeys((opener(detail), *arrived)))


def devices(detail: Detail) -> Sequence[UUID]:
    """The filed devices that the visit names, each once."""
    used = (detail.sign_out.devices if detail.sign_out else None) or ()
    return list(dict.fromkeys(device.resource_id for device in used if device.resource_id))


def current_revisions(visit: Visit) -> tuple[SheetRevisionV3, ...]:
    return heads(visit.revisions.values())


def conflicts(revisions: Iterable[SheetRevisionV3]) -> bool:
    """Whether a sheet has more than one current revision; `revisions` are the current ones."""
    sheets = [revision.sheet_id for revision in revisions]
    return len(set(sheets)) < len(sheets)


def records_work(revision: SheetRevisionV3) -> bool:
    """Whether anything on a sheet shows that its work was done. Sheets recorded before this was asked for may show nothing."""
    try:
        known = form(revision.form, revision.form_version)
    except UnknownForm:
        return True
    return not work_rules.lacking(known, revision.content, revision.values)


def fulfils(revision: SheetRevisionV3) -> bool:
    """Whether a sheet counts for cycles of its content; some record work, but not that which their content is about."""
    try:
        known = form(revision.form, revision.form_version)
    except UnknownForm:
        return True
    return work_rules.fulfils(known, revision.content, revision.values)


def marks(visit: Visit) -> list[str]:
    presences = (visit.detail.sign_in, visit.detail.sign_out)
    judged = {mark for presence in presences if presence for mark in presence.judged.marks}
    empty = state(visit) == "complete" and not any(map(records_work, current_revisions(visit)))
    return sorted({*judged, *([EMPTY] if empty else [])})


def distance(detail: Detail) -> Decimal | None:
    """The distance from the point in metres, at sign-in, else at sign-out."""
    judged = [presence.judged.distance_m for presence in (detail.sign_in, detail.sign_out) if presence]
    return next((metres for metres in judged if metres is not None), None)


def content(place: Place, detail: Detail, revisions: Iterable[SheetRevisionV3]) -> VisitContent:
    """The content that the enterprise signs."""
    return VisitContent(
        visit_id=place.visit_id,
        operator_id=place.operator_id,
        enterprise_id=place.enterprise_id,
        outlet_id=place.outlet_id,
        point_id=place.point_id,
        cycles=detail.opened.cycles if detail.opened else (),
        sign_in=detail.sign_in,
        sheets=heads(revisions),
        photos=tuple(photo.photo for photo in detail.photos),
        sign_out=detail.sign_out,
        backfill=detail.backfill,
        obstruction=detail.obstruction,
    )
