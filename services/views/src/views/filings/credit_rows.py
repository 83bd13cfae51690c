"""What facts of an operator's information for its credit evaluation do to their rows."""

from typing import Any, Final
from uuid import UUID

from qingyuan_events import Fact, Recorded
from qingyuan_events import filing as facts
from qingyuan_runtime.database.connections import Connection
from qingyuan_runtime.domain.text import storable

OF_CREDIT: Final = (
    facts.CreditDocumentFiled,
    facts.CreditDocumentReplaced,
    facts.CreditDocumentWithdrawn,
    facts.AnnualPlanFiled,
    facts.AnnualEntryRecorded,
    facts.AnnualEntryWithdrawn,
    facts.AnnualInformationClosed,
)


async def apply_to_credit(connection: Connection, recorded: Recorded[Fact]) -> None:
    fact = recorded.fact
    match fact:
        case facts.CreditDocumentFiled() | facts.CreditDocumentReplaced():
            await connection.execute(_DOCUMENT, *map(storable, _document(fact, recorded)))
        case facts.CreditDocumentWithdrawn():
            await connection.execute(_WITHDRAWN, fact.document_id, recorded.version)
        case facts.AnnualFact():
            await _apply_to_year(connection, fact, recorded)


def _document(
    fact: facts.CreditDocumentFiled | facts.CreditDocumentReplaced, recorded: Recorded[Fact]
) -> tuple[Any, ...]:
    document = fact.document
    return (
        fact.document_id,
        fact.operator_id,
        recorded.version,
        document.kind,
        document.title,
        document.edition,
        document.valid_from,
        list(document.points),
        document.file.model_dump_json(exclude_none=True),
        recorded.recorded_at,
    )


async def _apply_to_year(connection: Connection, fact: facts.AnnualFact, recorded: Recorded[Fact]) -> None:
    key = UUID(recorded.stream.split("-", 1)[1])
    await connection.execute(_YEAR, key, fact.operator_id, fact.year, recorded.version)
    match fact:
        case facts.AnnualPlanFiled():
            plan = storable(fact.plan.model_dump_json(exclude_none=True))
            await connection.execute(_PLAN, fact.operator_id, fact.year, plan, fact.late)
        case facts.AnnualEntryRecorded():
            entry = storable(fact.entry.model_dump_json(exclude_none=True))
            values = (fact.operator_id, fact.year, fact.entry.entry_id, entry, fact.late)
            await connection.execute(_ENTRY, *values, recorded.recorded_at)
        case facts.AnnualEntryWithdrawn():
            await connection.execute(_NO_ENTRY, fact.operator_id, fact.year, fact.entry_id)
        case facts.AnnualInformationClosed():
            await connection.execute(_CLOSED, fact.operator_id, fact.year)


_DOCUMENT: Final = """
    insert into credit_document values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, false)
    on conflict (id) do update set
        version = excluded.version, kind = excluded.kind, title = excluded.title, edition = excluded.edition,
        valid_from = excluded.valid_from, points = excluded.points, file = excluded.file,
        filed_at = excluded.filed_at
"""
_WITHDRAWN: Final = "update credit_document set withdrawn = true, version = $2 where id = $1"
_YEAR: Final = """
    insert into annual_year values ($1, $2, $3, $4, null, false, false)
    on conflict (operator_id, year) do update set version = excluded.version
"""
_PLAN: Final = "update annual_year set plan = $3, plan_late = $4 where operator_id = $1 and year = $2"
_CLOSED: Final = "update annual_year set closed = true where operator_id = $1 and year = $2"
_ENTRY: Final = """
    insert into annual_entry values ($1, $2, $3, $4, $5, $6)
    on conflict (operator_id, year, entry_id) do update set
        entry = excluded.entry, late = excluded.late, recorded_at = excluded.recorded_at
"""
_NO_ENTRY: Final = "delete from annual_entry where operator_id = $1 and year = $2 and entry_id = $3"
