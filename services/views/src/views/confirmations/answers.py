"""Rows of confirmations as JSON: the shapes that `docs/contracts-working-day.md` lists."""

import json
from collections.abc import Sequence
from typing import Any

from views.shared.names import Names

Row = dict[str, Any]
_MOMENTS = ("visit_day", "requested_at", "due_at", "signed_at", "originals_at")


def confirmation_row(row: Any, names: Names, contents: Sequence[str] | None) -> Row:
    """`contents` is None while the visit is not known here: topics are read independently."""
    return {
        "id": str(row["id"]),
        "version": row["version"],
        "visit_id": str(row["visit_id"]),
        "state": row["state"],
        **{name: row[name].isoformat() if row[name] else None for name in _MOMENTS},
        **names.of(row, row["visit_day"]),
        "district": row["district"],
        "contents": list(contents or ()),
        **{name: row[name] for name in ("content_sha256", "late", "signed_content_sha256")},
        **{name: row[name] for name in ("disputed", "escalated", "originals_late")},
    }


def confirmation(row: Any, names: Names, contents: Sequence[str] | None) -> Row:
    """The row with its history and its last signature."""
    detail = json.loads(row["detail"])
    signature = detail["signatures"][-1] if detail["signatures"] else None
    return confirmation_row(row, names, contents) | {
        "steps": detail["steps"],
        "signature": signature,
        "statement": signature and signature["statement"],
    }
