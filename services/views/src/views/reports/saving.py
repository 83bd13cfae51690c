"""Rows of the read model as they are loaded and saved: each table in one statement, from one JSON text.

`unnest` flattens arrays of arrays, so rows with lists come as JSON; what is kept as `json` keeps its text.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any, Final
from uuid import UUID

from qingyuan_events.parts import FileRef
from qingyuan_events.reports import OriginalRecord
from qingyuan_runtime.database.connections import Connection
from qingyuan_runtime.domain.text import storable

from views.reports.fold import Draft, Folded, Report

Row = Mapping[str, Any]
_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "report": ("id",),
    "report_point": ("point_id", "report_id"),
    "report_exemption": ("exemption_id", "report_id"),
    "report_draft": ("report_id",),
    "report_round": ("report_id", "round"),
    "report_verdict": ("report_id", "version"),
    "report_factor": ("report_id", "at"),
    "report_rule": ("report_id", "rule", "outcome"),
    "report_step": ("report_id", "version"),
    "exemption": ("id",),
}


async def save(connection: Connection, table: str, rows: Sequence[Row]) -> None:
    """Insert or replace these rows, which have the same columns; do nothing without rows."""
    if rows:
        names = tuple(rows[0])
        text = json.dumps(list(map(dict, rows)), ensure_ascii=False, default=str)
        await connection.execute(_statement(table, names), storable(text))


def _statement(table: str, names: Sequence[str]) -> str:
    listed = ", ".join(f'"{name}"' for name in names)
    key = _KEYS[table]
    changes = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name not in key)
    kept = f"update set {changes}" if changes else "nothing"
    return (
        f"insert into {table} ({listed}) select {listed} from json_populate_recordset(null::{table}, $1::json)"
        f" on conflict ({', '.join(key)}) do {kept}"
    )


def report_row(report: Report) -> Row:
    return asdict(report)


def draft_row(report: Report, draft: Draft) -> Row:
    return {
        "report_id": report.id,
        "operator_id": report.operator_id,
        "document": draft.document,
        "points": draft.points,
        **files(draft),
    }


def files(draft: Draft) -> Row:
    return {
        "file": draft.file.model_dump(mode="json") if draft.file else None,
        "originals": [original.model_dump(mode="json") for original in draft.originals],
    }


async def load(connection: Connection, ids: Iterable[UUID]) -> dict[UUID, Folded]:
    rows = await connection.fetch(_LOAD, list(ids))
    return {row["id"]: (_report(row), _draft(row)) for row in rows}


_NAMES: Final = tuple(field.name for field in fields(Report))
_LISTS: Final = frozenset({"points", "factors", "failing", "findings"})


def _report(row: Any) -> Report:
    stored: dict[str, Any] = {name: tuple(row[name]) if name in _LISTS else row[name] for name in _NAMES}
    return Report(**stored)


def _draft(row: Any) -> Draft:
    originals = json.loads(row["draft_originals"])
    return Draft(
        document=json.loads(row["document"]),
        points=tuple(row["draft_points"]),
        file=FileRef.model_validate_json(row["file"]) if row["file"] else None,
        originals=tuple(map(OriginalRecord.model_validate, originals)),
    )


_LOAD: Final = """
    select r.*, d.document, d.points as draft_points, d.file, d.originals as draft_originals
      from report r join report_draft d on d.report_id = r.id where r.id = any($1)
"""
DIGESTS: Final = """
    select 'report-' || r.id as stream, md5(to_jsonb(r)::text || to_jsonb(d)::text
               || coalesce((select jsonb_agg(o order by o.round) from report_round o where o.report_id = r.id)::text, '')
               || coalesce((select jsonb_agg(v order by v.version) from report_verdict v where v.report_id = r.id)::text, '')
               || coalesce((select jsonb_agg(f order by f.at) from report_factor f where f.report_id = r.id)::text, '')
               || coalesce((select jsonb_agg(u order by u.rule, u.outcome) from report_rule u where u.report_id = r.id)::text, '')
               || coalesce((select jsonb_agg(p order by p.point_id) from report_point p where p.report_id = r.id)::text, '')
               || coalesce((select jsonb_agg(x order by x.exemption_id) from report_exemption x where x.report_id = r.id)::text, '')
               || coalesce((select jsonb_agg(s order by s.version) from report_step s where s.report_id = r.id)::text, ''))
           as digest
      from report r join report_draft d on d.report_id = r.id where 'report-' || r.id = any($1)
    union all
    select 'exemption-' || e.id, md5(to_jsonb(e)::text) from exemption e where 'exemption-' || e.id = any($1)
"""
