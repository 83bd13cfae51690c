"""From a message to its deliveries: who belongs to the audience, what each has chosen, and when it may be sent."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID, uuid5

import asyncpg
from qingyuan_runtime.database.connections import Pool
from qingyuan_standards.days import local_day

from messages.addresses import AddressBook, Recipient, audience_of
from messages.preferences import PreferenceRepository, Preferences
from messages.rulebook import MEANS, Digest, Edition, Means, Rule, Sent, after_quiet, edition_of
from messages.texts import choice_kind

AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Planned:
    """One delivery before it is stored."""

    provider_id: UUID
    means: Means
    recipient: Recipient
    address: str
    first_try: datetime


class Spreader:
    """`means`: the ways that this installation has."""

    def __init__(
        self, pool: Pool, addresses: AddressBook, means: frozenset[Means], clock: Callable[[], datetime]
    ) -> None:
        self._pool = pool
        self._addresses = addresses
        self._preferences = PreferenceRepository(pool)
        self._means = means
        self._clock = clock

    async def spread(self) -> int:
        """Make the deliveries of messages that have none yet. Raises `RetryLater`. Returns how many messages that were."""
        now = self._clock()
        edition = edition_of(local_day(now))
        if edition is None:
            return 0
        await self._pool.execute(_TOO_OLD, now - timedelta(hours=edition.fresh_hours))
        rows = await self._pool.fetch(_UNSPREAD, AT_ONCE)
        for row in rows:
            planned = await self._planned(row, edition, now)
            await self._store(row["message_id"], planned, now)
        return len(rows)

    async def _planned(self, row: asyncpg.Record, edition: Edition, now: datetime) -> Sequence[Planned]:
        sent = edition.by_kind.get(row["kind"])
        if sent is None or not self._means.intersection((*sent.channels, *sent.offered)):
            return ()
        recipients = await self._addresses.recipients(audience_of(row))
        chosen = await self._preferences.of([recipient.account for recipient in recipients])
        return [
            planned
            for recipient in recipients
            for planned in self._to(
                recipient, row, sent, chosen.get(recipient.account, Preferences()), edition, now
            )
        ]

    def _to(
        self,
        recipient: Recipient,
        row: asyncpg.Record,
        sent: Sent,
        chosen: Preferences,
        edition: Edition,
        now: datetime,
    ) -> Iterator[Planned]:
        if isinstance(sent, Digest) and not chosen.wants_digest_at(time.fromisoformat(row["subject"])):
            return
        urgent = isinstance(sent, Rule) and sent.urgent
        first_try = now if urgent or not chosen.quiet else after_quiet(now, edition.quiet)
        for means in MEANS:
            if means in self._means and sent.wanted(means, chosen.choice(choice_kind(sent.kind), means)):
                for address in recipient.addresses(means):
                    name = f"{means}/{recipient.account}{f'/{address}' if means == 'wechat' else ''}"
                    yield Planned(uuid5(row["message_id"], name), means, recipient, address, first_try)

    async def _store(self, message_id: UUID, planned: Sequence[Planned], now: datetime) -> None:
        """Only whoever marks the message makes its deliveries, so several processes may do this at once."""
        rows = [
            (p.provider_id, p.means, p.recipient.account, p.recipient.organisation, p.address, p.first_try)
            for p in planned
        ]
        columns = map(list, zip(*rows, strict=True)) if rows else ([] for _ in range(6))
        await self._pool.execute(_STORE, message_id, now, *columns)


_TOO_OLD: Final = (
    "update message set spread_at = now() where spread_at is null and (at < $1 or done_at is not null)"
)
_UNSPREAD: Final = "select * from message where spread_at is null order by at limit $1"
_STORE: Final = """
    with marked as (
        update message set spread_at = $2 where message_id = $1 and spread_at is null returning message_id
    )
    insert into delivery (provider_id, message_id, channel, account, organisation, address, next_try)
    select d.provider_id, marked.message_id, d.channel, d.account, d.organisation, d.address, d.next_try
      from marked, unnest($3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::text[], $8::timestamptz[])
        as d(provider_id, channel, account, organisation, address, next_try)
    on conflict do nothing
"""
