"""The commands of a visit, as a technician's phone sends them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from qingyuan_standards.days import local_day

from qingyuan_cli.seeding.history import pictures, planning, values
from qingyuan_cli.seeding.history.pictures import Drawing
from qingyuan_cli.seeding.history.planning import WITHOUT_WORK, PlannedVisit
from qingyuan_cli.seeding.history.requests import (
    MINUTE,
    Json,
    Point,
    Step,
    Town,
    contract_of,
    fix_near,
    next_day,
    written,
)
from qingyuan_cli.seeding.history.sentences import BACKFILLED, chosen
from qingyuan_cli.seeding.history.sheets import Work, form_for
from qingyuan_cli.seeding.identities import id_of

SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class OnSite:
    """A visit that is being made, with all that its requests have in common."""

    visit: PlannedVisit
    id: UUID
    point: Point
    opening: Json
    site: values.Site

    def received(self, claimed: datetime, order: int) -> datetime:
        """A phone without network sends everything at once when it has one again."""
        if self.visit.is_late:
            return next_day(self.visit.ended, planning.NEXT_MORNING) + 2 * order * SECOND
        return claimed + (5 + order) * SECOND

    def sends(
        self,
        claimed: datetime,
        order: int,
        what: str,
        body: Json,
        key: str = "",
        uploads: Sequence[Drawing] = (),
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
        return fix_near(self.point, at, self.visit.name, outside=self.visit.is_far)


def arrive(visit: PlannedVisit, town: Town, today: date) -> OnSite:
    point = town.works[visit.agreement.enterprise].points[visit.outlet]
    opening = {
        "point_id": str(point.id),
        "contract_id": str(contract_of(visit.agreement, town)),
        "cycles": [],
        "claimed_at": written(visit.began),
    }
    site = town.sites[visit.agreement.enterprise, visit.outlet].on(local_day(visit.began), visit.replaces)
    return OnSite(visit, id_of(f"history visit {today} {visit.name}"), point, opening, site)


def visit_steps(on_site: OnSite) -> Iterator[Step]:
    visit = on_site.visit
    yield _sign_in(on_site)
    photos = [] if visit.backfilled else [_photo(on_site)]
    yield from photos
    if visit.ending in WITHOUT_WORK:
        yield from _ended_early(on_site)
        return
    sheets = list(_sheets(on_site))
    yield from sheets
    if visit.backfilled:
        yield _backfill(on_site)
    yield _sign_out(on_site, sheets, photos)


def _sign_in(on_site: OnSite) -> Step:
    began = on_site.visit.began
    sign_in: Json = {"claimed_at": written(began), "companions": [], "fix": _fix_of(on_site, began)}
    return on_site.sends(began, 0, "sign-in", {"sign_in": sign_in})


def _fix_of(on_site: OnSite, at: datetime) -> Json | None:
    """Who fills in a visit afterwards is not on site any more."""
    return None if on_site.visit.backfilled else on_site.fix(at)


def _backfill(on_site: OnSite) -> Step:
    reason = {
        "reason_class": "signal",
        "explanation": chosen(BACKFILLED, on_site.visit.name),
        "claimed_at": written(on_site.visit.ended),
        "arrived_at": written(on_site.visit.began),
        "left_at": written(on_site.visit.ended),
    }
    return on_site.sends(on_site.visit.ended, 8, "backfill", reason)


def _photo(on_site: OnSite) -> Step:
    visit = on_site.visit
    taken = visit.began + MINUTE
    drawing = pictures.photo(f"{visit.outlet} {local_day(visit.began)}")
    photo = {
        "photo_id": str(id_of(f"photo {on_site.id}")),
        "of": "obstruction" if visit.ending == "obstructed" else "sign_in",
        "original": drawing.ref,
        "shown": None,
        "taken_at": written(taken),
        "fix": on_site.fix(taken),
    }
    return on_site.sends(taken + MINUTE, 1, "photos", {"photo": photo}, uploads=[drawing])


def _ended_early(on_site: OnSite) -> Iterator[Step]:
    ended = on_site.visit.ended
    if on_site.visit.ending == "obstructed":
        what = {"what": "门卫不予放行，等候四十分钟后仍无人接待。", "claimed_at": written(ended)}
        yield on_site.sends(ended, 2, "obstruction", what)
        yield on_site.sends(
            ended, 3, "abort", {"reason": "企业未予配合，未能进入站房。", "claimed_at": written(ended)}
        )
    else:
        yield on_site.sends(
            ended, 2, "abort", {"reason": "厂区临时停电，无法开展工作。", "claimed_at": written(ended)}
        )


def _sheets(on_site: OnSite) -> Iterator[Step]:
    claimed = on_site.visit.ended - 6 * MINUTE
    for order, content in enumerate(on_site.visit.contents, start=2):
        sheet = sheet_of(on_site, content, claimed + order * MINUTE / 2)
        yield on_site.sends(claimed + order * MINUTE / 2, order, "sheets", {"sheet": sheet}, key=content)


def sheet_of(on_site: OnSite, content: str, claimed: datetime) -> Json:
    visit = on_site.visit
    form = form_for(content, visit.medium, local_day(visit.began))
    work = Work(visit=on_site.id, name=visit.name, content=content, form=form, site=on_site.site, began=visit.began, ended=visit.ended)  # fmt: skip
    return work.sheet(claimed)


def _sign_out(on_site: OnSite, sheets: Sequence[Step], photos: Sequence[Step]) -> Step:
    visit = on_site.visit
    drawn = pictures.signature(visit.agreement.technician)
    sign_out = {
        "claimed_at": written(visit.ended),
        "fix": _fix_of(on_site, visit.ended),
        "sheets": [step.body["sheet"]["revision_id"] for step in sheets],
        "photos": [step.body["photo"]["photo_id"] for step in photos],
        "signature": {name: drawing.ref for name, drawing in drawn.items()},
    }
    return on_site.sends(visit.ended, 9, "sign-out", {"sign_out": sign_out}, uploads=tuple(drawn.values()))
