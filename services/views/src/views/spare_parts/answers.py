"""What was used as JSON: the shapes of `response_models`."""

from typing import Any

from views.shared.names import Names
from views.spare_parts.queries import FoundStock
from views.work.answers import Row, plain


def part_use(row: Any, names: Names) -> Row:
    return {
        **{name: plain(row[name]) for name in ("visit_id", "revision_id", "day", "expires", "quantity")},
        **{
            name: row[name]
            for name in ("place", "district", "name", "model", "lot", "expired", "unit", "filed")
        },
        **names.of(row, row["day"]),
    }


def stocks(found: FoundStock) -> Row:
    return {"items": list(map(_stock, found.rows)), "unfiled": found.unfiled}


def _stock(row: Any) -> Row:
    return {
        **{name: row[name] for name in ("name", "model", "categories", "places", "units", "uses", "expired")},
        **{name: plain(row[name]) for name in ("quantity", "since", "used")},
        "left": plain(row["quantity"] - row["used"]),
    }
