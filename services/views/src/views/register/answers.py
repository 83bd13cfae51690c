"""Rows of the register as JSON: the shapes that `docs/contracts.md` lists."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
from qingyuan_events.labels import KINDS, LABELS, word
from qingyuan_events.registry import EnterpriseParticulars, OutletParticulars, PointParticulars

from views.shared.coordinates import coordinates

Row = dict[str, Any]


def lifetime(row: asyncpg.Record) -> Row:
    """The fields that every entry has."""
    return {
        "id": str(row["id"]),
        "version": row["version"],
        "status": row["status"],
        "particulars": json.loads(row["particulars"]),
        "valid_from": row["valid_from"].isoformat(),
        "valid_to": row["valid_to"].isoformat() if row["valid_to"] else None,
    }


def enterprise_row(row: asyncpg.Record, counts: dict[str, int]) -> Row:
    particulars = json.loads(row["particulars"])
    fields = ("name", "uscc", "district", "address", "industry", "permit_number")
    return {
        "id": str(row["id"]),
        "version": row["version"],
        **{field: particulars[field] for field in fields},
        "status": row["status"],
        "outlets": counts.get("outlet", 0),
        "points": counts.get("monitoring_point", 0),
        "instruments": counts.get("instrument", 0),
        "changed_at": row["changed"].isoformat(),
    }


def instrument_row(row: asyncpg.Record) -> Row:
    particulars = json.loads(row["particulars"])
    return lifetime(row) | {
        "enterprise_id": str(row["enterprise_id"]),
        "enterprise_name": row["enterprise_name"],
        "point_id": str(row["parent_id"]),
        "point_code": row["parent_code"],
        "point_name": row["parent_name"],
        "kind": particulars["kind"],
        "factor": particulars.get("factor"),
        "replaces": _text(row["replaces"]),
        "replaced_by": _text(row["replaced_by"]),
        "recorded_at": row["known_from"].isoformat(),
    }


def chain_link(row: asyncpg.Record) -> Row:
    return {
        "id": str(row["id"]),
        "model": row["model"],
        "status": row["status"],
        "valid_from": row["valid_from"].isoformat() if row["valid_from"] else None,
        "valid_to": row["valid_to"].isoformat() if row["valid_to"] else None,
    }


def outlets_with_points(
    outlets: Sequence[asyncpg.Record],
    points: Sequence[asyncpg.Record],
    counts: dict[UUID, dict[str, int]],
) -> list[Row]:
    """Outlets, each with its points, each with how many instruments of each kind."""
    shown = {row["id"]: lifetime(row) | {"points": []} for row in outlets}
    for row in points:
        if row["parent_id"] in shown:
            kinds = {kind: counts.get(row["id"], {}).get(kind, 0) for kind in KINDS}
            shown[row["parent_id"]]["points"].append(lifetime(row) | {"instruments": kinds})
    return list(shown.values())


def history_items(rows: Sequence[asyncpg.Record]) -> list[Row]:
    """Each fact with what it changed, newest first."""
    items: list[Row] = []
    was: Row = {}
    for row in rows:
        now = json.loads(row["particulars"]) if row["particulars"] else None
        items.append(_item(row, changes(was, now) if now is not None and was else []))
        was = now if now is not None else was
    return items[::-1]


def _item(row: asyncpg.Record, changed: list[Row]) -> Row:
    return {
        "version": row["version"],
        "type": row["type"],
        "recorded_at": row["recorded_at"].isoformat(),
        "day": row["day"].isoformat() if row["day"] else None,
        "actor": json.loads(row["actor"]),
        "reason": row["reason"],
        "related": _text(row["related"]),
        "trace_id": row["trace_id"],
        "changes": changed,
    }


def changes(was: Row, now: Row) -> list[Row]:
    """The changed fields, in the order of the guide and with its labels."""
    labels = LABELS[KINDS[now["kind"]]] if "kind" in now else _labels_for(now)
    return [
        {
            "field": field,
            "label": label,
            "was": _shown(field, was.get(field)),
            "now": _shown(field, now.get(field)),
        }
        for field, label in labels.items()
        if was.get(field) != now.get(field)
    ]


def _labels_for(particulars: Row) -> dict[str, str]:
    if "uscc" in particulars:
        return LABELS[EnterpriseParticulars]
    return LABELS[PointParticulars if "factors" in particulars else OutletParticulars]


def _shown(field: str, value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, dict):
        return coordinates(value)
    return word(field, value)


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None
