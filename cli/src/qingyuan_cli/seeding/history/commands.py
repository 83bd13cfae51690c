"""The commands of the history, in the order of time: what phones and pages would have sent. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, Final, Literal
from uuid import UUID, uuid5

from qingyuan_standards.contents import CONTENTS
from qingyuan_standards.days import at_local, local_day
from qingyuan_standards.forms import Form, forms

from qingyuan_cli.seeding.history import pictures, planning, values
from qingyuan_cli.seeding.history.pictures import Drawing
from qingyuan_cli.seeding.history.planning import AGREEMENTS, WITHOUT_WORK, WORK, Agreement, PlannedVisit
from qingyuan_cli.seeding.identities import id_of

Json = dict[str, Any]
Service = Literal["tasks", "signoff"]
FOLLOWED_PLAN_DAYS: Final = 120
"""How long the plans go on after the present week, so that the town has work to come."""

SECOND: Final = timedelta(seconds=1)
MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Point:
    id: UUID
    longitude: str
    latitude: str
    datum: str


@dataclass(frozen=True, slots=True)
class Works:
    """An enterprise of the town as the register has it: its points by the code of their outlet."""

    id: UUID
    points: Mapping[str, Point]


@dataclass(frozen=True, slots=True)
class Town:
    """What the commands need of the register and of the accounts. `site` is what a point is like on a day."""

    works: Mapping[str, Works]
    accounts: Mapping[str, UUID]
    sites: Mapping[tuple[str, str], "SiteByDay"]


@dataclass(frozen=True, slots=True)
class SiteByDay:
    """A point's instruments with the days between which each was installed."""

    place: str
    maintainer: str
    instruments: Sequence[tuple[values.Instrument, date, date | None]]

    def on(self, day: date) -> values.Site:
        installed = [i for i, begins, ends in self.instruments if begins <= day and (ends is None or day < ends)]
        return values.Site(self.place, self.maintainer, installed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proofs:
    """What a command of signoff proves: that `files` are stored, that the originals of `visit` are, and by whom it is signed."""

    files: tuple[Drawing, ...] = ()
    visit: UUID | None = None
    is_signature: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One request: when the server received it, whose account sent it, and what the account uploaded just before."""

    at: datetime
    who: str
    service: Service
    path: str
    body: Json
    key: str
    uploads: tuple[Drawing, ...] = ()
    proofs: Proofs = field(default_factory=Proofs)


def steps(today: date, town: Town) -> list[Step]:
    """All requests before `today`."""
    found = [step for agreement in AGREEMENTS for step in _agreement(agreement, today, town)]
    found += [step for visit in planning.visits(today) for step in _visit(visit, town, today)]
    return sorted((step for step in found if step.at < at_local(today, time())), key=lambda step: step.at)


def contract_key(agreement: Agreement) -> str:
    return f"history contract {agreement.enterprise}"


# Contracts and plans


def _agreement(agreement: Agreement, today: date, town: Town) -> Iterator[Step]:
    day, works = planning.contract_day(today), town.works[agreement.enterprise]
    contract = contract_of(agreement, town)
    submission = {"enterprise_id": str(works.id), "particulars": _particulars(agreement, day), "files": []}
    yield _step(at_local(day, time(10)), agreement.manager, "/contracts", submission, contract_key(agreement))
    confirmed = {"points": [str(point.id) for point in works.points.values()]}
    path = f"/contracts/{contract}/confirmation"
    yield _step(at_local(day, time(15, 20)), agreement.signer, path, confirmed, f"history {path}")
    for number, medium in enumerate(WORK):
        body = _plan(agreement, medium, contract, today, town)
        at = at_local(day + timedelta(days=1), time(9, 30 + number))
        yield _step(at, agreement.manager, "/plans", body, f"history plan {agreement.enterprise} {medium}")


def contract_of(agreement: Agreement, town: Town) -> UUID:
    """The id that tasks gives to the contract of this command."""
    return uuid5(uuid5(town.accounts[agreement.manager], contract_key(agreement)), "contract")


def _particulars(agreement: Agreement, day: date) -> Json:
    return {
        "number": agreement.number.format(year=day.year),
        "name": f"{day.year} 年度自动监控设施运维合同",
        "first_day": f"{day.year}-01-01",
        "last_day": f"{day.year + 1}-12-31",
        "amount": "186000.00",
        "summary": "废水、废气自动监测设备运行维护（演示）",
    }


def _plan(agreement: Agreement, medium: str, contract: UUID, today: date, town: Town) -> Json:
    first = planning.first_day(today)
    points = town.works[agreement.enterprise].points
    people = dict.fromkeys((agreement.manager, agreement.technician))
    last = first + timedelta(weeks=planning.WEEKS, days=FOLLOWED_PLAN_DAYS)
    return {
        "contract_id": str(contract),
        "name": f"{'废水' if medium == 'wastewater' else '废气'}在线监测系统运维计划",
        "points": [str(point.id) for code, point in points.items() if planning.MEDIUM_OF[code] == medium],
        "assignees": [
            {"account": str(town.accounts[name]), "certificate_to": f"{today.year + 3}-06-30"} for name in people
        ],
        "devices": [
            {"name": "便携式多参数水质分析仪", "serial_number": "DX-2201", "calibrated_to": f"{today.year + 1}-12-31"}
        ],
        "first_day": first.isoformat(),
        "last_day": last.isoformat(),
        "items": [{"content": content, "rule": rule, "gap_days_max": gap} for content, rule, gap in WORK[medium]],
    }  # fmt: skip


def _step(at: datetime, who: str, path: str, body: Json, key: str) -> Step:
    return Step(at=at, who=who, service="tasks", path=path, body=body, key=key)


# Visits


@dataclass(frozen=True, slots=True)
class _OnSite:
    """A visit that is being made, with all that its requests have in common."""

    visit: PlannedVisit
    id: UUID
    point: Point
    opening: Json
    site: values.Site

    def received(self, claimed: datetime, order: int) -> datetime:
        """A phone without network sends everything at once when it has one again."""
        if self.visit.received_after < MINUTE:
            return claimed + self.visit.received_after + order * SECOND
        return self.visit.ended + self.visit.received_after + 2 * order * SECOND

    def sends(
        self, claimed: datetime, order: int, what: str, body: Json, key: str = "", uploads: Sequence[Drawing] = ()
    ) -> Step:
        path = f"/visits/{self.id}/{what}"
        return Step(
            at=self.received(claimed, order),
            who=self.visit.agreement.technician,
            service="tasks",
            path=path,
            body={"opening": self.opening} | body,
            key=f"history {path} {key}".strip(),
            uploads=tuple(uploads),
        )  # fmt: skip

    def fix(self, at: datetime) -> Json:
        """About forty metres from the point, or some six hundred."""
        east = 0.0068 if self.visit.is_far else 0.0003
        return {
            "longitude": f"{float(self.point.longitude) + east:.6f}",
            "latitude": f"{float(self.point.latitude) + 0.0002:.6f}",
            "accuracy_m": "12",
            "datum": self.point.datum,
            "fixed_at": _at(at),
        }


def _visit(visit: PlannedVisit, town: Town, today: date) -> Iterator[Step]:
    on_site = _arrived(visit, town, today)
    began = visit.began
    sign_in = {"claimed_at": _at(began), "companions": [], "fix": None if visit.backfilled else on_site.fix(began)}
    yield on_site.sends(began, 0, "sign-in", {"sign_in": sign_in})
    photo = _photo(on_site)
    if not visit.backfilled:
        yield on_site.sends(began + 2 * MINUTE, 1, "photos", {"photo": photo[1]}, uploads=photo[:1])
    if visit.ending in WITHOUT_WORK:
        yield from _ended_early(on_site)
        return
    sheets = list(_sheets(on_site))
    yield from sheets
    if visit.backfilled:
        reason = {"reason_class": "signal", "explanation": "站房手机信号中断，无法现场提交，次日补录。", "claimed_at": _at(visit.ended)}  # fmt: skip
        yield on_site.sends(visit.ended, 8, "backfill", reason)
    yield _sign_out(on_site, [step.body["sheet"]["revision_id"] for step in sheets], photo[1])
    yield from _confirmation(on_site)


def _arrived(visit: PlannedVisit, town: Town, today: date) -> _OnSite:
    point = town.works[visit.agreement.enterprise].points[visit.outlet]
    opening = {
        "point_id": str(point.id),
        "contract_id": str(contract_of(visit.agreement, town)),
        "cycles": [],
        "claimed_at": _at(visit.began),
    }
    site = town.sites[visit.agreement.enterprise, visit.outlet].on(local_day(visit.began))
    return _OnSite(visit, id_of(f"history visit {today} {visit.name}"), point, opening, site)


def _photo(on_site: _OnSite) -> tuple[Drawing, Json]:
    visit = on_site.visit
    taken = visit.began + MINUTE
    drawing = pictures.photo(f"{visit.outlet} {local_day(visit.began)}")
    return drawing, {
        "photo_id": str(id_of(f"photo {on_site.id}")),
        "of": "obstruction" if visit.ending == "obstructed" else "sign_in",
        "original": drawing.ref,
        "shown": None,
        "taken_at": _at(taken),
        "fix": on_site.fix(taken),
    }


def _ended_early(on_site: _OnSite) -> Iterator[Step]:
    ended = on_site.visit.ended
    if on_site.visit.ending == "obstructed":
        what = {"what": "门卫不予放行，等候四十分钟后仍无人接待。", "claimed_at": _at(ended)}
        yield on_site.sends(ended, 2, "obstruction", what)
        yield on_site.sends(ended, 3, "abort", {"reason": "企业未予配合，未能进入站房。", "claimed_at": _at(ended)})
    else:
        yield on_site.sends(ended, 2, "abort", {"reason": "厂区临时停电，无法开展工作。", "claimed_at": _at(ended)})


def _sheets(on_site: _OnSite) -> Iterator[Step]:
    claimed = on_site.visit.ended - 6 * MINUTE
    for order, content in enumerate(on_site.visit.contents, start=2):
        sheet = _sheet(on_site, content, claimed + order * MINUTE / 2)
        yield on_site.sends(claimed + order * MINUTE / 2, order, "sheets", {"sheet": sheet}, key=content)


def _sheet(on_site: _OnSite, content: str, claimed: datetime) -> Json:
    visit = on_site.visit
    form = form_for(content, visit.medium, local_day(visit.began))
    random = Random(f"{visit.name} {content}")  # noqa: S311 - invented data, the same each time
    return {
        "sheet_id": str(id_of(f"sheet {on_site.id} {content}")),
        "revision_id": str(id_of(f"revision {on_site.id} {content}")),
        "supersedes": [],
        "form": form.name,
        "form_version": form.version,
        "content": content,
        "instruments": values.instruments_of(form, on_site.site),
        "values": values.values_of(form, on_site.site, visit.began, visit.ended, random),
        "used": [],
        "claimed_at": _at(claimed),
        "reason": None,
    }


def form_for(content: str, medium: str, day: date) -> Form:
    """The first form for this work that suits the medium; for flue gas the town's systems are of the extractive kind."""
    allowed = CONTENTS[content].forms
    fitting = [form for form in forms(day) if form.name in allowed and form.medium in ("any", medium)]
    preferred = [form for form in fitting if form.name in (content, "patrol_extractive")]
    return (preferred or fitting)[0]


def _sign_out(on_site: _OnSite, revisions: list[str], photo: Json) -> Step:
    visit = on_site.visit
    drawn = pictures.signature(visit.agreement.technician)
    sign_out = {
        "claimed_at": _at(visit.ended),
        "fix": None if visit.backfilled else on_site.fix(visit.ended),
        "sheets": revisions,
        "photos": [] if visit.backfilled else [photo["photo_id"]],
        "signature": {name: drawing.ref for name, drawing in drawn.items()},
    }
    return on_site.sends(visit.ended, 9, "sign-out", {"sign_out": sign_out}, uploads=tuple(drawn.values()))


# Confirmations


def _confirmation(on_site: _OnSite) -> Iterator[Step]:
    visit = on_site.visit
    complete = on_site.received(visit.ended, 9)
    asked = _Asked(on_site, complete)
    yield asked.sends(complete + MINUTE, visit.agreement.technician, "originals", {}, Proofs(visit=on_site.id))
    opened = complete + timedelta(minutes=25 + Random(visit.name).randrange(60))  # noqa: S311 - the same each time
    if visit.ending != "lapsed":
        yield asked.sends(opened, visit.agreement.signer, "opening", {})
    match visit.ending:
        case "signed":
            yield asked.signature(opened + 4 * MINUTE)
        case "signed_late":
            yield asked.signature(_next_day(opened, time(9, 20)))
        case "answered" | "settled" | "escalated":
            yield from _dispute(asked, opened)
    if visit.is_corrected:
        yield from _correction(on_site, asked, opened + 30 * MINUTE)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The confirmation that the enterprise is asked for when the visit is complete."""

    on_site: _OnSite
    complete: datetime

    def sends(self, at: datetime, who: str, what: str, body: Json, proofs: Proofs | None = None) -> Step:
        path = f"/confirmations/{uuid5(self.on_site.id, 'confirmation')}/{what}"
        key = f"history {path} {at:%m%d%H%M}"
        files = proofs.files if proofs else ()
        return Step(at=at, who=who, service="signoff", path=path, body=body, key=key, uploads=files, proofs=proofs or Proofs())  # fmt: skip

    def signature(self, at: datetime) -> Step:
        signer = self.on_site.visit.agreement.signer
        drawn = pictures.signature(signer)
        body = {"signature": {name: drawing.ref for name, drawing in drawn.items()}}
        proofs = Proofs(files=tuple(drawn.values()), visit=self.on_site.id, is_signature=True)
        return self.sends(at, signer, "signature", body, proofs)


def _dispute(asked: _Asked, opened: datetime) -> Iterator[Step]:
    visit = asked.on_site.visit
    agreement = visit.agreement
    drawing = pictures.photo(f"{visit.outlet} {local_day(visit.began)} B", "标准溶液.jpg")
    dispute = {"reason": "当日未见更换标准溶液，请说明。", "photos": [drawing.ref]}
    yield asked.sends(opened + 10 * MINUTE, agreement.signer, "dispute", dispute, Proofs(files=(drawing,)))
    if visit.ending == "escalated":
        reason = {"reason": "运维机构两日未答复，提请监管部门处理。"}
        yield asked.sends(_next_day(opened, time(14), days=2), agreement.signer, "escalation", reason)
        return
    text = {"text": "标准溶液在有效期内，本次无需更换，批号见记录单。", "photos": []}
    yield asked.sends(_next_day(opened, time(10, 20)), agreement.manager, "answer", text)
    if visit.ending == "settled":
        yield asked.signature(_next_day(opened, time(15, 5)))


def _correction(on_site: _OnSite, asked: _Asked, at: datetime) -> Iterator[Step]:
    """The technician corrects a sheet that is signed already, and the enterprise signs once more."""
    first = _sheet(on_site, "standard_check", at)
    corrected = first | {
        "revision_id": str(id_of(f"correction {on_site.id}")),
        "supersedes": [first["revision_id"]],
        "values": first["values"] | {"remark": "补记：标准溶液批号 BZ-0412。"},
        "reason": "漏记标准溶液批号",
    }
    path = f"/visits/{on_site.id}/sheets"
    body = {"opening": on_site.opening, "sheet": corrected}
    yield _step(at, on_site.visit.agreement.technician, path, body, f"history {path} correction")
    yield asked.signature(at + 20 * MINUTE)


def _next_day(moment: datetime, clock: time, days: int = 1) -> datetime:
    return at_local(local_day(moment) + timedelta(days=days), clock)


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
