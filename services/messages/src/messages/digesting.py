"""Digests: at set hours, how many messages of some kinds are still open for an audience."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Final
from uuid import uuid5

import asyncpg
from qingyuan_runtime.database.connections import Pool
from qingyuan_standards.days import at_local, local_day

from messages.message import NAMESPACE, Audience, Message
from messages.message_writing import insert
from messages.rulebook import Digest, edition_of
from messages.texts import TEXTS

LATE: Final = timedelta(hours=1)
"""A digest that could not be made in its hour is left out: the next one counts the same."""


class Digester:
    def __init__(self, pool: Pool, clock: Callable[[], datetime]) -> None:
        self._pool = pool
        self._clock = clock

    async def digest(self) -> int:
        """Make the digests that are due. Their ids follow from audience and hour, so a repeat makes none. Returns how many."""
        now = self._clock()
        edition = edition_of(local_day(now))
        if edition is None:
            return 0
        due = [(digest, hour) for digest in edition.digests for hour in digest.hours if _is_due(hour, now)]
        since = now - timedelta(days=edition.unread_days)
        return sum([await self._make(digest, hour, since, now) for digest, hour in due])

    async def _make(self, digest: Digest, hour: time, since: datetime, now: datetime) -> int:
        rows = await self._pool.fetch(_OPEN, list(digest.of), since, at_local(local_day(now), hour))
        async with self._pool.acquire() as connection, connection.transaction():
            return await insert(connection, [_message(digest, hour, row, now) for row in rows])


def _is_due(hour: time, now: datetime) -> bool:
    at = at_local(local_day(now), hour)
    return at <= now < at + LATE


def _message(digest: Digest, hour: time, row: asyncpg.Record, now: datetime) -> Message:
    audience = Audience(organisation=row["organisation"], signers=row["signers"])
    at = at_local(local_day(now), hour)
    title, text = TEXTS[digest.kind].rendered({"count": str(row["count"])})
    return Message(
        id=uuid5(NAMESPACE, f"{digest.kind}/{at.isoformat()}/{audience.name}"),
        kind=digest.kind,
        audience=audience,
        stream=digest.kind,
        version=0,
        subject=f"{hour:%H:%M}",
        title=title,
        text=text,
        link=digest.link,
        phone_link=digest.phone_link,
        at=at,
        inbox=False,
        spreads=True,
    )


_OPEN: Final = """
    select organisation, signers, count(distinct stream) as count from message
     where kind = any($1) and done_at is null and inbox and at >= $2 and at < $3
     group by organisation, signers
"""
