"""What work stands on papers as JSON: the shapes of `response_models`."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from views.reliance.queries import Relied, Windows, first_day_not_held
from views.work import answers
from views.work.answers import Row, plain
from views.work.held_papers import paper as held_paper


def relied(found: Relied, technician: Callable[[Any], dict[str, str]]) -> Row:
    page = found.page
    items = [
        answers.visit_row(row, page.names)
        | technician(row)
        | {"visit_sheets": [_sheet(sheet) for sheet in found.sheets.get(row["id"], ())]}
        for row in page.rows
    ]
    counted = {} if page.count is None else {"count": page.count}
    return {"paper": _paper(found.paper), "items": items, "next": page.following, **counted}


def _sheet(row: Any) -> Row:
    return {name: row[name] for name in ("sheet_id", "form", "content")}


def _paper(row: Any) -> Row:
    return held_paper(row) | {
        "operator_id": str(row["operator_id"]),
        "resource_id": str(row["resource_id"]),
        "title": row["title"],
        "account": plain(row["account_id"]),
        "first_day_not_held": plain(first_day_not_held(row)),
    }


def impossible(found: Windows, last_day: date) -> Row:
    figures = {name: found.totals[name] for name in ("windows", "impossible", "at_risk")}
    standing = found.standing or {"state": "none", "since": None}
    return {
        "operator_filing": {"state": standing["state"], "since": plain(standing["since"])},
        "last_day": plain(last_day),
        "figures": figures,
        "items": [_window(row, found) for row in found.rows],
        "count": figures["impossible"] + figures["at_risk"],
    }


def _window(row: Any, found: Windows) -> Row:
    return {
        **{name: row[name] for name in ("plan_name", "item", "number", "content", "district")},
        **{name: plain(row[name]) for name in ("plan_id", "opens", "closes")},
        "verdict": "at_risk" if row["some_have"] else "impossible",
        "why": _lacking(row["why"]),
        "devices": _lacking(row["why_devices"]),
        **found.names.of(row, row["closes"]),
    }


def _lacking(listed: str | None) -> list[Row]:
    """None where nobody or nothing lacks a paper."""
    lacking: list[Row] = json.loads(listed) if listed else []
    return lacking
