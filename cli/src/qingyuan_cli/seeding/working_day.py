"""One working day of the demo data: a contract, plans, and visits that are not signed yet, signed, and disputed."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID, uuid5

from qingyuan_standards import forms
from qingyuan_standards.days import local_day

from qingyuan_cli.seeding import town
from qingyuan_cli.seeding.client import Client, Json
from qingyuan_cli.seeding.history import pictures
from qingyuan_cli.seeding.history.pictures import Drawing
from qingyuan_cli.seeding.history.planning import WORK
from qingyuan_cli.seeding.history.requests import fix_near, written
from qingyuan_cli.seeding.history.values import Instrument, Site, values_of
from qingyuan_cli.seeding.identities import id_of

Say = Callable[[str], None]
ENDS: Final = {"DA001": "waiting", "DW001": "signed", "DW002": "disputed"}
"""The final state of the demo visit to each point of the first enterprise."""


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


def seed_working_day(day: Day, say: Say) -> None:
    """Running it again changes nothing: existing visits, and the contract and plans of which they are, stay as they are."""
    visits = {code: id_of(f"visit {day.uscc} {code}") for code in ENDS}
    there = {code for code, visit in visits.items() if day.technician.exists(f"/views/visits/{visit}")}
    for point, contract, known in _points_without(day, there):
        say(f"演示运维：{point['name']}")
        _visit(day, visits[point["code"]], contract, point, known)
        there.add(point["code"])
    for code in sorted(there):
        _end(day, visits[code], ENDS[code])


def _points_without(day: Day, there: Collection[str]) -> list[tuple[Json, UUID, list[Json]]]:
    """The points that still need their visit, each with its contract and the forms of the day."""
    if there == ENDS.keys():
        return []
    place = day.manager.get_when_found("/tasks/places", uscc=day.uscc)
    contract = day.contract or _contract(day, place["enterprise"]["id"])
    points = sorted(_points(day, contract), key=lambda point: point["code"])
    for medium in () if day.contract else WORK:
        _plan(day, contract, medium, [point for point in points if point["medium"] == medium])
    known = day.technician.get("/tasks/forms", day=day.today.isoformat())["forms"]
    return [
        (point, contract, known) for point in points if point["code"] in ENDS and point["code"] not in there
    ]


def _contract(day: Day, enterprise_id: str) -> UUID:
    particulars = {
        "number": f"LC-{day.today.year}-018",
        "name": f"{day.today.year} 年度自动监控设施运维合同",
        "first_day": f"{day.today.year}-01-01",
        "last_day": f"{day.today.year + 1}-12-31",
        "amount": "186000.00",
        "summary": "废水、废气自动监测设备运行维护",
    }
    body = {"enterprise_id": enterprise_id, "particulars": particulars, "files": []}
    contract = day.manager.command("/tasks/contracts", body, key=f"contract {day.uscc}")
    own = day.enterprise.get_when_found(f"/views/enterprises/{enterprise_id}/points")
    points = [point["id"] for outlet in own["outlets"] for point in outlet["points"]]
    day.enterprise.get_when_found(f"/views/contracts/{contract}")
    if day.enterprise.get(f"/views/contracts/{contract}")["state"] == "submitted":
        path = f"/tasks/contracts/{contract}/confirmation"
        day.enterprise.command(path, {"points": points}, key=f"contract {day.uscc} confirmed")
    return contract


def _points(day: Day, contract: UUID) -> list[Json]:
    """The points of the contract, which the operator can see once the enterprise has confirmed it."""
    path = f"/views/contracts/{contract}"
    day.manager.get_until(path, lambda view: view["state"] != "submitted")
    ids = {point["id"] for point in day.manager.get(path)["points"]}
    points = [row["point"] for row in day.manager.get("/views/tasks/today")["points"]]
    return [point for point in points if point["id"] in ids]


def _plan(day: Day, contract: UUID, medium: str, points: list[Json]) -> None:
    people = day.manager.get("/colleagues")["items"]
    first = day.today - timedelta(days=day.today.weekday())
    body = {
        "contract_id": str(contract),
        "name": f"{'废水' if medium == 'wastewater' else '废气'}在线监测系统运维计划",
        "points": [point["id"] for point in points],
        "assignees": [
            {"account": person["id"], "certificate_to": f"{day.today.year + 3}-06-30"} for person in people
        ],
        "devices": [
            {
                "name": "便携式多参数水质分析仪",
                "serial_number": "DX-2201",
                "calibrated_to": f"{day.today.year + 1}-12-31",
            }
        ],
        "first_day": first.isoformat(),
        "last_day": (first + timedelta(days=120)).isoformat(),
        "items": [{"content": c, "rule": rule, "gap_days_max": gap} for c, rule, gap in WORK[medium]],
    }
    day.manager.command("/tasks/plans", body, key=f"plan {day.uscc} {medium}")


def _visit(day: Day, visit: UUID, contract: UUID, point: Json, known: list[Json]) -> None:
    """The commands that a phone sends: sign-in, a photograph, the sheets, sign-out."""
    began = day.now - timedelta(minutes=50)
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
    signed_out_at = day.now - timedelta(minutes=2)
    sign_out = {
        "claimed_at": written(signed_out_at),
        "fix": _fix(point, signed_out_at),
        "sheets": revisions,
        "photos": [photo["photo_id"]],
        "signature": _signature(day.technician, "demo-technician"),
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
            "claimed_at": written(day.now - timedelta(minutes=10)),
            "reason": None,
        }
        _send(day, visit, "sheets", opening, {"sheet": sheet}, key=content)
        yield revision


def _values(day: Day, point: Json, form: Json) -> Json:
    began, ended = day.now - timedelta(minutes=50), day.now - timedelta(minutes=2)
    random = Random(f"{point['code']} {form['form']}")  # noqa: S311 - invented data, the same each time
    return values_of(forms.form(form["form"], form["version"]), _site(point), began, ended, random)


def _site(point: Json) -> Site:
    outlet = next(outlet for outlet in town.OUTLETS if outlet["code"] == point["code"])
    analysers = [instrument for instrument in town.instruments("1", outlet) if "factor" in instrument]
    labels = [Instrument("", a["factor"], f"{a['model']} {a['serial_number']}") for a in analysers]
    return Site(f"{point['name']}站房", town.OM_OPERATOR, labels)


def _end(day: Day, visit: UUID, end: str) -> None:
    confirmation = uuid5(visit, "confirmation")
    if end == "waiting":
        return
    confirmation_view = day.enterprise.get_when_found(f"/views/confirmations/{confirmation}")
    was_answered = confirmation_view["signature"] or confirmation_view["disputed"]
    if was_answered or confirmation_view["state"] not in ("requested", "opened"):
        return  # also where a later correction has asked for a signature again: that one is the user's
    path = f"/signoff/confirmations/{confirmation}"
    day.enterprise.command(f"{path}/opening", {}, key=f"{confirmation} opening")
    if end == "disputed":
        shown = _uploaded(day.enterprise, pictures.photo(f"{visit!s:.13}", "标准溶液.jpg"))
        body = {
            "reason": "当日未见更换标准溶液，请说明。",
            "photos": [shown],
            "evidence": day.enterprise.evidence(files=[shown]),
        }
        day.enterprise.command(f"{path}/dispute", body, key=f"{confirmation} dispute")
    else:
        day.enterprise.command(
            f"{path}/signature", _signed(day, confirmation_view), key=f"{confirmation} signature"
        )


def _signed(day: Day, confirmation_view: Json) -> Json:
    sha256 = confirmation_view["content_sha256"]
    token = day.enterprise.post("/second-factor", {"password": day.password, "over": [sha256]})["token"]
    signature = _signature(day.enterprise, "demo-enterprise")
    return {
        "content_sha256": sha256,
        "statement_version": day.enterprise.get("/signoff/statement")["version"],
        "signature": signature,
        "second_factor": token,
        "evidence": day.enterprise.evidence(contents=[sha256], files=list(signature.values())),
    }


def _fix(point: Json, at: datetime) -> Json:
    location = point["location"]
    return fix_near(location["longitude"], location["latitude"], location["datum"], at)


def _photo(day: Day, visit: UUID, at: datetime, fix: Json) -> Json:
    return {
        "photo_id": str(id_of(f"photo {visit}")),
        "of": "sign_in",
        "original": _uploaded(day.technician, pictures.photo(str(visit)[:13])),
        "shown": None,
        "taken_at": written(at + timedelta(minutes=1)),
        "fix": fix,
    }


def _uploaded(client: Client, drawing: Drawing) -> Json:
    return client.upload(drawing.content, drawing.media_type, drawing.name)


def _signature(client: Client, who: str) -> Json:
    return {name: _uploaded(client, drawing) for name, drawing in pictures.signature(who).items()}
