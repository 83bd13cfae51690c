"""The devices of the plans of due work, from which a technician's phone offers those that a visit used."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from qingyuan_runtime.database.connections import Connection

from views.work.answers import plain
from views.work.filing_marks import OF_DEVICES

Row = dict[str, Any]


async def of_plans(
    connection: Connection, operator: UUID | None, crews: Mapping[UUID, Row]
) -> Mapping[UUID, Sequence[Row]]:
    """By plan. A filed device has its filed version, and the last day on which one of its papers holds."""
    named = {
        device["resource_id"]
        for crew in crews.values()
        for device in crew["devices"]
        if device.get("resource_id")
    }
    rows = await connection.fetch(_FILED, list(named), operator, list(OF_DEVICES))
    filed = {str(row["resource_id"]): row for row in rows}
    return {
        plan: [_device(device, filed.get(device.get("resource_id"))) for device in crew["devices"]]
        for plan, crew in crews.items()
    }


def _device(device: Row, filed: Any | None) -> Row:
    """`filed` is None of a device that is not filed; its date is the one that was typed."""
    held_to = plain(filed["held_to"]) if filed else device.get("calibrated_to")
    return {
        **{name: device.get(name) for name in ("name", "serial_number", "resource_id")},
        "version": filed["version"] if filed else None,
        "held_to": held_to,
        "lacks_paper": bool(filed and not filed["papers"]),
    }


def at_point(of_plan: Mapping[UUID, Sequence[Row]], due: Iterable[Any]) -> list[Row]:
    """Each device of the plans of this work once, with the plans that name it. Two makers may give one serial number."""
    found: dict[tuple[str | None, str, str], Row] = {}
    for plan in dict.fromkeys(row["plan_id"] for row in due):
        for device in of_plan[plan]:
            known_by = (device["resource_id"], device["name"], device["serial_number"])
            entry = found.setdefault(known_by, device | {"plans": []})
            entry["plans"].append(str(plan))
    return list(found.values())


# A paper without an end makes `held_to` null, as a device whose papers all have none does: `papers` tells the two apart.
_FILED: Final = """
    select f.resource_id, f.version, count(p.paper_id) as papers,
           case when max(p.last_day) < 'infinity' then max(p.last_day) end as held_to
      from filings.filed_resource f
      left join filings.filed_paper p on p.resource_id = f.resource_id and p.operator_id = f.operator_id
           and p.kind = any($3::text[])
     where f.resource_id = any($1::uuid[]) and f.operator_id = $2 and not f.cancelled
     group by f.resource_id, f.version
"""
