"""Who holds a certificate: one with which a log-in would be accepted now. Whoever asks whether somebody can come in asks here.

The trust decides it anew each time, as at a log-in, and no column does: a revocation list, an authority that is taken away and
the day of expiry count at once. An authority that comes with a signature only, and is not configured, does not count.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

import asyncpg
from qingyuan_certificates.refusals import CertificateRefused
from qingyuan_certificates.verifying import Trust, verify_certificate
from qingyuan_runtime.database.connections import Connection, Pool

from accounts.manager_conditions import IS_MANAGER


class TrustSource(Protocol):
    def trust(self) -> Trust: ...


class BelievesNobody:
    """For commands that ask for no certificate."""

    def trust(self) -> Trust:
        return Trust([])


class HeldCertificates:
    def __init__(self, source: TrustSource, clock: Callable[[], datetime]) -> None:
        self._source = source
        self._clock = clock

    async def by(self, account: UUID, within: Connection | Pool) -> bool:
        return await self._accepts_one(await within.fetch(_OF_ACCOUNT, account))

    async def in_organisation(self, organisation: UUID | None, within: Connection | Pool) -> bool:
        """By any account that may log in."""
        return await self._accepts_one(await within.fetch(_OF_ORGANISATION, organisation))

    async def by_managers(self, organisation: UUID, within: Connection | Pool) -> bool:
        """By one who may log in."""
        return await self._accepts_one(await within.fetch(_OF_MANAGERS, organisation))

    async def demanded_of(self, within: Connection | Pool) -> Mapping[UUID, int]:
        """How many managers of each organisation that demands it hold one. An organisation where none does may be missing."""
        return await asyncio.to_thread(self._count, await within.fetch(_DEMANDED))

    async def _accepts_one(self, rows: Sequence[asyncpg.Record]) -> bool:
        """In a thread: signatures and whole lists are verified."""
        return await asyncio.to_thread(lambda: next(self._accepted(rows), None) is not None)

    def _count(self, rows: Sequence[asyncpg.Record]) -> Mapping[UUID, int]:
        holders: defaultdict[UUID, set[UUID]] = defaultdict(set)
        for row in self._accepted(rows):
            holders[row["organisation"]].add(row["account_id"])
        return {organisation: len(accounts) for organisation, accounts in holders.items()}

    def _accepted(self, rows: Sequence[asyncpg.Record]) -> Iterator[asyncpg.Record]:
        trust, now = self._source.trust(), self._clock()
        return (row for row in rows if _is_accepted(row["content"], trust, now))


def _is_accepted(content: bytes, trust: Trust, at: datetime) -> bool:
    try:
        verify_certificate(content, trust, at)
    except CertificateRefused:
        return False
    return True


_HELD: Final = """
    select a.account_id, a.organisation, c.content
      from account_certificates c join accounts a using (account_id)
     where c.removed is null and not a.disabled
"""
_NEWEST_FIRST: Final = "order by c.first_used desc"
_OF_ACCOUNT: Final = f"{_HELD} and a.account_id = $1 {_NEWEST_FIRST}"
_OF_ORGANISATION: Final = f"{_HELD} and a.organisation = $1 {_NEWEST_FIRST}"
_OF_MANAGERS: Final = f"{_HELD} and a.organisation = $1 and {IS_MANAGER} {_NEWEST_FIRST}"
_DEMANDED: Final = f"""
    {_HELD} and {IS_MANAGER} and a.organisation in (select organisation from certificate_demands)
"""
