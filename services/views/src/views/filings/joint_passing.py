"""Whether a filing that waits for a review may pass together with others: who has opened it, and why it is looked at alone.

Only figures of the first review are compared with contracts: the second is about people and things.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from qingyuan_runtime.database.connections import Connection

from views.shared.scope import runs

TEN_THOUSAND: Final = 10_000
"""Contracts are in yuan, what is declared is in 万元."""


async def waiting_among(connection: Connection, rows: Sequence[Any], today: date) -> Mapping[UUID, Any]:
    """By operator; only those that wait."""
    operators = [row["operator_id"] for row in rows if row["state"].endswith("_review")]
    found = await connection.fetch(_WAITING, operators, today) if operators else []
    return {row["operator_id"]: row for row in found}


def reasons_of(row: Any) -> list[str]:
    """Empty where it may pass together with others."""
    differs = row["state"] == "first_review" and _differs(row)
    return [*(["returned"] if row["returned_before"] else []), *(["contracts"] if differs else [])]


def _differs(row: Any) -> bool:
    """Where no contract names an amount there is nothing to compare it with."""
    if row["projects"] != row["contracts"]:
        return True
    amount: Decimal | None = row["amount"]
    return amount is not None and amount != row["project_amount"] * TEN_THOUSAND


_WAITING: Final = f"""
    with waiting as (
        select f.operator_id, f.state, f.number, f.detail->'submission'->'opened_by' as opened_by, f.detail->'remarks' as remarks,
               coalesce(f.detail->'unfiled_basics'->(f.detail->'submission'->>'basics_version'), f.basics) as handed_in
          from filings.filing f where f.operator_id = any($1))
    select w.operator_id, w.state, w.opened_by::text,
           case w.state when 'first_review' then coalesce(json_array_length(w.remarks), 0) > 0
                else exists (select from filings.submitted_resource s
                              where s.operator_id = w.operator_id and s.number = w.number
                                and json_array_length(s.remarks) > 0) end as returned_before,
           (w.handed_in->>'projects')::numeric as projects, (w.handed_in->>'project_amount')::numeric as project_amount,
           coalesce(c.number, 0) as contracts, c.amount
      from waiting w
      left join (select operator_id, count(*) as number, sum((detail->'particulars'->>'amount')::numeric) as amount
                   from work.contract where operator_id = any($1) and {runs("$2")} group by operator_id) c using (operator_id)
"""
