"""Exemptions from rules: the row that each fact leaves. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from qingyuan_events import Fact, Recorded
from qingyuan_events.reports import ExemptionEnded, ExemptionGranted

Row = dict[str, Any]
_GRANTED: Final = (
    "enterprise_id", "district", "rule", "point_id", "factor", "report_id", "first_day", "last_day", "reason_code", "text",
    "document_number",
)  # fmt: skip


def fold(before: Mapping[str, Any] | None, recorded: Recorded[Fact]) -> Row:
    match recorded.fact:
        case ExemptionGranted() as granted:
            return _granted(granted, recorded)
        case ExemptionEnded() as ended:
            assert before is not None, f"{recorded.stream} begins with {ended.type}"
            return dict(before) | _ended(ended, recorded)
    raise TypeError(f"no rule for {recorded.fact.type}")


def _granted(fact: ExemptionGranted, recorded: Recorded[Fact]) -> Row:
    return {
        "id": fact.exemption_id,
        "version": recorded.version,
        **{name: getattr(fact, name) for name in _GRANTED},
        "granted_at": recorded.recorded_at,
        "granted_by": fact.by,
        "ended_at": None,
        "ended_by": None,
        "end_reason": None,
    }


def _ended(fact: ExemptionEnded, recorded: Recorded[Fact]) -> Row:
    return {
        "version": recorded.version,
        "last_day": fact.last_day,
        "ended_at": recorded.recorded_at,
        "ended_by": fact.by,
        "end_reason": fact.reason,
    }
