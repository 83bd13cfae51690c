"""The visits of the present day, with the commands that a phone sends for them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from random import Random
from typing import Final
from uuid import UUID

from qingyuan_standards import forms
from qingyuan_standards.days import at_local, local_day

from qingyuan_cli.seeding import town
from qingyuan_cli.seeding.client import Client, Json
from qingyuan_cli.seeding.history import pictures
from qingyuan_cli.seeding.history.pictures import Drawing
from qingyuan_cli.seeding.history.planning import WORK
from qingyuan_cli.seeding.history.requests import MINUTE, fix_near, written
from qingyuan_cli.seeding.history.values import Instrument, Site, values_of
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


def send_visit(day: Day, visit: UUID, contract: UUID, point: Json, known: list[Json]) -> None:
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
    revisions = list(_sheets(day, visit, opening, point, known))
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


def _sheets(day: Day, visit: UUID, opening: Json, point: Json, known: list[Json]) -> Iterator[str]:
    for content, _, _ in WORK[point["medium"]][:2]:
        media = ("any", point["medium"])
        form = next(form for form in known if form["content"] == content and form["medium"] in media)
        revision = str(id_of(f"revision {visit} {content}"))
        sheet = {
            "sheet_id": str(id_of(f"sheet {visit} {content}")),
            "revision_id": revision,
            "supersedes": [],
            "form": form["form"],
            "form_version": form["version"],
            "content": content,
            "instruments": [],
            "values": _values(day, point, form),
            "used": [],
            "claimed_at": written(stay_at(point["code"], day.now).ended - 4 * MINUTE),
            "reason": None,
        }
        _send(day, visit, "sheets", opening, {"sheet": sheet}, key=content)
        yield revision


def _values(day: Day, point: Json, form: Json) -> Json:
    stay = stay_at(point["code"], day.now)
    random = Random(f"{point['code']} {form['form']}")  # noqa: S311 - invented data, the same each time
    return values_of(forms.form(form["form"], form["version"]), _site(point), stay.began, stay.ended, random)


def _site(point: Json) -> Site:
    outlet = next(outlet for outlet in town.OUTLETS if outlet["code"] == point["code"])
    analysers = [instrument for instrument in town.instruments("1", outlet) if "factor" in instrument]
    labels = [Instrument("", a["factor"], f"{a['model']} {a['serial_number']}") for a in analysers]
    return Site(f"{point['name']}站房", town.OM_OPERATOR, labels)


def _fix(point: Json, at: datetime) -> Json:
    location = point["location"]
    return fix_near(location["longitude"], location["latitude"], location["datum"], at)


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
