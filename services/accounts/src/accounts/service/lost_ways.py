"""What its owner may have lost goes with a recovery: second steps and certificates open the account no more."""

from datetime import datetime
from typing import Final
from uuid import UUID

from qingyuan_runtime.database.connections import Connection

from accounts.factors.held import Factors
from accounts.managing.changes import require_own_way_in
from accounts.managing.held_certificates import HeldCertificates


async def end_lost_ways(
    factors: Factors, held: HeldCertificates, account: UUID, now: datetime, within: Connection
) -> bool:
    """For second steps that are reset. Returns whether certificates went with them.

    Raises `Refused` for the last certificate of managers where it is demanded, whose rows have to be locked.
    """
    await factors.forget(account, within)
    if not await end_certificates(account, now, within):
        return False
    await require_own_way_in(account, within, held)
    return True


async def end_certificates(account: UUID, now: datetime, within: Connection) -> bool:
    """They stay on record, as those that their owner removes. Returns whether there were any."""
    return bool(await within.fetch(_END_ALL, account, now))


_END_ALL: Final = """
    update account_certificates set removed = $2 where account_id = $1 and removed is null returning true
"""
