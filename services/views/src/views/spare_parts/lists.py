"""The SELECTs behind the list of what was used. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import FromClause, Select, Text, exists, false, func, select

from views.shared.composed import Condition, equals, fixed, parameter
from views.shared.cursors import Number
from views.shared.pages import List, Listing, filters_of, within
from views.shared.scope import Scope, own_rows
from views.shared.searching import pattern
from views.spare_parts.query_models import PartUseQuery
from views.tables.filings import FILED_PART
from views.tables.work import PART_USE

_use, _part = PART_USE.alias("u"), FILED_PART.alias("p")
_ORDER: Final = {"day": date, "visit_id": UUID, "revision_id": UUID, "place": Number}
_FILED: Final = exists().where(
    _part.c.operator_id == _use.c.operator_id, _part.c.part == _use.c.part, _part.c.last_day >= _use.c.day
)


def _own(sees: str, row: FromClause) -> Condition:
    """An enterprise sees the sheets of its visits, but not the stock of its operators."""
    return false() if sees == "enterprise" else own_rows(sees, row)


def _select(conditions: Sequence[Condition], limit: int) -> Select[Any]:
    order = (_use.c[name].desc() for name in _ORDER)
    return select(_use, _FILED.label("filed")).where(*conditions).order_by(*order).limit(fixed(limit))


_USES: Final = Listing(
    _use,
    _select,
    within(_use.c.day)
    | equals(_use, "operator_id", "expired")
    | {
        "search": func.lower(_use.c.name + fixed(" ") + _use.c.model).like(parameter("search", Text())),
        "lot": func.lower(_use.c.lot).like(parameter("lot", Text())),
        "filed": parameter("filed") == _FILED,
    },
    _ORDER,
    own=_own,
)


def part_uses(scope: Scope, operator_id: UUID, query: PartUseQuery) -> List:
    """The newest first."""
    searched = {"search": pattern(query.search), "lot": pattern(query.lot)}
    return _USES.page(scope, query, filters_of(query) | searched | {"operator_id": operator_id})
