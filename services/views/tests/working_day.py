"""A working day as facts: a contract, a plan, visits and what the enterprise said to them. For the tests of this service."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from qingyuan_events import content, signoff, tasks
from qingyuan_events.parts import FileRef, Fix, Photo, Signature
from qingyuan_events.tasks import (
    Assignee,
    CycleRef,
    Judged,
    PlanItem,
    SheetRevision,
    SignIn,
    SignOut,
    Window,
)
from town import ENTERPRISE, OTHER, OUTLET, POINT, Story, town

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


def sheet(name: str, what: str = "patrol", *, after: tuple[UUID, ...] = (), day: date = DAY, **values: str) -> SheetRevision:  # fmt: skip
    return SheetRevision(
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


def contract(story: Story, key: UUID, whose: dict[str, Any], point: UUID, name: str) -> None:
    """Submitted by the operator and confirmed by the enterprise for one of its points."""
    submits(story, key, whose, name)
    story.tell(f"contract-{key}", tasks.ContractConfirmed(contract_id=key, **whose, points=(point,)))


def submits(story: Story, key: UUID, whose: dict[str, Any], name: str) -> None:
    said = tasks.ContractSubmittedV3(contract_id=key, **whose, terms=terms(key, name))
    story.tell(f"contract-{key}", said)


def terms(key: UUID, name: str) -> tasks.ContractTerms:
    return tasks.ContractTerms(
        number=f"HT-{key.int}",
        name="运维合同",
        operator_name=name,
        enterprise_name="当时的企业名称",
        first_day=date(2026, 1, 1),
        last_day=date(2026, 12, 31),
    )


def plan(
    story: Story, key: UUID, whose: dict[str, Any], point: UUID, windows: tuple[tuple[date, date], ...]
) -> None:
    numbered = tuple(
        Window(number=number, opens=opens, closes=closes) for number, (opens, closes) in enumerate(windows, 1)
    )
    items = tuple(
        PlanItem(content=what, rule="FREQ=WEEKLY", gap_days_max=7, windows=numbered)
        for what in ("patrol", "calibration")
    )
    published = tasks.PlanPublished(
        plan_id=key,
        contract_id=CONTRACT,
        **whose,
        name="十一月",
        points=(point,),
        assignees=(Assignee(account=TECHNICIAN),),
        first_day=windows[0][0],
        last_day=windows[-1][1],
        items=items,
        calendar="cn-2026.1",
    )
    story.tell(f"plan-{key}", published)


class VisitStory:
    """One visit, told piece by piece; `complete` says the hash of what was told so far."""

    def __init__(
        self, story: Story, name: str, *, whose: dict[str, Any] = OWN, day: date = DAY, point: UUID = POINT
    ) -> None:
        self.story, self.name, self.day = story, name, day
        self.id = uuid5(SPACE, f"visit {name}")
        self.stream = f"visit-{self.id}"
        self.own = {"visit_id": self.id, "outlet_id": OUTLET, "point_id": point, **whose}
        self.sheets: list[SheetRevision] = []
        self.photos: list[Photo] = []
        self.sign_in: SignIn | None = None
        self.sign_out: SignOut | None = None
        self.backfill: tasks.Backfill | None = None
        self.cycles = (CycleRef(plan_id=PLAN, item=0, number=1),)
        times = {"claimed_at": at(day, 9), "received_at": at(day, 9)}
        self.tell(tasks.VisitOpened, contract_id=CONTRACT, cycles=self.cycles, by=TECHNICIAN, **times)

    def tell(self, kind: type[tasks.VisitFact], **more: Any) -> None:
        self.story.tell(self.stream, kind(**self.own, **more))

    def comes(self, *, hour: int = 9, place: tuple[str, str] = ("121.1", "31.15"), marks: Any = ()) -> None:
        self.sign_in = SignIn(
            by=TECHNICIAN,
            claimed_at=at(self.day, hour),
            received_at=at(self.day, hour),
            fix=fix(self.day, hour, *place),
            judged=Judged(distance_m=Decimal("38.4"), radius_m=Decimal("300"), marks=marks),
        )
        self.tell(tasks.VisitSignedIn, sign_in=self.sign_in)

    def writes(self, revision: SheetRevision) -> None:
        self.sheets.append(revision)
        self.tell(tasks.VisitSheetRecorded, sheet=revision)

    def photographs(self, name: str) -> None:
        photo = Photo(
            photo_id=uuid5(SPACE, f"photo {self.name} {name}"),
            of="sign_in",
            original=ref(name),
            taken_at=at(self.day, 9, 10),
        )
        self.photos.append(photo)
        self.tell(tasks.VisitPhotoAdded, photo=photo, by=TECHNICIAN, received_at=at(self.day, 9, 20))

    def explains(self) -> None:
        self.backfill = tasks.Backfill(
            reason_class="signal", explanation="地下室无信号", by=TECHNICIAN,
            claimed_at=at(self.day, 18), received_at=at(self.day, 18),
        )  # fmt: skip
        self.tell(tasks.VisitBackfilled, backfill=self.backfill)

    def goes(self, *, hour: int = 11, place: tuple[str, str] = ("121.1", "31.15")) -> None:
        self.sign_out = SignOut(
            by=TECHNICIAN,
            claimed_at=at(self.day, hour),
            received_at=at(self.day, hour),
            fix=fix(self.day, hour, *place),
            judged=Judged(distance_m=Decimal("40.0"), radius_m=Decimal("300")),
            sheets=tuple(recorded_sheet.revision_id for recorded_sheet in self.sheets),
            photos=tuple(photo.photo_id for photo in self.photos),
            signature=Signature(image=ref("name.png"), strokes=ref("name.json")),
        )
        self.tell(tasks.VisitSignedOut, sign_out=self.sign_out)

    def said(self) -> dict[str, Any]:
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
        self.tell(tasks.VisitCompleted, day=self.day, **self.said())

    def corrects(self, revision: SheetRevision) -> None:
        self.sheets.append(revision)
        self.tell(tasks.VisitSheetCorrected, sheet=revision)
        self.tell(tasks.VisitAmended, **self.said(), cause="sheet_corrected")

    def whole(self, *sheets: SheetRevision, hour: int = 9) -> "VisitStory":
        """From signing in to completion."""
        self.comes(hour=hour)
        for revision in sheets:
            self.writes(revision)
        self.photographs("a")
        self.photographs("b")
        self.goes(hour=hour + 1)
        self.completes()
        return self


class ConfirmationStory:
    def __init__(self, visit: VisitStory) -> None:
        self.story, self.visit = visit.story, visit
        self.id = uuid5(visit.id, "confirmation")
        self.stream = f"confirmation-{self.id}"
        self.own = {"confirmation_id": self.id, **visit.own}
        self.tell(
            signoff.ConfirmationRequested,
            content_sha256=visit.said()["content_sha256"],
            visit_day=visit.day,
            requested_at=at(visit.day, 12),
            due_at=at(visit.day, 24 - 1, 59) + timedelta(minutes=1),
        )

    def tell(self, kind: type[signoff.SignoffFact], **more: Any) -> None:
        self.story.tell(self.stream, kind(**self.own, **more))

    def signs(self, *, late: bool = False) -> None:
        self.tell(
            signoff.ConfirmationSigned,
            content_sha256=self.visit.said()["content_sha256"],
            statement_version="1",
            statement="内容属实，予以确认。",
            signature=Signature(image=ref("sig.png"), strokes=ref("sig.json")),
            second_factor="password",
            by=UUID(int=61),
            not_before=at(self.visit.day, 13),
            signed_at=at(self.visit.day, 14) + timedelta(days=late),
            late=late,
        )

    def disputes(self) -> None:
        self.tell(signoff.ConfirmationDisputed, reason="时间不符", by=UUID(int=61), disputed_at=at(DAY, 15))


def week(start: date) -> tuple[date, date]:
    return start, start + timedelta(days=6)


def working_day() -> Story:
    """Three weeks of one operator at one point, with a correction, a dispute and a rival elsewhere."""
    story = town()
    contract(story, CONTRACT, OWN, POINT, "上海绿测环境运维有限公司")
    contract(story, UUID(int=33), THEIRS, FAR_POINT, "上海他人运维有限公司")
    weeks = tuple(week(date(2026, 11, day)) for day in (2, 9, 16, 23))
    plan(story, PLAN, OWN, POINT, weeks)
    plan(story, UUID(int=34), THEIRS, FAR_POINT, weeks)
    early = date(2026, 11, 4)
    first = VisitStory(story, "first", day=early).whole(
        sheet("f patrol", day=early), sheet("f calibration", "calibration", day=early)
    )
    ConfirmationStory(first).signs()
    second = VisitStory(story, "second").whole(sheet("s patrol", reading="1.50"))
    signed = ConfirmationStory(second)
    signed.signs()
    second.corrects(sheet("s patrol'", after=(second.sheets[0].revision_id,), reading="1.60"))
    signed.tell(
        signoff.ConfirmationRenewed,
        content_sha256=second.said()["content_sha256"],
        cause="sheet_corrected",
        renewed_at=at(DAY, 16),
        due_at=at(DAY, 23) + timedelta(hours=1),
    )
    late = VisitStory(story, "late", day=date(2026, 11, 10))
    late.comes(marks=("outside_fence", "received_late"))
    late.writes(sheet("l calibration", "calibration", day=late.day))
    late.explains()
    late.goes()
    late.completes()
    disputed = ConfirmationStory(late)
    disputed.disputes()
    disputed.tell(signoff.ConfirmationLapsed, lapsed_at=at(late.day, 23) + timedelta(hours=1))
    disputed.tell(
        signoff.OriginalsCompleted,
        content_sha256=late.said()["content_sha256"],
        originals_at=at(date(2026, 11, 11), 9),
        due_at=at(date(2026, 11, 11), 23) + timedelta(hours=1),
    )
    disputed.signs(late=True)
    broken = VisitStory(story, "broken", day=date(2026, 11, 17))
    broken.comes()
    broken.writes(sheet("b patrol", day=broken.day))
    broken.tell(
        tasks.VisitAborted, reason="暴雨", by=TECHNICIAN,
        claimed_at=at(broken.day, 10), received_at=at(broken.day, 10),
    )  # fmt: skip
    rival = VisitStory(story, "rival", whose=THEIRS, point=FAR_POINT)
    rival.whole(sheet("r patrol"), hour=15)
    ConfirmationStory(rival)
    story.tell(
        f"plan-{PLAN}",
        tasks.PlanStopped(plan_id=PLAN, **OWN, last_day=date(2026, 11, 22), reason="合同变更"),
    )
    return story
