"""A visit and its confirmation as facts, one after the other, for the tests of this service."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from qingyuan_events import content, signoff, tasks
from qingyuan_events.parts import CertificateProof, FileRef, Fix, Photo, Signature
from qingyuan_events.tasks import (
    CycleRef,
    Judged,
    SheetRevisionV3,
    SignIn,
    SignOutV2,
)
from sample_facts import ENTERPRISE, OTHER, OUTLET, POINT, SampleFacts

OPERATOR, RIVAL = UUID(int=21), UUID(int=22)
CONTRACT, PLAN = UUID(int=31), UUID(int=32)
TECHNICIAN = UUID(int=41)
FAR_POINT = UUID(int=51)
SPACE = UUID(int=77)
HASH = "ab" * 32
DAY = date(2026, 11, 23)
OWN: dict[str, Any] = {"operator_id": OPERATOR, "enterprise_id": ENTERPRISE, "district": "310118"}
THEIRS: dict[str, Any] = {"operator_id": RIVAL, "enterprise_id": OTHER, "district": "310113"}


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """That hour in Shanghai."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def ref(name: str) -> FileRef:
    return FileRef(sha256=HASH, size=10, media_type="image/jpeg", name=name)


def sheet(name: str, what: str = "patrol", *, after: tuple[UUID, ...] = (), day: date = DAY, **values: str) -> SheetRevisionV3:  # fmt: skip
    return SheetRevisionV3(
        sheet_id=uuid5(SPACE, name.rstrip("'")),
        revision_id=uuid5(SPACE, f"revision {name}"),
        supersedes=after,
        form="patrol_wastewater",
        form_version=1,
        content=what,
        values=values or {"note": "正常", "count": 3},
        by=TECHNICIAN,
        claimed_at=at(day, 10),
        received_at=at(day, 10, 5),
    )


def fix(day: date, hour: int, longitude: str = "121.1", latitude: str = "31.15", minute: int = 0) -> Fix:
    return Fix(
        longitude=Decimal(longitude),
        latitude=Decimal(latitude),
        accuracy_m=Decimal("12"),
        datum="WGS-84",
        fixed_at=at(day, hour, minute),
    )


class VisitFacts:
    """The facts of one visit, added one by one. `content_so_far` is computed from those that were added."""

    def __init__(
        self,
        sample: SampleFacts,
        name: str,
        *,
        whose: dict[str, Any] = OWN,
        day: date = DAY,
        point: UUID = POINT,
        contract: UUID = CONTRACT,
    ) -> None:
        self.sample, self.name, self.day = sample, name, day
        self.id = uuid5(SPACE, f"visit {name}")
        self.stream = f"visit-{self.id}"
        self.own = {"visit_id": self.id, "outlet_id": OUTLET, "point_id": point, **whose}
        self.sheets: list[SheetRevisionV3] = []
        self.photos: list[Photo] = []
        self.sign_in: SignIn | None = None
        self.sign_out: SignOutV2 | None = None
        self.backfill: tasks.BackfillV2 | None = None
        self.devices: tuple[tasks.UsedDevice, ...] | None = None
        self.cycles = (CycleRef(plan_id=PLAN, item=0, number=1),)
        times = {"claimed_at": at(day, 9), "received_at": at(day, 9)}
        self.add(tasks.VisitOpened, contract_id=contract, cycles=self.cycles, by=TECHNICIAN, **times)

    def add(self, kind: type[tasks.VisitFact], **more: Any) -> None:
        self.sample.add(self.stream, kind(**self.own, **more))

    def signs_in(
        self, *, hour: int = 9, place: tuple[str, str] = ("121.1", "31.15"), marks: Any = ()
    ) -> None:
        self.sign_in = SignIn(
            by=TECHNICIAN,
            claimed_at=at(self.day, hour),
            received_at=at(self.day, hour),
            fix=fix(self.day, hour, *place),
            judged=Judged(distance_m=Decimal("38.4"), radius_m=Decimal("300"), marks=marks),
        )
        self.add(tasks.VisitSignedIn, sign_in=self.sign_in)

    def records(self, revision: SheetRevisionV3) -> None:
        self.sheets.append(revision)
        self.add(tasks.VisitSheetRecordedV3, sheet=revision)

    def adds_photo(self, name: str) -> None:
        photo = Photo(
            photo_id=uuid5(SPACE, f"photo {self.name} {name}"),
            of="sign_in",
            original=ref(name),
            taken_at=at(self.day, 9, 10),
        )
        self.photos.append(photo)
        self.add(tasks.VisitPhotoAdded, photo=photo, by=TECHNICIAN, received_at=at(self.day, 9, 20))

    def backfills(self) -> None:
        self.backfill = tasks.BackfillV2(
            reason_class="signal", explanation="地下室无信号", by=TECHNICIAN,
            claimed_at=at(self.day, 18), received_at=at(self.day, 18),
            arrived_at=at(self.day, 9), left_at=at(self.day, 11, 30),
        )  # fmt: skip
        self.add(tasks.VisitBackfilledV2, backfill=self.backfill)

    def signs_out(self, *, hour: int = 11, place: tuple[str, str] = ("121.1", "31.15")) -> None:
        self.sign_out = SignOutV2(
            by=TECHNICIAN,
            claimed_at=at(self.day, hour),
            received_at=at(self.day, hour),
            fix=fix(self.day, hour, *place),
            judged=Judged(distance_m=Decimal("40.0"), radius_m=Decimal("300")),
            sheets=tuple(recorded_sheet.revision_id for recorded_sheet in self.sheets),
            photos=tuple(photo.photo_id for photo in self.photos),
            signature=Signature(image=ref("name.png"), strokes=ref("name.json")),
            devices=self.devices,
        )
        self.add(tasks.VisitSignedOutV2, sign_out=self.sign_out)

    def content_so_far(self) -> dict[str, Any]:
        """Contents and hash as the tasks service computes them."""
        heads = content.heads(self.sheets)
        whole = content.VisitContent(
            **{name: value for name, value in self.own.items() if name != "district"},
            cycles=self.cycles,
            sign_in=self.sign_in,
            sheets=heads,
            photos=tuple(sorted(self.photos, key=lambda photo: str(photo.photo_id))),
            sign_out=self.sign_out,
            backfill=self.backfill,
            obstruction=None,
        )
        names = tuple(sorted({head.content for head in heads}))
        return {"contents": names, "content_sha256": content.sha256(whole)}

    def completes(self) -> None:
        self.add(tasks.VisitCompleted, day=self.day, **self.content_so_far())

    def is_obstructed(self) -> None:
        """In a visit that is aborted afterwards: the content of a whole one would hold it, too."""
        at_ten = at(self.day, 10)
        refused = tasks.Obstruction(what="门卫不让进", by=TECHNICIAN, claimed_at=at_ten, received_at=at_ten)
        self.add(tasks.VisitObstructed, obstruction=refused)

    def aborts(self) -> None:
        at_ten = at(self.day, 10)
        self.add(tasks.VisitAborted, reason="暴雨", by=TECHNICIAN, claimed_at=at_ten, received_at=at_ten)

    def corrects_sheet(self, revision: SheetRevisionV3) -> None:
        self.sheets.append(revision)
        self.add(tasks.VisitSheetCorrectedV3, sheet=revision)
        self.add(tasks.VisitAmended, **self.content_so_far(), cause="sheet_corrected")

    def whole(self, *sheets: SheetRevisionV3, hour: int = 9) -> "VisitFacts":
        """From signing in to completion."""
        self.signs_in(hour=hour)
        for revision in sheets:
            self.records(revision)
        self.adds_photo("a")
        self.adds_photo("b")
        self.signs_out(hour=hour + 1)
        self.completes()
        return self


class ConfirmationFacts:
    def __init__(self, visit: VisitFacts) -> None:
        self.sample, self.visit = visit.sample, visit
        self.id = uuid5(visit.id, "confirmation")
        self.stream = f"confirmation-{self.id}"
        self.own = {"confirmation_id": self.id, **visit.own}
        self.add(
            signoff.ConfirmationRequested,
            content_sha256=visit.content_so_far()["content_sha256"],
            visit_day=visit.day,
            requested_at=at(visit.day, 12),
            due_at=at(visit.day, 24 - 1, 59) + timedelta(minutes=1),
        )

    def add(self, kind: type[signoff.SignoffFact], **more: Any) -> None:
        self.sample.add(self.stream, kind(**self.own, **more))

    def signs(self, *, late: bool = False, proof: CertificateProof | None = None) -> None:
        self.add(
            signoff.ConfirmationSignedV2,
            content_sha256=self.visit.content_so_far()["content_sha256"],
            statement_version="1",
            statement="内容属实，予以确认。",
            signature=Signature(image=ref("sig.png"), strokes=ref("sig.json")),
            second_factor="certificate" if proof else "password",
            certificate=proof,
            by=UUID(int=61),
            not_before=at(self.visit.day, 13),
            signed_at=at(self.visit.day, 14) + timedelta(days=late),
            late=late,
        )

    def disputes(self) -> None:
        self.add(signoff.ConfirmationDisputed, reason="时间不符", by=UUID(int=61), disputed_at=at(DAY, 15))
