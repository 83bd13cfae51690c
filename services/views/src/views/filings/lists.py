"""The SELECTs behind the lists of filings, resources and papers. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from qingyuan_runtime.domain.bounds import Moment
from sqlalchemy import Date, Select, Text, case, exists, func, or_, select

from views.filings.query_models import FilingQuery, PaperQuery, PublicQuery, ResourceQuery
from views.shared.composed import (
    Condition,
    Conditions,
    Statement,
    composed,
    equals,
    fixed,
    parameter,
)
from views.shared.pages import List, Listing, by_name, filters_of
from views.shared.scope import Scope, own_filings
from views.shared.searching import pattern
from views.tables.filings import (
    FILED_RESOURCE,
    FILING,
    PAPER,
    RESOURCE,
    RESOURCE_VERSION,
    SUBMITTED_RESOURCE,
)

_filing, _resource, _paper = FILING.alias("k"), RESOURCE.alias("r"), PAPER.alias("p")
_filed, _handed_in = FILED_RESOURCE.alias("f"), SUBMITTED_RESOURCE.alias("s")
_as_filed, _as_returned = RESOURCE_VERSION.alias("a"), RESOURCE_VERSION.alias("b")
_SEARCH: Final = parameter("search", Text())
_FILING_FIGURES: Final[Conditions] = {
    "waiting": _filing.c.state.in_([fixed("first_review"), fixed("second_review")])
}
_FILING_ORDER: Final = {"moved_at": Moment, "operator_id": UUID}
_SHOWN: Final = [column for column in _filing.c if column.name not in ("basics", "filed_basics", "detail")]


def _select_filings(conditions: Sequence[Condition], limit: int) -> Select[Any]:
    order = (_filing.c[name] for name in _FILING_ORDER)
    return select(*_SHOWN).where(*conditions).order_by(*order).limit(fixed(limit))


_FILINGS: Final = Listing(
    _filing,
    _select_filings,
    equals(_filing, "state", "late", "standing")
    | {"search": or_(func.lower(_filing.c.name).like(_SEARCH), func.lower(_filing.c.uscc).like(_SEARCH))}
    | _FILING_FIGURES,
    _FILING_ORDER,
    newest_first=False,
    own=own_filings,
)


def filings(scope: Scope, query: FilingQuery) -> List:
    """Those first that are longest in their state."""
    filters = filters_of(query) | {"search": pattern(query.search)}
    return _FILINGS.page(scope, query, by_name(filters, "state", _FILING_FIGURES))


_of_resources: Final = (
    _resource.join(_filed, (_filed.c.resource_id == _resource.c.id) & ~_filed.c.cancelled, isouter=True)
    .join(_handed_in, _handed_in.c.resource_id == _resource.c.id, isouter=True)
    .join(
        _as_filed,
        (_as_filed.c.resource_id == _resource.c.id) & (_as_filed.c.version == _filed.c.version),
        isouter=True,
    )
)
_handed_in_now: Final = _handed_in.c.version >= _resource.c.own_version
_STATE: Final = case(
    (_resource.c.ended_on.is_not(None), fixed("ended")),
    (_filed.c.version >= _resource.c.own_version, fixed("filed")),
    ((_handed_in.c.outcome == fixed("waiting")) & _handed_in_now, fixed("submitted")),
    ((_handed_in.c.outcome == fixed("returned")) & _handed_in_now, fixed("returned")),
    ((_handed_in.c.outcome == fixed("passed")) & _handed_in_now, fixed("passed")),
    (_filed.c.version.is_not(None), fixed("changed")),
    else_=fixed("draft"),
)
"""What became of the operator's last version. A paper that a regulator revokes makes no new one. What has passed a review that
returned something else is not handed in again, and is filed with it."""
_RESOURCE_ORDER: Final = {"kind": str, "title": str, "id": UUID}


_returned_version: Final = (_as_returned.c.resource_id == _handed_in.c.resource_id) & (
    _as_returned.c.version == _handed_in.c.returned_version
)


def _select_resources(conditions: Sequence[Condition], limit: int) -> Select[Any]:
    return (
        select(
            _resource,
            _STATE.label("state"),
            _as_filed.c.particulars.label("filed"),
            _filed.c.filed_on,
            _handed_in.c.remarks,
            _handed_in.c.returned_version,
            _as_returned.c.particulars.label("returned"),
        )
        .select_from(_of_resources.join(_as_returned, _returned_version, isouter=True))
        .where(*conditions)
        .order_by(*(_resource.c[name] for name in _RESOURCE_ORDER))
        .limit(fixed(limit))
    )


def _is_over(paper: Any) -> Condition:
    """It ends up to the day `last_end`, or was revoked."""
    return or_(paper.c.valid_to <= parameter("last_end", Date()), paper.c.revoked_from.is_not(None))


_RESOURCES: Final = Listing(
    _resource,
    _select_resources,
    equals(_resource, "operator_id", "kind")
    | {
        "state": parameter("state") == _STATE,
        "search": _resource.c.searched.like(_SEARCH),
        "last_end": exists().where(_is_over(_paper), _paper.c.resource_id == _resource.c.id),
    },
    _RESOURCE_ORDER,
    newest_first=False,
    joined=_of_resources,
    own=own_filings,
)


def resources(scope: Scope, operator_id: UUID, query: ResourceQuery, today: date) -> List:
    """By kind, then as people recognise them."""
    filters = filters_of(query)
    within = filters.pop("ends_within")
    last_end = None if within is None else today + timedelta(days=within)
    named = {"search": pattern(query.search), "last_end": last_end, "operator_id": operator_id}
    return _RESOURCES.page(scope, query, filters | named)


@composed
def _one_resource() -> Select[Any]:
    return _select_resources([_resource.c.id == parameter("id")], 1)


def one_resource(resource_id: UUID) -> Statement:
    """Row-level security decides whether it shows."""
    return _one_resource().statement({"id": resource_id})


_PAPER_ORDER: Final = {"valid_to": date, "resource_id": UUID, "paper_id": UUID}
_OPERATOR_NAME: Final = (
    select(_filing.c.name)
    .where(_filing.c.operator_id == _paper.c.operator_id)
    .correlate(_paper)
    .scalar_subquery()
)
"""Looked up for the rows of the page alone: by a join PostgreSQL would read the papers operator by operator, and sort all."""


def _select_papers(conditions: Sequence[Condition], limit: int) -> Select[Any]:
    return (
        select(_paper, func.coalesce(_OPERATOR_NAME, fixed("")).label("operator_name"))
        .where(*conditions)
        .order_by(*(_paper.c[name] for name in _PAPER_ORDER))
        .limit(fixed(limit))
    )


_PAPERS: Final = Listing(
    _paper,
    _select_papers,
    equals(_paper, "operator_id", "resource_kind", "kind")
    | {"last_end": _paper.c.valid_to.is_not(None) & _is_over(_paper)},
    _PAPER_ORDER,
    newest_first=False,
    own=own_filings,
)


def papers(scope: Scope, query: PaperQuery, today: date) -> List:
    """The first to end comes first."""
    filters = filters_of(query)
    last_end = today + timedelta(days=filters.pop("ends_within"))
    return _PAPERS.page(scope, query, filters | {"last_end": last_end})


_PUBLIC_ORDER: Final = {"name": str, "operator_id": UUID}


def _select_public(conditions: Sequence[Condition], limit: int) -> Select[Any]:
    order = (_filing.c[name] for name in _PUBLIC_ORDER)
    columns = (
        _filing.c[name] for name in ("name", "operator_id", "filed_basics", "filed_on", "standing", "detail")
    )
    return select(*columns).where(*conditions).order_by(*order).limit(fixed(limit))


_PUBLIC: Final = Listing(
    _filing,
    _select_public,
    {
        "is_filed": _filing.c.filed_on.is_not(None),
        "search": func.lower(_filing.c.name).like(_SEARCH),
        "scope": _filing.c.filed_basics.op("->>", return_type=Text())(fixed("scope")).like(
            parameter("scope", Text())
        ),
    },
    _PUBLIC_ORDER,
    newest_first=False,
    own=own_filings,
)


def public(scope: Scope, query: PublicQuery) -> List:
    """The filed operators by name."""
    filters = filters_of(query) | {"search": pattern(query.search), "is_filed": True}
    filters["scope"] = pattern(query.scope)
    return _PUBLIC.page(scope, query, filters)
