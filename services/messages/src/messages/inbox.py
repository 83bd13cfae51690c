"""What an account finds in its inbox: the messages of its audiences, newest first, and which of them it has read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg
from qingyuan_events import Actor
from qingyuan_runtime.database.connections import Pool
from qingyuan_standards.days import local_day

from messages.message_writing import CHANNEL
from messages.names import ABOUT
from messages.rulebook import edition_of

COUNTED_MAX: Final = 999
"""More than this many are not counted; a page shows 99+ anyway."""


@dataclass(frozen=True, slots=True)
class Place:
    """The last message of the page before."""

    at: datetime
    message_id: UUID


def audience_keys(actor: Actor) -> frozenset[str]:
    """The audiences that the account may belong to, as they are named when something changes for them."""
    keys = {f"a:{actor.account}"}
    if actor.organisation:
        keys.add(f"o:{actor.organisation}")
    if actor.kind == "regulator":
        keys.add(f"d:{actor.district}")
    return frozenset(keys)


class Inbox:
    def __init__(self, pool: Pool, clock: Callable[[], datetime]) -> None:
        self._pool = pool
        self._clock = clock

    async def page(
        self, actor: Actor, *, unread: bool, after: Place | None, limit: int
    ) -> Sequence[asyncpg.Record]:
        """One row more than `limit` where there is a further page."""
        where = f"and {_UNREAD}" if unread else ""
        rows: Sequence[asyncpg.Record] = await self._pool.fetch(
            _PAGE.format(unread=where),
            *self._of(actor),
            after.at if after else None,
            after.message_id if after else None,
            limit + 1,
        )
        return rows

    async def unread(self, actor: Actor) -> int:
        """Up to `COUNTED_MAX`. What is done, or older than the rules say, counts as read."""
        return int(await self._pool.fetchval(_COUNT, *self._of(actor), COUNTED_MAX))

    async def read(self, actor: Actor, ids: Sequence[UUID]) -> None:
        """Mark as read. Ids of messages that are not the account's are left out."""
        await self._pool.execute(_READ, *self._of(actor), list(ids))

    async def read_all(self, actor: Actor) -> None:
        await self._pool.execute(_READ_ALL, *self._of(actor))

    def _of(self, actor: Actor) -> tuple[object, ...]:
        now = self._clock()
        edition = edition_of(local_day(now))
        since = now - timedelta(days=edition.unread_days if edition else 0)
        district = actor.district if actor.kind == "regulator" else None
        return actor.account, actor.organisation, actor.role, district, since


# An enterprise's account had no role once: then it is told what any of its roles is told.
_VISIBLE: Final = """
    m.inbox and (m.account = $1 or m.district = $4::text
                 or m.organisation = $2 and (m.roles is null or $3::text is null or $3 = any(m.roles)))
"""
_UNREAD: Final = """
    m.done_at is null and m.at >= $5::timestamptz
    and not exists (select from message_read r where r.account = $1 and r.message_id = m.message_id)
"""
_PAGE: Final = f"""
    select m.message_id, m.kind, m.title, m.text, m.link, m.phone_link, m.at, m.done_at is not null as done,
           not ({_UNREAD}) as read, ({ABOUT.format(reader="$2::uuid")}) as about
      from message m
     where {_VISIBLE} and ($6::timestamptz is null or (m.at, m.message_id) < ($6, $7::uuid)) {{unread}}
     order by m.at desc, m.message_id desc
     limit $8
"""
_COUNT: Final = (
    f"select count(*) from (select from message m where {_VISIBLE} and {_UNREAD} limit $6) as found"
)
_MARK: Final = """
    with marked as (
        insert into message_read (account, message_id)
        select $1, m.message_id from message m where {which}
        on conflict do nothing returning message_id
    )
    select pg_notify('{channel}', 'a:' || $1::text) from (select from marked limit 1) as any_of_them
"""
_READ: Final = _MARK.format(
    which=f"{_VISIBLE} and m.message_id = any($6) and $5::timestamptz is not null", channel=CHANNEL
)
_READ_ALL: Final = _MARK.format(which=f"{_VISIBLE} and {_UNREAD}", channel=CHANNEL)
