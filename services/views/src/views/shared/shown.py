"""Whether an actor may see a stream: whether its row is visible to the actor's scope."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from qingyuan_runtime.database.connections import Pool
from sqlalchemy import Column, FromClause, Select, Table, exists, select

from views.shared.composed import Composed, Condition, composed, parameter
from views.shared.scope import (
    Scope,
    own_enterprises,
    own_exemptions,
    own_filings,
    own_reports,
    own_rows,
)
from views.shared.scoped import scoped
from views.tables.confirmations import CONFIRMATION
from views.tables.filings import ANNUAL_YEAR, CREDIT_DOCUMENT, FILING, RESOURCE
from views.tables.register import ENTRY
from views.tables.reports import EXEMPTION, REPORT
from views.tables.work import CONTRACT, PLAN, VISIT

_ROWS: Final[Mapping[str, tuple[Table, Callable[[str, FromClause], Condition]]]] = {
    "contract": (CONTRACT, own_rows),
    "plan": (PLAN, own_rows),
    "visit": (VISIT, own_rows),
    "confirmation": (CONFIRMATION, own_rows),
    "report": (REPORT, own_reports),
    "exemption": (EXEMPTION, own_exemptions),
}
"""The table with the rows of a noun's streams, and the condition for those of a scope; all other nouns but those of filings are entries of the register."""
_OF_FILINGS: Final[Mapping[str, Column[Any]]] = {
    "filing": FILING.c.operator_id,
    "resource": RESOURCE.c.id,
    "credit_document": CREDIT_DOCUMENT.c.id,
    "annual_information": ANNUAL_YEAR.c.id,
}
"""The column with the id of a noun's streams, of those that belong to a filing."""


async def shown(pool: Pool, scope: Scope, stream: str) -> bool:
    noun, key = stream.split("-", 1)
    statement = _query(noun, scope.sees).statement({"id": UUID(key), "noun": noun, "place": scope.place})
    async with scoped(pool, scope) as connection:
        visible: bool = await connection.fetchval(*statement)
        return visible


def _query(noun: str, sees: str) -> Composed:
    if noun in _ROWS:
        return _shown_row(noun, sees)
    return _shown_of_filing(noun, sees) if noun in _OF_FILINGS else _shown_entry(sees)


@composed
def _shown_of_filing(noun: str, sees: str) -> Select[Any]:
    key = _OF_FILINGS[noun]
    return select(exists().where(key == parameter("id"), own_filings(sees, key.table)))


@composed
def _shown_row(noun: str, sees: str) -> Select[Any]:
    table, own = _ROWS[noun]
    row = table.alias("r")
    return select(exists().where(row.c.id == parameter("id"), own(sees, row)))


@composed
def _shown_entry(sees: str) -> Select[Any]:
    entry = ENTRY.alias("e")
    return select(
        exists().where(
            entry.c.id == parameter("id"), entry.c.noun == parameter("noun"), own_enterprises(sees, entry)
        )
    )
