"""The data a technician's phone needs offline: points of current contracts, the work due there, and the last values.

It includes points where nothing is due: repairs are not planned, and the phone may have no network when one is needed.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from qingyuan_events import Actor
from qingyuan_runtime.database.connections import Connection
from qingyuan_standards.cycles import slack_days
from qingyuan_standards.forms import forms

from views.shared.scope import introduce_clients, runs
from views.work import today_devices
from views.work.answers import plain
from views.work.own_certificate import own_certificate

Row = dict[str, Any]

MISSED_SHOWN_DAYS: Final = 31
"""How many days a missed window is still listed. Not from a standard; older ones are on the board."""

LOOKED_BACK: Final = timedelta(days=400)
"""How old the last sheet about a factor may be. Not from a standard; the rarest of this work is due every year or sooner."""


async def answer(connection: Connection, actor: Actor, day: date) -> Row:
    """The body of `GET /tasks/today`. `connection` is scoped to the actor's operator."""
    await introduce_clients(connection, day)
    operator = actor.organisation
    contracts = await connection.fetch(_CONTRACTS, operator, day)
    rows = await connection.fetch(_WORK, operator, day, day - timedelta(days=MISSED_SHOWN_DAYS))
    contract_of = {point: row for row in contracts for point in row["points"]}
    points = sorted(contract_of)
    work = [row for row in rows if row["point_id"] in contract_of]
    entries = {row["id"]: row for row in await connection.fetch(_ENTRIES, points)}
    instruments = _grouped_by(await connection.fetch(_INSTRUMENTS, points, day), "parent_id")
    pairs = sorted({(row["point_id"], row["content"]) for row in work})
    last_done = {
        (row["point_id"], row["content"]): row["day"]
        for row in await connection.fetch(
            _LAST_DONE, operator, [point for point, _ in pairs], [content for _, content in pairs]
        )
    }
    names = sorted({form.name for form in forms(day)})
    last = _grouped_by(await connection.fetch(_LAST_VALUES, operator, points, names), "point_id")
    of_factors = _grouped_by(
        await connection.fetch(_LAST_OF_FACTORS, operator, points, _about_one_factor(day), day - LOOKED_BACK),
        "point_id",
    )
    crews = await _crews(connection, {row["plan_id"] for row in work})
    devices = await today_devices.of_plans(connection, operator, crews)
    due = _grouped_by(work, "point_id")
    return {
        "day": day.isoformat(),
        "certificate": await own_certificate(connection, actor, day),
        "parts": [dict(row) for row in await connection.fetch(_PARTS, operator, day)],
        "points": [
            _point_and_enterprise(entries[point], contract_of[point])
            | {
                "instruments": [_instrument(row) for row in instruments[point]],
                "work": [
                    _due(row, day, last_done, assigned=str(actor.account) in _assigned(crews[row["plan_id"]]))
                    for row in due[point]
                ],
                "devices": today_devices.at_point(devices, due[point]),
                "last": {row["form"]: json.loads(row["revision"])["values"] for row in last[point]},
                "last_of_factor": _by_factor(of_factors[point]),
            }
            for point in points
            if point in entries
        ],
    }


def _about_one_factor(day: date) -> list[str]:
    return sorted(form.name for form in forms(day) if "factor" in form.document["schema"]["properties"])


def _by_factor(rows: Iterable[Any]) -> dict[str, Row]:
    found: dict[str, Row] = defaultdict(dict)
    for row in rows:
        found[row["form"]][row["factor"]] = json.loads(row["revision"])["values"]
    return found


def _grouped_by(rows: Iterable[Any], name: str) -> Mapping[UUID, Sequence[Any]]:
    groups: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        groups[row[name]].append(row)
    return groups


async def _crews(connection: Connection, plans: Iterable[UUID]) -> dict[UUID, Row]:
    rows = await connection.fetch("select id, detail from work.plan where id = any($1)", list(plans))
    return {row["id"]: json.loads(row["detail"])["crews"][-1] for row in rows}


def _assigned(crew: Row) -> set[str]:
    return {assignee["account"] for assignee in crew["assignees"]}


def _point_and_enterprise(row: Any, contract: Any) -> Row:
    point, enterprise = json.loads(row["point"]), json.loads(row["enterprise"])
    location = point.get("location") or json.loads(row["outlet"] or "{}").get("location")
    return {
        "point": {
            "id": str(row["id"]),
            **{name: point[name] for name in ("code", "name", "medium")},
            "location": location,
            "outlet_id": str(row["outlet_id"]),
        },
        "enterprise": {
            "id": str(row["enterprise_id"]),
            **{name: enterprise[name] for name in ("name", "address")},
        },
        "contract_id": plain(contract["id"]),
        "contract_first_day": plain(contract["first_day"]),
        "operator_name": contract["operator_name"],
    }


def _instrument(row: Any) -> Row:
    particulars = json.loads(row["latest"])
    return {
        "id": str(row["id"]),
        "version": row["version"],
        **{name: particulars.get(name) for name in _OF_AN_INSTRUMENT},
    }


def _due(row: Any, day: date, last_done: Mapping[Any, date], *, assigned: bool) -> Row:
    last = last_done.get((row["point_id"], row["content"]))
    return {
        "plan_id": str(row["plan_id"]),
        **{name: row[name] for name in ("item", "number", "content")},
        **{name: plain(row[name]) for name in ("opens", "closes")},
        "slack_days": slack_days(day, row["closes"], last, row["gap_days_max"]),
        "last_done": plain(last),
        "assigned": assigned,
    }


_OF_AN_INSTRUMENT: Final = (
    "kind",
    "factor",
    "model",
    "serial_number",
    "unit",
    "name",
    "method",
    "manufacturer",
    "maker",
)
_CONTRACTS: Final = f"""
    select id, points, operator_name, first_day from work.contract where operator_id = $1 and {runs("$2")} order by submitted, id
"""
_WORK: Final = """
    select plan_id, item, number, point_id, content, opens, closes, gap_days_max from work.cycle
     where operator_id = $1 and closes >= $3 and opens <= $2 and visit_id is null and not stopped
     order by closes, plan_id, item, number
"""
_PARTS: Final = """
    select distinct p.name, p.model from filings.filed_part p join filings.filed_resource f using (resource_id)
     where p.operator_id = $1 and not f.cancelled and p.last_day >= $2 order by p.name, p.model
"""
_ENTRIES: Final = """
    select p.id, p.enterprise_id, p.parent_id as outlet_id, p.latest as point, o.latest as outlet, e.latest as enterprise
      from register.entry p
      join register.entry e on e.id = p.enterprise_id
      left join register.entry o on o.id = p.parent_id
     where p.id = any($1) and p.status <> 'voided'
"""
# By the days of its life, not its status: one may be registered, replaced or retired as of a day to come.
_INSTRUMENTS: Final = """
    select e.id, e.parent_id, e.version, e.latest from register.entry e
     where e.noun = 'instrument' and e.parent_id = any($1)
       and exists (select from register.belief b where b.id = e.id and b.known_to is null
                      and b.valid_from <= $2 and (b.valid_to is null or b.valid_to > $2))
     order by e.title, e.id
"""
# One index lookup for each pair, instead of reading the sheets of a whole year for the last one.
_LAST_DONE: Final = """
    select wanted.point_id, wanted.content, last.day
      from unnest($2::uuid[], $3::text[]) as wanted(point_id, content)
     cross join lateral (
          select s.day from work.sheet s
           where s.counts and s.operator_id = $1 and s.point_id = wanted.point_id and s.content = wanted.content
           order by s.day desc limit 1) last
"""
_LAST_VALUES: Final = """
    select wanted.point_id, wanted_form.form, last.revision
      from unnest($2::uuid[]) as wanted(point_id) cross join unnest($3::text[]) as wanted_form(form)
     cross join lateral (
          select s.revision from work.sheet s
           where s.counts and s.operator_id = $1 and s.point_id = wanted.point_id and s.form = wanted_form.form
           order by s.day desc, s.visit_id, s.number desc limit 1) last
"""
# A form that is about one factor is filled in for each of them: the last one about another factor says nothing of this one.
_LAST_OF_FACTORS: Final = """
    select distinct on (s.point_id, s.form, factor) s.point_id, s.form, s.revision -> 'values' ->> 'factor' as factor, s.revision
      from work.sheet s
     where s.counts and s.operator_id = $1 and s.point_id = any($2) and s.form = any($3) and s.day >= $4
       and s.revision -> 'values' ->> 'factor' is not null
     order by s.point_id, s.form, factor, s.day desc, s.visit_id, s.number desc
"""
