"""The visits of the present day, with the commands that a phone sends for them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from uuid import UUID

from qingyuan_standards.days import at_local, local_day

from qingyuan_cli.seeding import town
from qingyuan_cli.seeding.client import Client, Json
from qingyuan_cli.seeding.history import pictures
from qingyuan_cli.seeding.history.pictures import Drawing
from qingyuan_cli.seeding.history.planning import WORK
from qingyuan_cli.seeding.history.registered import instrument
from qingyuan_cli.seeding.history.requests import MINUTE, Point, fix_near, written
from qingyuan_cli.seeding.history.sheets import Work, form_for
from qingyuan_cli.seeding.history.values import Site
from qingyuan_cli.seeding.identities import id_of

POINTS: Final = ("DA001", "DW001", "DW002")
"""The points of the first enterprise in the order in which the technician goes to them."""
ON_SITE: Final = 36 * MINUTE
ON_THE_WAY: Final = 7 * MINUTE
"""On foot from one outlet of the enterprise to the next."""
JUST_NOW: Final = 2 * MINUTE
ALL: Final = len(POINTS) * (ON_SITE + ON_THE_WAY)
SHORTEST: Final = 0.4
"""Of all these times; what begins less than some fifty minutes after midnight was begun on the day before."""


@dataclass(frozen=True)
class Day:
    """The clients of the people involved, the enterprise, and the present time.

    `contract` is that of the history, with its plans; None where the town has no history.
    """

    manager: Client
    technician: Client
    enterprise: Client
    password: str
    uscc: str
    now: datetime
    contract: UUID | None = None

    @property
    def today(self) -> date:
        return local_day(self.now)


@dataclass(frozen=True, slots=True)
class Stay:
    """From the arrival at a point to the departure."""

    began: datetime
    ended: datetime


def stay_at(code: str, now: datetime) -> Stay:
    """One after the other, the last until just now: nobody is at two points at once. In the first hours of a day all is shorter."""
    since_midnight = now - at_local(local_day(now), time())
    share = min(1.0, max(SHORTEST, (since_midnight - JUST_NOW) / ALL))
    later = len(POINTS) - 1 - POINTS.index(code)
    ended = now - JUST_NOW - later * (ON_SITE + ON_THE_WAY) * share
    return Stay(ended - ON_SITE * share, ended)


def send_visit(day: Day, visit: UUID, contract: UUID, point: Json) -> None:
    """The commands that a phone sends: sign-in, a photograph, the sheets, sign-out."""
    stay = stay_at(point["code"], day.now)
    began = stay.began
    opening = {
        "point_id": point["id"],
        "contract_id": str(contract),
        "cycles": [],
        "claimed_at": written(began),
    }
    fix = _fix(point, began)
    _send(
        day,
        visit,
        "sign-in",
        opening,
        {"sign_in": {"claimed_at": written(began), "companions": [], "fix": fix}},
    )
    photo = _photo(day, visit, began, fix)
    _send(day, visit, "photos", opening, {"photo": photo})
    revisions = list(_sheets(day, visit, opening, point))
    sign_out = {
        "claimed_at": written(stay.ended),
        "fix": _fix(point, stay.ended),
        "sheets": revisions,
        "photos": [photo["photo_id"]],
        "signature": signature_of(day.technician, "demo-technician"),
    }
    _send(day, visit, "sign-out", opening, {"sign_out": sign_out})


def _send(day: Day, visit: UUID, what: str, opening: Json, body: Json, key: str = "") -> None:
    path = f"/tasks/visits/{visit}/{what}"
    day.technician.command(path, {"opening": opening} | body, key=f"{visit} {what} {key}".strip())


def _sheets(day: Day, visit: UUID, opening: Json, point: Json) -> Iterator[str]:
    stay = stay_at(point["code"], day.now)
    for content, _, _ in WORK[point["medium"]][:2]:
        sheet = sheet_of(visit, point, content, stay)
        _send(day, visit, "sheets", opening, {"sheet": sheet}, key=content)
        yield sheet["revision_id"]


def sheet_of(visit: UUID, point: Json, content: str, stay: Stay) -> Json:
    form = form_for(content, point["medium"], local_day(stay.began))
    work = Work(visit=visit, name=point["code"], content=content, form=form, site=_site(point), began=stay.began, ended=stay.ended)  # fmt: skip
    return work.sheet(stay.ended - 4 * MINUTE)


def _site(point: Json) -> Site:
    """With the instruments that the phone has, and the versions in which it has them."""
    instruments = [instrument(each["id"], each, each["version"]) for each in point["instruments"]]
    return Site(f"{point['name']}站房", town.OM_OPERATOR, instruments)


def _fix(point: Json, at: datetime) -> Json:
    location = point["location"]
    place = Point(UUID(point["id"]), location["longitude"], location["latitude"], location["datum"])
    return fix_near(place, at, point["code"])


def _photo(day: Day, visit: UUID, at: datetime, fix: Json) -> Json:
    return {
        "photo_id": str(id_of(f"photo {visit}")),
        "of": "sign_in",
        "original": uploaded(day.technician, pictures.photo(str(visit)[:13])),
        "shown": None,
        "taken_at": written(at + MINUTE),
        "fix": fix,
    }


def uploaded(client: Client, drawing: Drawing) -> Json:
    return client.upload(drawing.content, drawing.media_type, drawing.name)


def signature_of(client: Client, who: str) -> Json:
    return {name: uploaded(client, drawing) for name, drawing in pictures.signature(who).items()}
