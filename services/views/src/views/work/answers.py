"""Rows of the working day as JSON: the shapes that `docs/contracts-working-day.md` lists."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from qingyuan_events import content
from qingyuan_events.tasks import SheetRevisionV3
from qingyuan_standards.days import local_day

from views.confirmations.answers import confirmation as confirmation_answer
from views.shared.names import Names, voided
from views.work import filing_marks, sheet_instruments, sheet_times, visits
from views.work.lists import IMPLAUSIBLE_TRAVEL
from views.work.queries import OneContract, OnePlan, OneVisit, instruments_of
from views.work.visits import Detail, Place

Row = dict[str, Any]


def plain(value: UUID | date | datetime | Decimal | None) -> str | None:
    """A value for JSON: times and days in ISO 8601, measured numbers as decimal strings."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    return None if value is None else str(value)


def visit_row(row: Any, names: Names) -> Row:
    marks = [*row["marks"], *([IMPLAUSIBLE_TRAVEL] if row["implausible"] else [])]
    return {
        "id": str(row["id"]),
        "version": row["version"],
        "day": plain(row["day"]),
        "state": row["state"],
        **names.of(row, row["day"]),
        "outlet_id": str(row["outlet_id"]),
        "district": row["district"],
        "by": str(row["by"]),
        **{name: row[name] for name in ("contents", "sheets", "photos")},
        "marks": marks,
        "filing_marks": filing_marks.marks_of(row),
        "operator_filing": filing_marks.operator_filing(row),
        **{name: row[name] for name in ("backfilled", "obstructed", "conflict")},
        **{name: plain(row[name]) for name in ("sign_in_at", "sign_out_at", "distance_m")},
        "confirmation": _confirmation_of(row),
    }


def _confirmation_of(row: Any) -> Row | None:
    if row["confirmation_id"] is None:
        return None
    return {
        "id": str(row["confirmation_id"]),
        "state": row["confirmation_state"],
        "due_at": plain(row["due_at"]),
        "signed_at": plain(row["signed_at"]),
        "late": row["late"],
    }


def visit(found: OneVisit) -> Row:
    detail: Row = found.detail.model_dump(mode="json", exclude={"first_said", "first_by"})
    photos = [added.pop("photo") | added for added in detail.pop("photos")]
    confirmation = found.confirmation
    return (
        visit_row(found.row, found.names)
        | detail
        | {
            "photos": photos,
            "sheets": sheets(found.revisions),
            "instruments": instruments(found),
            "certificates": found.certificates,
            "devices": found.devices,
            "findings": findings(found),
            "content": signed_content(found.row, found.detail, found.revisions),
            "confirmation": confirmation
            and confirmation_answer(confirmation, found.names, found.row["contents"]),
        }
    )


def findings(found: OneVisit) -> list[Row]:
    """What is noticed about the sheets beside the rest of the visit and the register."""
    times = sheet_times.findings(found.detail, found.revisions)
    instruments = sheet_instruments.findings(found.revisions, found.names, found.row["day"], found.in_use)
    return [*times, *instruments]


def instruments(found: OneVisit) -> list[Row]:
    """Those of the sheets, as of the day of the visit; without those that the register does not know yet."""
    ids, day = instruments_of(found.revisions), found.row["day"]
    return [known for each in ids if (known := found.names.instrument(each, day))]


def sheets(revisions: Sequence[SheetRevisionV3]) -> list[Row]:
    """The sheets, each with its current revisions (`heads`) and all its revisions, oldest first."""
    current = content.heads(revisions)
    by_id: dict[UUID, Row] = {}
    for revision in revisions:
        sheet = by_id.setdefault(
            revision.sheet_id, {"sheet_id": str(revision.sheet_id), "heads": [], "revisions": []}
        )
        dumped = revision.model_dump(mode="json")
        sheet |= {"form": revision.form, "form_version": revision.form_version, "content": revision.content}
        sheet["revisions"].append(dumped)
        if revision in current:
            sheet["heads"].append(dumped)
    return list(by_id.values())


def signed_content(row: Any, detail: Detail, revisions: Sequence[SheetRevisionV3]) -> Row | None:
    """The canonical text that the enterprise signs, and its hash; None while the visit is not complete."""
    if detail.completed is None:
        return None
    place = Place(
        row["id"],
        row["enterprise_id"],
        row["operator_id"],
        row["district"],
        row["outlet_id"],
        row["point_id"],
    )
    visit_content = visits.content(place, detail, revisions)
    return {"text": content.canonical(visit_content).decode(), "sha256": content.sha256(visit_content)}


def cycle_row(row: Any, names: Names, slack_days: int | None) -> Row:
    return {
        **{name: row[name] for name in ("item", "number", "content", "state", "district", "gap_days_max")},
        **{name: plain(row[name]) for name in ("plan_id", "opens", "closes", "visit_id", "done_on")},
        "last_done": plain(row["last_done"]),
        "slack_days": slack_days,
        "under": _contract_named(row["under_id"], row["under_number"]),
        "by_others": _by_others(row),
        **names.of(row, row["closes"]),
    }


def _by_others(row: Any) -> Row | None:
    if row["others_visit"] is None:
        return None
    return {
        "visit_id": str(row["others_visit"]),
        "day": plain(row["others_day"]),
        "operator_name": row["others_operator"] or "",
        "contract": _contract_named(row["others_contract"], row["others_number"]),
    }


def _contract_named(contract_id: UUID | None, number: str | None) -> Row | None:
    return None if contract_id is None else {"id": str(contract_id), "number": number}


def contract_row(row: Any, names: Names) -> Row:
    """The district is shown only if the enterprise has agreed: any operator can submit a contract with any enterprise."""
    agreed = row["state"] not in ("submitted", "declined")
    detail, parties = json.loads(row["detail"]), names.parties(row, local_day(row["submitted"]))
    return {
        "id": str(row["id"]),
        "version": row["version"],
        **parties,
        **{name: row[name] for name in ("number", "operator_name", "state")},
        "district": row["district"] if agreed else None,
        "enterprise_name": parties["enterprise_name"] or row["enterprise_name"],
        "name": detail["particulars"]["name"],
        "points": [str(point) for point in row["points"]],
        **{name: plain(row[name]) for name in ("first_day", "last_day", "ended_on")},
        "submitted_at": plain(row["submitted"]),
        "reminders": row["reminders"],
        "reminded_at": plain(row["reminded_at"]),
        "operator_filing": names.operator_filing(row["operator_id"]),
    }


def contract(found: OneContract) -> Row:
    detail = json.loads(found.row["detail"])
    day = local_day(found.row["submitted"])
    points = [found.names.point(point, day) for point in found.row["points"]]
    return contract_row(found.row, found.names) | {
        "particulars": detail["particulars"],
        "points": points,
        "files": detail["files"],
        "supplements": detail["supplements"],
        "words": detail["words"],
        "reminded": detail["reminded"],
        "replaces": plain(found.replaces),
        "replaced_by": plain(found.replaced_by),
        "replaced": found.replaced,
        "proposed": detail["proposed"],
        "plans": [plan_row(row, found.names) for row in found.plans],
        "overlaps": [_overlap(row, found.names, day) for row in found.overlaps],
    }


def _overlap(row: Any, names: Names, day: date) -> Row:
    return {
        "id": str(row["id"]),
        **{name: row[name] for name in ("number", "operator_name", "contents")},
        **{name: plain(row[name]) for name in ("first_day", "last_day")},
        "points": [names.point(point, day) for point in row["points"]],
    }


def plan_row(row: Any, names: Names) -> Row:
    detail = json.loads(row["detail"])
    return {
        "id": str(row["id"]),
        "version": row["version"],
        **names.parties(row, local_day(row["published"])),
        **{name: row[name] for name in ("name", "district")},
        **{name: plain(row[name]) for name in ("contract_id", "first_day", "last_day", "stopped_on")},
        "points": detail["points"],
        "contents": [item["content"] for item in detail["items"]],
        "published_at": plain(row["published"]),
        "operator_filing": names.operator_filing(row["operator_id"]),
    }


def plan(found: OnePlan) -> Row:
    detail, day = json.loads(found.row["detail"]), local_day(found.row["published"])
    return plan_row(found.row, found.names) | {
        "contract_number": found.contract and found.contract["number"],
        "points": [found.names.point(UUID(point), day) for point in detail["points"]],
        "items": detail["items"],
        "calendar": detail["calendar"],
        "assignees": detail["crews"][-1]["assignees"],
        "devices": detail["crews"][-1]["devices"],
        "crews": detail["crews"],
        "stop_reason": detail.get("stop_reason"),
        "cycles": [_cycle_of_plan(row, found.names, day) for row in found.cycles],
    }


def _cycle_of_plan(row: Any, names: Names, day: date) -> Row:
    """What was not done at a voided point is not to be done any more, as in the list of cycles."""
    stopped = row["stopped"] or voided(names.entry(row["point_id"], day))
    days = {name: plain(row[name]) for name in ("point_id", "visit_id", "done_on")}
    return {name: row[name] for name in ("item", "number")} | {"stopped": stopped} | days
