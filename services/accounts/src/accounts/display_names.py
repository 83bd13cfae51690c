"""What accounts are called on pages, and who may read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from qingyuan_runtime.database.connections import Pool


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads display names. Offices (regulators, administrators) may read all, others those of their own organisation.

    In addition they may read the names of accounts on an object that they may see. The gateway or views determines these:
    all of `vouched`, which the system has set, and those of `sent`, which users have entered, that belong to one of
    `organisations`.
    """

    is_office: bool
    organisation: UUID | None
    vouched: Sequence[UUID] = ()
    sent: Sequence[UUID] = ()
    organisations: Sequence[UUID] = ()


async def labels(pool: Pool, ids: Sequence[UUID], reader: Reader) -> dict[str, str]:
    """Display names of those accounts that the reader may know; others are left out as if they did not exist."""
    rows = await pool.fetch(
        _LABELS,
        list(ids),
        reader.is_office,
        reader.organisation,
        list(reader.vouched),
        list(reader.sent),
        list(reader.organisations),
    )
    return {str(row["account_id"]): row["label"] for row in rows}


_LABELS: Final = """
    select account_id, label from accounts
     where account_id = any($1)
       and ($2 or organisation = $3 or account_id = any($4)
            or account_id = any($5) and organisation = any($6))
"""
