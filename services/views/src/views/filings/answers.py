"""Rows of filings as JSON: the shapes of `response_models`."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from views.filings import leases
from views.filings.joint_passing import reasons_of
from views.filings.queries import OneFiling, OneReview
from views.filings.returned import remarks_on_basics, remarks_on_resource

Row = dict[str, Any]
Leases = Mapping[UUID, list[Row]]
"""Contracts that a lease does not cover, by resource or by paper."""


def filing_row(row: Any) -> Row:
    return {
        "operator_id": str(row["operator_id"]),
        **{
            name: row[name]
            for name in ("version", "name", "uscc", "state", "number", "returned", "late", "standing")
        },
        **{name: _iso(row[name]) for name in ("moved_at", "submitted_at", "filed_on")},
    }


def listed_filing(row: Any, waiting: Mapping[UUID, Any]) -> Row:
    facts = waiting.get(row["operator_id"])
    return filing_row(row) | {
        "opened_by": (_json(facts["opened_by"]) or []) if facts else [],
        "by_itself": reasons_of(facts) if facts else [],
    }


def filing(found: OneFiling) -> Row:
    detail = json.loads(found.row["detail"])
    return filing_row(found.row) | {
        "basics": _json(found.row["basics"]),
        "basics_version": found.row["basics_version"],
        "basics_changed_on": _iso(found.row["basics_changed_on"]),
        "filed_basics": _json(found.row["filed_basics"]),
        "submission": _submission(detail.get("submission")),
        "remarks": _remarks_on_basics(detail, _json(found.row["basics"])),
        "steps": detail.get("steps", []),
        "undertaking": detail.get("undertaking"),
        "overdue": detail.get("overdue", []),
        "counts": found.counts,
        "unfiled": found.unfiled,
        "report_by": _iso(found.report_by),
        "contracts": _declared(found.contracts),
        "uncovered": list(map(leases.shown, found.uncovered)),
    }


def _declared(running: Any) -> Row | None:
    if running is None:
        return None
    amount = running["amount"]
    return {
        "projects": running["number"],
        "amount": None if amount is None else format(amount / 10_000, "f"),
    }


def _submission(stored: Row | None) -> Row | None:
    return {"basics_version": None, "opened_by": []} | stored if stored else None


def _remarks_on_basics(detail: Row, now: Row | None) -> list[Row]:
    remarks = detail.get("remarks", [])
    return remarks_on_basics(remarks, detail.get("returned_basics"), now, detail.get("retyped", []))


def resource_row(row: Any, uncovered: Leases) -> Row:
    detail, particulars = json.loads(row["detail"]), json.loads(row["particulars"])
    return {
        "id": str(row["id"]),
        "operator_id": str(row["operator_id"]),
        **{name: row[name] for name in ("kind", "version", "title", "state")},
        "particulars": particulars,
        "filed": _json(row["filed"]),
        **{name: _iso(row[name]) for name in ("filed_on", "changed_on", "ended_on")},
        "remarks": _remarks_on_resource(row, particulars, row["own_version"]),
        "revoked": detail.get("revoked", {}),
        "uncovered": [] if row["ended_on"] else uncovered.get(row["id"], []),
    }


def _remarks_on_resource(row: Any, now: Row, version: int) -> list[Row]:
    """`version`: at which the particulars `now` stand."""
    same_version = row["returned_version"] is not None and version <= row["returned_version"]
    remarks, returned = _json(row["remarks"]) or [], _json(row["returned"])
    return remarks_on_resource(remarks, returned, now, same_version=same_version)


def resource(row: Any, uncovered: Leases) -> Row:
    return resource_row(row, uncovered) | {"steps": json.loads(row["detail"]).get("steps", [])}


def review(found: OneReview) -> Row:
    filing = found.filing
    detail = json.loads(filing["detail"])
    submission = detail["submission"]
    now, before = _json(filing["basics"]), _json(filing["filed_basics"])
    uncovered = leases.by("resource_id", found.uncovered)
    has_basics = filing["state"] == "first_review" or submission.get("basics_version") is not None
    return {
        "operator_id": str(filing["operator_id"]),
        **{name: filing[name] for name in ("name", "version", "number", "late")},
        "stage": filing["state"],
        "submitted_at": _iso(filing["submitted_at"]),
        "opened_by": submission.get("opened_by", []),
        "basics": _basics_under_review(detail, _handed_in(detail) or now, before) if has_basics else None,
        "resources": [_under_review(row, uncovered) for row in found.resources],
    }


def _handed_in(detail: Row) -> Any:
    """The basics at the version that was handed in; the draft may have gone on since."""
    return detail.get("unfiled_basics", {}).get(str(detail["submission"].get("basics_version")))


def _basics_under_review(detail: Row, now: Row, before: Row | None) -> Row:
    return {"now": now, "before": before, "earlier_remarks": _remarks_on_basics(detail, now)}


def _under_review(row: Any, uncovered: Leases) -> Row:
    now = json.loads(row["now"])
    return {
        "id": str(row["id"]),
        **{name: row[name] for name in ("kind", "version", "title")},
        "now": now,
        "before": _json(row["before"]),
        "changed_on": _iso(row["changed_on"]),
        "ended_on": _iso(row["ended_on"]),
        "earlier_remarks": _remarks_on_resource(row, now, row["version"]),
        "uncovered": uncovered.get(row["id"], []),
    }


def expiring(row: Any, today: date, uncovered: Leases) -> Row:
    return {
        **{name: str(row[name]) for name in ("paper_id", "operator_id", "resource_id")},
        **{
            name: row[name]
            for name in ("kind", "number", "issuer", "operator_name", "resource_kind", "title")
        },
        **{name: _iso(row[name]) for name in ("valid_from", "valid_to", "revoked_from")},
        "days_left": (row["valid_to"] - today).days,
        "uncovered": uncovered.get(row["paper_id"], []),
    }


def public(row: Any) -> Row:
    basics = json.loads(row["filed_basics"])
    return {
        "name": row["name"],
        "uscc": basics["uscc"],
        "scope": basics["scope"],
        "scope_other": basics.get("scope_other"),
        "undertaking": (json.loads(row["detail"]).get("undertaking") or {}).get("text"),
        "registered_in": basics["registered_in"],
        "filed_on": _iso(row["filed_on"]),
        "state": "filed" if row["standing"] == "active" else "locked",
    }


def _json(text: str | None) -> Any:
    return json.loads(text) if text else None


def _iso(value: Any) -> str | None:
    return value.isoformat() if value else None
