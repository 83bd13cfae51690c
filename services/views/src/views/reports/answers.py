"""Reports and exemptions as JSON: the shapes that `docs/contracts-reports.md` lists."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from qingyuan_standards.dated import setting

from views.reports.queries import OneReport, day_of
from views.reports.results import labels
from views.shared.names import Names

Row = dict[str, Any]
_PLAIN: Final = (
    "version", "state", "round", "number", "doc_type", "basis", "conclusion", "district", "factors", "result", "blocking", "failing",
    "warnings", "notes",
)  # fmt: skip
_TEXTS: Final = (
    "id",
    "first_day",
    "last_day",
    "submitted_at",
    "submitted_by",
    "decided_at",
    "decided_by",
    "changed_at",
)


def plain(value: UUID | date | datetime | None) -> str | None:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return None if value is None else str(value)


def report_row(row: Any, names: Names, *, own: bool) -> Row:
    """`own`: for its operator, who alone sees what it changes after a return."""
    day, times = day_of(row), {"from": row["performed_from"], "to": row["performed_to"]}
    return {
        **{name: row[name] for name in _PLAIN},
        **{name: plain(row[name]) for name in _TEXTS},
        "performed": times if any(times.values()) else None,
        **names.parties(row, day),
        "points": [names.point(point, day) for point in row["points"]],
        "changed_since": own and row["changed_since"],
    }


def report(found: OneReport, today: date, *, own: bool) -> Row:
    row, day = found.row, day_of(found.row)
    instruments = (found.names.instrument(one, day) for one in found.instruments)
    return report_row(row, found.names, own=own) | {
        "draft": _content(found.draft) if found.draft else None,
        "rounds": [_round(one, found.verdicts) for one in found.rounds],
        "steps": [_step(step) for step in found.steps],
        "instruments": [known for known in instruments if known],
        "exemptions": [exemption_row(one, found.names, today) for one in found.exemptions],
        **{name: _named(row[name], found.related) for name in ("replaces", "superseded_by")},
    }


def _content(row: Any) -> Row:
    """Document and files of a draft or of a round."""
    return {name: json.loads(row[name]) if row[name] else None for name in ("document", "file", "originals")}


def _round(row: Any, verdicts: Iterable[Any]) -> Row:
    return _content(row) | {
        **{name: row[name] for name in ("round", "version", "number", "document_sha256", "answer")},
        "by": str(row["by"]),
        "submitted_at": plain(row["submitted_at"]),
        "verdicts": [json.loads(given["verdict"]) for given in verdicts if given["round"] == row["round"]],
        "review": json.loads(row["review"]) if row["review"] else None,
    }


def _step(row: Any) -> Row:
    shown = {name: row[name] for name in ("what", "round", "text")}
    return shown | {name: plain(row[name]) for name in ("at", "by")}


def _named(key: UUID | None, numbers: dict[UUID, str | None]) -> Row | None:
    """Nothing where the other report is not the asker's to see."""
    return {"id": str(key), "number": numbers[key]} if key in numbers else None


_OF_EXEMPTION: Final = (
    "version",
    "rule",
    "district",
    "factor",
    "reason_code",
    "text",
    "document_number",
    "end_reason",
)
_TEXTS_OF_EXEMPTION: Final = (
    "id",
    "first_day",
    "last_day",
    "granted_at",
    "granted_by",
    "ended_at",
    "ended_by",
)


def exemption_row(row: Any, names: Names, today: date) -> Row:
    day, label = row["first_day"], labels(row["rule"])
    return {
        **{name: row[name] for name in _OF_EXEMPTION},
        **{name: plain(row[name]) for name in _TEXTS_OF_EXEMPTION},
        **{name: label[name] for name in ("title", "standard")},
        "enterprise_id": str(row["enterprise_id"]),
        "enterprise_name": names.entry(row["enterprise_id"], day).get("name", ""),
        "point": names.point(row["point_id"], day) if row["point_id"] else None,
        "report": {"id": str(row["report_id"]), "number": row["report_number"]} if row["report_id"] else None,
        "state": _state(row, today),
        "reason": _reason(row),
        "applied": row["applied"],
    }


def _state(row: Any, today: date) -> str:
    if row["last_day"] < today:
        return "over"
    return "upcoming" if row["first_day"] > today else "holds"


def _reason(row: Any) -> str:
    """The text of the reason's code on the day on which it was chosen."""
    known = setting("exemption_reasons", row["granted_at"].date()).value
    return next((reason["text"] for reason in known if reason["code"] == row["reason_code"]), "")
