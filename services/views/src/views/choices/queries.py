"""What lists can be filtered by: only what the asker may see. At most `SHOWN_MAX`, found by a part of the name."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from qingyuan_events import Actor
from qingyuan_runtime.database.connections import Connection, Pool
from sqlalchemy import ColumnElement, FromClause, Select, any_, exists, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from views.choices.query_models import ChoiceQuery
from views.register.entries import latest
from views.shared.composed import Conditions, chosen, composed, equals, fixed, parameter, sendable
from views.shared.people import People
from views.shared.scope import Scope, introduce_former_clients, own_enterprises, own_rows
from views.shared.scoped import scoped
from views.shared.searching import pattern
from views.tables.register import ENTRY
from views.tables.work import CONTRACT, VISIT

SHOWN_MAX: Final = 20
VISITS_READ: Final = 5_000
"""Technicians are those of the latest visits: there is no other list of an operator's persons here."""


@dataclass(frozen=True, slots=True)
class Choice:
    id: UUID
    name: str
    detail: str


class ChoiceQueries:
    def __init__(self, pool: Pool, people: People) -> None:
        self._pool = pool
        self._people = people

    async def choices(self, actor: Actor, scope: Scope, query: ChoiceQuery) -> Sequence[Choice]:
        """One more than is shown, where there are more."""
        if query.of == "technician":
            return await self._technicians(actor, scope, query)
        values = _values(query)
        noun = "monitoring_point" if query.of == "point" else "enterprise"
        filters = frozenset(values)
        selected = (
            _operators(scope.sees, filters) if query.of == "operator" else _entries(scope.sees, filters, noun)
        )
        statement = selected.statement(values | {"place": scope.place, "noun": noun})
        async with scoped(self._pool, scope) as connection:
            if scope.sees == "operator":
                await introduce_former_clients(connection)
            rows = await connection.fetch(*statement)
        return [Choice(row["id"], row["name"] or "", row["detail"] or "") for row in rows]

    async def _technicians(self, actor: Actor, scope: Scope, query: ChoiceQuery) -> Sequence[Choice]:
        values = _values(query)
        values.pop("search", None)
        statement = _technicians(scope.sees, frozenset(values)).statement(values | {"place": scope.place})
        async with scoped(self._pool, scope) as connection:
            accounts = [row["by"] for row in await connection.fetch(*statement)]
        names = await self._people.names(actor, accounts)
        return _found(names, query.search or "")


def _found(names: Mapping[UUID, str], search: str) -> Sequence[Choice]:
    wanted = search.strip().lower()
    found = [Choice(account, name, "") for account, name in names.items() if wanted in name.lower()]
    return sorted(found, key=lambda choice: (choice.name, choice.id))[: SHOWN_MAX + 1]


def _values(query: ChoiceQuery) -> dict[str, Any]:
    asked = query.model_dump(exclude={"of"}) | {"search": pattern(query.search)}
    return sendable(asked)


_entry, _owner, _contract, _visit = (
    ENTRY.alias("e"),
    ENTRY.alias("owner"),
    CONTRACT.alias("c"),
    VISIT.alias("v"),
)
_ENTRY_FILTERS: Final[Conditions] = equals(_entry, "id", "enterprise_id") | {
    "search": _entry.c.searchable.like(parameter("search")) | _owner.c.searchable.like(parameter("search"))
}


def _named(entry: FromClause, *names: str) -> ColumnElement[bool]:
    return or_(*(func.lower(latest(entry, name)).like(parameter("search")) for name in names))


_OPERATORS_FILTERS: Final[Conditions] = _ENTRY_FILTERS | {
    "search": _named(_entry, "name", "code") | _named(_owner, "name")
}
"""An operator finds its clients by what it is shown of them: a search in all that is registered would tell it the rest."""

_given_to_it: Final = exists().where(own_rows("operator", _contract), _entry.c.id == any_(_contract.c.points))
"""Whether an enterprise has given the point to the operator, in a contract of now or then."""


@composed
def _entries(sees: str, filters: Collection[str], noun: str) -> Select[Any]:
    """Enterprises with their code, or points with their enterprise."""
    names = {"id", "enterprise_id", "search"} & set(filters)
    is_operator = sees == "operator"
    points_of_operator = [_given_to_it] if is_operator and noun == "monitoring_point" else []
    own_code = latest(_entry, "uscc")
    return (
        select(
            _entry.c.id,
            latest(_entry, "name").label("name"),
            func.coalesce(own_code, latest(_owner, "name")).label("detail"),
        )
        .join_from(_entry, _owner, _owner.c.id == _entry.c.enterprise_id, isouter=True)
        .where(
            _entry.c.noun == parameter("noun"),
            own_enterprises(sees, _entry),
            *chosen(_OPERATORS_FILTERS if is_operator else _ENTRY_FILTERS, names),
            *points_of_operator,
        )
        .order_by(_entry.c.title, _entry.c.id)
        .limit(fixed(SHOWN_MAX + 1))
    )


@composed
def _operators(sees: str, filters: Collection[str]) -> Select[Any]:
    """Those with a contract, by the name in the newest one."""
    newest = (
        select(_contract.c.operator_id, _contract.c.operator_name)
        .ext(distinct_on(_contract.c.operator_id))
        .where(
            own_rows(sees, _contract),
            *chosen(equals(_contract, "enterprise_id"), {"enterprise_id"} & set(filters)),
        )
        .order_by(_contract.c.operator_id, _contract.c.submitted.desc(), _contract.c.id)
        .subquery("newest")
    )
    conditions: Conditions = {
        "id": newest.c.operator_id == parameter("id"),
        "search": func.lower(newest.c.operator_name).like(parameter("search")),
    }
    return (
        select(
            newest.c.operator_id.label("id"),
            newest.c.operator_name.label("name"),
            fixed("").label("detail"),
        )
        .where(*chosen(conditions, {"id", "search"} & set(filters)))
        .order_by(newest.c.operator_name, newest.c.operator_id)
        .limit(fixed(SHOWN_MAX + 1))
    )


@composed
def _technicians(sees: str, filters: Collection[str]) -> Select[Any]:
    conditions = equals(_visit, "enterprise_id", "operator_id") | {"id": _visit.c.by == parameter("id")}
    recent = (
        select(_visit.c.by)
        .where(own_rows(sees, _visit), *chosen(conditions, filters))
        .order_by(*(_visit.c[name].desc() for name in ("day", "began_at", "id")))
        .limit(fixed(VISITS_READ))
        .subquery("recent")
    )
    return select(recent.c.by).distinct()


@composed
def _sees_technician(sees: str) -> Select[Any]:
    return select(exists().where(own_rows(sees, _visit), _visit.c.by == parameter("id")))


async def sees_technician(connection: Connection, scope: Scope, account: UUID) -> bool:
    """Whether a visit of this account is among those that the scope shows: only then is the name the asker's to know."""
    statement = _sees_technician(scope.sees).statement({"id": account, "place": scope.place})
    seen: bool = await connection.fetchval(*statement)
    return seen
