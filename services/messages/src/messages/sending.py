"""Sends what is due: claims a delivery, sends it, and notes what came of it. Never sends the same one twice.

A sender that dies between sending and noting leaves the delivery `sending`. It is not sent again: the way is asked what became
of it, and where it cannot tell, the delivery is `unknown` (docs/decisions/0044).
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg
import structlog
from qingyuan_runtime.database.connections import Pool

from messages.channels.port import Channel, Letter, NotAccepted, NotNow, Unsure
from messages.rulebook import Means

FIRST_PAUSE: Final = timedelta(minutes=1)
AT_ONCE: Final = 20
ABANDONED: Final = timedelta(minutes=5)
"""A sender needs half a minute at most, so one that took it so long ago is dead."""

log = structlog.get_logger()


class Sender:
    def __init__(
        self,
        pool: Pool,
        channels: Mapping[Means, Channel],
        clock: Callable[[], datetime],
        *,
        public_url: str,
        tries_max: int,
        abandoned: timedelta = ABANDONED,
    ) -> None:
        self._pool = pool
        self._channels = channels
        self._clock = clock
        self._public_url = public_url
        self._tries_max = tries_max
        self._abandoned = abandoned

    async def send(self) -> int:
        """Send what is due. Returns how many were tried."""
        await self._settle_abandoned()
        await self._pool.execute(_DROP_DONE)
        claimed = await self._pool.fetch(_CLAIM, list(self._channels), self._clock(), AT_ONCE)
        await asyncio.gather(*(self._send_one(row) for row in claimed))
        return len(claimed)

    async def _send_one(self, row: asyncpg.Record) -> None:
        provider_id = row["provider_id"]
        try:
            await self._channels[row["channel"]].send(self._letter(row))
        except NotNow as error:
            await self._later(row, error)
        except NotAccepted as error:
            await self._end(provider_id, "failed", str(error))
        except (Unsure, Exception) as error:
            log.warning("delivery.unknown", provider_id=provider_id, channel=row["channel"], reason=error)
            await self._end(provider_id, "unknown", type(error).__name__)
        else:
            await self._end(provider_id, "sent", None)

    def _letter(self, row: asyncpg.Record) -> Letter:
        return Letter(
            provider_id=row["provider_id"],
            address=row["address"],
            kind=row["kind"],
            title=row["title"],
            text=row["text"],
            link=self._public_url + (_on_phone(row) or row["link"]),
            at=row["at"],
        )

    async def _later(self, row: asyncpg.Record, error: NotNow) -> None:
        if row["tries"] >= self._tries_max:
            return await self._end(row["provider_id"], "failed", str(error))
        pause = error.pause or FIRST_PAUSE * 2 ** (row["tries"] - 1)
        await self._pool.execute(_LATER, row["provider_id"], self._clock() + pause, str(error)[:200])
        return None

    async def _end(self, provider_id: UUID, state: str, error: str | None) -> None:
        await self._pool.execute(_END, provider_id, state, error and error[:200], self._clock())

    async def _settle_abandoned(self) -> None:
        """What a dead sender has left: as the way says, or unknown."""
        rows = await self._pool.fetch(_ABANDONED, self._clock() - self._abandoned)
        for row in rows:
            channel = self._channels.get(row["channel"])
            outcome = await channel.outcome(row["provider_id"]) if channel else None
            if outcome == "unsent":
                await self._pool.execute(_LATER, row["provider_id"], self._clock(), "abandoned")
            else:
                error = None if outcome else "abandoned"
                await self._end(row["provider_id"], outcome or "unknown", error)


def _on_phone(row: asyncpg.Record) -> str | None:
    """The phone's page, for those ways that are read on a phone."""
    return row["phone_link"] if row["channel"] in ("wechat", "sms") else None


# What was signed, say, before the night was over, is not worth a message in the morning.
_DROP_DONE: Final = """
    delete from delivery d using message m
     where d.state = 'waiting' and m.message_id = d.message_id and m.done_at is not null
"""
_CLAIM: Final = """
    with due as (
        select provider_id from delivery
         where state = 'waiting' and next_try <= $2 and channel = any($1)
         order by next_try limit $3 for update skip locked
    ), claimed as (
        update delivery d set state = 'sending', tries = tries + 1, claimed_at = $2
          from due where d.provider_id = due.provider_id
        returning d.*
    )
    select c.*, m.kind, m.title, m.text, m.link, m.phone_link, m.at from claimed c join message m using (message_id)
"""
_LATER: Final = """
    update delivery set state = 'waiting', next_try = $2, error = $3
     where provider_id = $1 and state = 'sending'
"""
_END: Final = """
    update delivery set state = $2, error = $3, ended_at = $4, address = null
     where provider_id = $1 and state = 'sending'
"""
_ABANDONED: Final = "select provider_id, channel from delivery where state = 'sending' and claimed_at < $1"
