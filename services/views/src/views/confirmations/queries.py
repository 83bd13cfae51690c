"""The queries about confirmations: those of the pages, restricted to a scope, and the public check of a printed record."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final
from uuid import UUID

from qingyuan_runtime.database.connections import Connection, Pool
from qingyuan_runtime.domain.bounds import Moment
from sqlalchemy import Select, Text, any_, select

from views.confirmations.query_models import ConfirmationQuery
from views.shared.composed import Condition, Conditions, equals, fixed, parameter
from views.shared.confirmed import narrowing
from views.shared.named_lists import Batch, named_batches, named_page
from views.shared.names import Names, names_of_rows
from views.shared.pages import List, Listing, Page, by_name, filters_of, within
from views.shared.scope import Scope
from views.shared.scoped import scoped
from views.tables.confirmations import CONFIRMATION
from views.tables.work import VISIT

_NAMES: Final = partial(names_of_rows, day="visit_day")


@dataclass(frozen=True, slots=True)
class OneConfirmation:
    row: Any
    names: Names


class ConfirmationQueries:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def scoped(self, scope: Scope) -> AbstractAsyncContextManager[Connection]:
        return scoped(self._pool, scope)

    async def page(self, scope: Scope, query: ConfirmationQuery) -> Page:
        return await named_page(self._pool, scope, confirmations(scope, query), _NAMES)

    def every(self, scope: Scope, query: ConfirmationQuery, rows_max: int) -> AsyncIterator[Batch]:
        return named_batches(self._pool, scope, confirmations(scope, query), rows_max, _NAMES)

    async def one(self, scope: Scope, confirmation_id: UUID) -> OneConfirmation | None:
        async with self.scoped(scope) as connection:
            row = await connection.fetchrow(*_CONFIRMATIONS.one(scope, confirmation_id))
            if row is None:
                return None
            names = await names_of_rows(connection, scope, [row], "visit_day", row["signed_at"])
            return OneConfirmation(row, names)

    async def check(self, confirmation_id: UUID) -> Any:
        """The hash, time, lateness and second factor of the signature in force. None for an unknown id, and where nobody has ever signed.

        The check is public, so this one query runs with the scope of everybody's rows.
        """
        async with self.scoped(Scope("all", "")) as connection:
            return await connection.fetchrow(_CHECK, confirmation_id)


_CHECK: Final = """
    select case when state = 'signed' then signed_content_sha256 end as sha256, signed_at, late,
           detail->'signatures'->-1->>'second_factor' as second_factor,
           detail->'signatures'->-1->'certificate'->>'serial' as certificate_serial,
           detail->'signatures'->-1->'certificate'->>'issuer' as certificate_issuer
      from confirmations.confirmation where id = $1 and signed_content_sha256 is not null
"""
_confirmation, _visit = CONFIRMATION.alias("c"), VISIT.alias("v")
_FIGURES: Final[Conditions] = narrowing(_confirmation) | {
    "unsigned": _confirmation.c.state.not_in([fixed("signed"), fixed("voided")]),
}
"""Values of the filter `state` that are no states but figures of the board."""


_ORDER: Final = {"visit_day": date, "requested_at": Moment, "id": UUID}


_of_visits: Final = _confirmation.join(_visit, _visit.c.id == _confirmation.c.visit_id, isouter=True)


def _select(conditions: Sequence[Condition], limit: int) -> Select[Any]:
    return (
        select(_confirmation, _visit.c.contents, _visit.c.by)
        .select_from(_of_visits)
        .where(*conditions)
        .order_by(*(_confirmation.c[name].desc() for name in _ORDER))
        .limit(fixed(limit))
    )


_CONFIRMATIONS: Final = Listing(
    _confirmation,
    _select,
    within(_confirmation.c.visit_day)
    | equals(_confirmation, "id", "enterprise_id", "operator_id", "point_id", "district", "state")
    | {
        "technician_id": _visit.c.by == parameter("technician_id"),
        "content": parameter("content", Text) == any_(_visit.c.contents),
    }
    | _FIGURES,
    _ORDER,
    joined=_of_visits,
)


def confirmations(scope: Scope, query: ConfirmationQuery) -> List:
    """Sorted by the day of the visit, newest first."""
    first_day, last_day = query.period
    filters = filters_of(query) | {"day": None, "first_day": first_day, "last_day": last_day}
    return _CONFIRMATIONS.page(scope, query, by_name(filters, "state", _FIGURES))
