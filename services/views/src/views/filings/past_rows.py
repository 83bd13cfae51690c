"""The past as the rows that queries of the present give, so that answers are made of them in the same way. Pure."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from views.filings.fold import Filing
from views.filings.past import Past, PastResource
from views.filings.query_models import ResourceQuery
from views.filings.resource_fold import Resource
from views.filings.saving import filing_row, particulars_json, resource_row
from views.filings.verdict_fold import Verdicts
from views.shared.cursors import values_of
from views.shared.pages import Found, cut

Row = dict[str, Any]
_COLUMNS: Final = (
    *("id", "operator_id", "kind", "version", "own_version", "title"),
    *("particulars", "changed_on", "ended_on", "searched", "detail"),
)
_ORDER: Final = ("kind", "title", "id")


def filing(of: Filing) -> Row:
    return dict(zip((field.name for field in fields(Filing)), filing_row(of), strict=True))


def counts(of: Past) -> dict[str, int]:
    """Those that have not ended, of each kind that there ever was."""
    numbers: dict[str, int] = {}
    for each in of.resources:
        kind = each.stated.particulars.kind
        numbers[kind] = numbers.get(kind, 0) + (each.stated.ended_on is None)
    return numbers


def unfiled(of: Past) -> int:
    return sum(of.verdicts.is_unfiled(each.stated) for each in of.resources)


def resources(of: Past, query: ResourceQuery, day: date) -> Found:
    """The page that is asked for, by kind, then as people recognise them."""
    rows = [_row(each, of.verdicts) for each in of.resources if _is_asked(each.stated, query, day)]
    if query.state is not None:
        rows = [row for row in rows if row["state"] == query.state]
    rows.sort(key=_place)
    if query.page is not None:
        return Found(*_cut(rows[(query.page - 1) * query.limit :], query.limit), len(rows))
    if query.after is not None:
        after = tuple(values_of(query.after, str, str, UUID))
        rows = [row for row in rows if _place(row) > after]
    return Found(*_cut(rows, query.limit))


def _place(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in _ORDER)


def _cut(rows: Sequence[Row], limit: int) -> tuple[Sequence[Row], str | None]:
    return cut(rows[: limit + 1], limit, _ORDER)


def _row(of: PastResource, verdicts: Verdicts) -> Row:
    stated = of.stated
    filed, handed_in = verdicts.filed_now(stated.id), verdicts.handed_in.get(stated.id)
    remarks = handed_in.remarks if handed_in else ()
    return dict(zip(_COLUMNS, resource_row(stated), strict=True)) | {
        "state": verdicts.state_of(stated),
        "filed": None if of.filed is None else particulars_json(of.filed),
        "filed_on": filed.filed_on if filed else None,
        "returned_version": handed_in.returned_version if handed_in else None,
        "returned": None if of.returned is None else particulars_json(of.returned),
        "remarks": f"[{','.join(remark.model_dump_json() for remark in remarks)}]",
    }


def _is_asked(stated: Resource, query: ResourceQuery, day: date) -> bool:
    text = (query.search or "").strip().lower()
    return (
        query.kind in (None, stated.particulars.kind)
        and text in stated.searched
        and (query.ends_within is None or _ends(stated, day + timedelta(days=query.ends_within)))
    )


def _ends(stated: Resource, last_end: date) -> bool:
    """A paper of it ends up to the day, or was revoked."""
    if stated.ended_on is not None:
        return False
    return any(
        (paper.valid_to is not None and paper.valid_to <= last_end) or paper.paper_id in stated.detail.revoked
        for paper in stated.particulars.papers
    )
