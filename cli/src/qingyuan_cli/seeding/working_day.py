"""One working day of the demo data: a contract, plans, and visits that are not signed yet, signed, and disputed."""

from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid5

from qingyuan_cli.seeding.client import Json
from qingyuan_cli.seeding.history import pictures
from qingyuan_cli.seeding.history.planning import WORK
from qingyuan_cli.seeding.history.sentences import DISPUTED
from qingyuan_cli.seeding.identities import id_of
from qingyuan_cli.seeding.todays_visits import POINTS, Day, send_visit, signature_of, uploaded

Say = Callable[[str], None]
ENDS: Final = dict(zip(POINTS, ("waiting", "signed", "disputed"), strict=True))
"""The final state of the demo visit to each point of the first enterprise."""


def seed_working_day(day: Day, say: Say) -> None:
    """Running it again changes nothing: existing visits, and the contract and plans of which they are, stay as they are."""
    visits = {code: id_of(f"visit {day.uscc} {code}") for code in ENDS}
    there = {code for code, visit in visits.items() if day.technician.exists(f"/views/visits/{visit}")}
    for point, contract in _points_without(day, there):
        say(f"演示运维：{point['name']}")
        send_visit(day, visits[point["code"]], contract, point)
        there.add(point["code"])
    for code in sorted(there):
        _end(day, visits[code], ENDS[code])


def _points_without(day: Day, there: Collection[str]) -> list[tuple[Json, UUID]]:
    """The points that still need their visit, each with its contract."""
    if there == ENDS.keys():
        return []
    place = day.manager.get_when_found("/tasks/places", uscc=day.uscc)
    contract = day.contract or _contract(day, place["enterprise"]["id"])
    points = sorted(_points(day, contract), key=lambda point: point["code"])
    for medium in () if day.contract else WORK:
        _plan(day, contract, medium, [point for point in points if point["medium"] == medium])
    return [(point, contract) for point in points if point["code"] in ENDS and point["code"] not in there]


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
    points = [
        row["point"] | {"instruments": row["instruments"]}
        for row in day.manager.get("/views/tasks/today")["points"]
    ]
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
        shown = uploaded(day.enterprise, pictures.photo(f"{visit!s:.13}", "标准溶液.jpg"))
        body = {
            "reason": DISPUTED[0][0],
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
    signature = signature_of(day.enterprise, "demo-enterprise")
    return {
        "content_sha256": sha256,
        "statement_version": day.enterprise.get("/signoff/statement")["version"],
        "signature": signature,
        "second_factor": token,
        "evidence": day.enterprise.evidence(contents=[sha256], files=list(signature.values())),
    }
