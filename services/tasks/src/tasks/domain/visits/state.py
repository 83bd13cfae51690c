"""The state of a visit: a set of parts, the same in whatever order they were recorded."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypedDict
from uuid import UUID

from qingyuan_events.content import VisitContent, heads, sha256
from qingyuan_events.parts import Photo
from qingyuan_events.tasks import (
    BackfillV2,
    Obstruction,
    SheetRevisionV3,
    SignIn,
    SignOutV2,
    VisitAborted,
    VisitAmended,
    VisitBackfilledV2,
    VisitCompleted,
    VisitObstructed,
    VisitOpened,
    VisitPhotoAdded,
    VisitSheetCorrectedV3,
    VisitSheetRecordedV3,
    VisitSignedIn,
    VisitSignedOutV2,
)

VisitPart = (
    VisitSignedIn
    | VisitSheetRecordedV3
    | VisitSheetCorrectedV3
    | VisitPhotoAdded
    | VisitSignedOutV2
    | VisitBackfilledV2
    | VisitObstructed
    | VisitAborted
)
VisitOutcome = VisitCompleted | VisitAmended
VisitFacts = VisitOpened | VisitPart | VisitOutcome


class VisitHeader(TypedDict):
    """The fields that every event of a visit has in common."""

    visit_id: UUID
    operator_id: UUID
    enterprise_id: UUID
    outlet_id: UUID
    point_id: UUID
    district: str


@dataclass(frozen=True, slots=True)
class VisitState:
    """`announced` is the hash of the content in the last `VisitCompleted` or `VisitAmended`; None before the visit is complete."""

    opened: VisitOpened | None = None
    sign_in: SignIn | None = None
    sign_out: SignOutV2 | None = None
    revisions: Mapping[UUID, SheetRevisionV3] = field(default_factory=dict)
    photos: Mapping[UUID, Photo] = field(default_factory=dict)
    backfill: BackfillV2 | None = None
    obstruction: Obstruction | None = None
    aborted: VisitAborted | None = None
    announced: str | None = None

    @property
    def completed(self) -> bool:
        return self.announced is not None

    @property
    def header(self) -> VisitHeader:
        """Taken from the opening, so only for a visit that is open."""
        assert self.opened
        opened = self.opened
        return VisitHeader(
            visit_id=opened.visit_id,
            operator_id=opened.operator_id,
            enterprise_id=opened.enterprise_id,
            outlet_id=opened.outlet_id,
            point_id=opened.point_id,
            district=opened.district,
        )

    def is_whole(self) -> bool:
        """Signed in, signed out, and every sheet and photograph that the sign-out names has arrived."""
        if self.sign_in is None or self.sign_out is None:
            return False
        return self.revisions.keys() >= {*self.sign_out.sheets} and self.photos.keys() >= {
            *self.sign_out.photos
        }

    def heads(self) -> tuple[SheetRevisionV3, ...]:
        """The revisions that no other one supersedes; two of the same sheet are a conflict that a person must settle."""
        return heads(self.revisions.values())

    def contents(self) -> tuple[str, ...]:
        """Codes of the work recorded in the sheets, superseded revisions left out."""
        return tuple(sorted({sheet.content for sheet in self.heads()}))

    def content(self) -> VisitContent:
        """What the enterprise is asked to sign."""
        assert self.opened
        opened = self.opened
        return VisitContent(
            visit_id=opened.visit_id,
            operator_id=opened.operator_id,
            enterprise_id=opened.enterprise_id,
            outlet_id=opened.outlet_id,
            point_id=opened.point_id,
            cycles=opened.cycles,
            sign_in=self.sign_in,
            sheets=self.heads(),
            photos=tuple(sorted(self.photos.values(), key=lambda photo: str(photo.photo_id))),
            sign_out=self.sign_out,
            backfill=self.backfill,
            obstruction=self.obstruction,
        )

    def content_sha256(self) -> str:
        return sha256(self.content())


def evolve(state: VisitState, fact: VisitFacts) -> VisitState:
    match fact:
        case VisitOpened():
            return replace(state, opened=fact)
        case VisitSignedIn():
            return replace(state, sign_in=fact.sign_in)
        case VisitSignedOutV2():
            return replace(state, sign_out=fact.sign_out)
        case VisitSheetRecordedV3() | VisitSheetCorrectedV3():
            return replace(state, revisions={**state.revisions, fact.sheet.revision_id: fact.sheet})
        case VisitPhotoAdded():
            return replace(state, photos={**state.photos, fact.photo.photo_id: fact.photo})
        case VisitBackfilledV2():
            return replace(state, backfill=fact.backfill)
        case VisitObstructed():
            return replace(state, obstruction=fact.obstruction)
        case VisitAborted():
            return replace(state, aborted=fact)
        case VisitCompleted() | VisitAmended():
            return replace(state, announced=fact.content_sha256)
