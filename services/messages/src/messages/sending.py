"""Sends what is due: claims a delivery, sends it, and notes what came of it. Never sends the same one twice.

Whom the message is for is asked again before: what has waited since the evening goes neither to a WeChat that is not bound any
more nor to an account that was locked. Only then it is claimed, so who is stopped while accounts is away leaves nothing behind.

A sender that dies between sending and noting leaves the delivery `sending`. It is not sent again: the way is asked what became
of it, and where it cannot tell, the delivery is `unknown` (docs/decisions/0044).
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg
import structlog
from qingyuan_runtime.database.connections import Pool
from qingyuan_standards.days import local_day

from messages.addresses import AddressBook, Recipient, audience_of
from messages.channels.port import Channel, Letter, NotAccepted, NotNow, Unsure
from messages.names import ABOUT
from messages.rulebook import Means, after_quiet, edition_of

FIRST_PAUSE: Final = timedelta(minutes=1)
AT_ONCE: Final = 20
ABANDONED: Final = timedelta(minutes=5)
"""A sender needs half a minute at most, so one that took it so long ago is dead."""

TOO_OLD: Final = "too old"
"""Shown with what failed. It was not sent in the day after its message came."""

log = structlog.get_logger()

Reached = Mapping[UUID, Mapping[UUID, Recipient]]
"""By message and account: whom it is for now."""


class Sender:
    def __init__(
        self,
        pool: Pool,
        channels: Mapping[Means, Channel],
        addresses: AddressBook,
        clock: Callable[[], datetime],
        *,
        public_url: str,
        tries_max: int,
        abandoned: timedelta = ABANDONED,
    ) -> None:
        self._pool = pool
        self._channels = channels
        self._addresses = addresses
        self._clock = clock
        self._public_url = public_url
        self._tries_max = tries_max
        self._abandoned = abandoned

    async def send(self) -> int:
        """Send what is due. Raises `RetryLater`. Returns how many were due, of which another sender may have claimed some."""
        await self._settle_abandoned()
        await self._pool.execute(_DROP_DONE)
        await self._put_off()
        due = await self._pool.fetch(_DUE, list(self._channels), self._clock(), AT_ONCE)
        reached = await self._reached(due)
        claimed = await self._pool.fetch(_CLAIM, [row["provider_id"] for row in due], self._clock())
        await asyncio.gather(*(self._send_one(row, reached) for row in claimed))
        return len(due)

    async def _put_off(self) -> None:
        """What is too old by now has failed, and in quiet hours the rest waits for their end, however it came to be due."""
        now = self._clock()
        edition = edition_of(local_day(now))
        if edition is None:
            return
        await self._pool.execute(_TOO_OLD, now, now - timedelta(hours=edition.fresh_hours), TOO_OLD)
        morning = after_quiet(now, edition.quiet)
        if morning > now:
            await self._pool.execute(_PUT_OFF, now, morning, list(edition.urgent_kinds))

    async def _reached(self, due: Sequence[asyncpg.Record]) -> Reached:
        """Asked once for each message. Where nobody answers, nothing was claimed, and the deliveries wait as before."""
        messages = list({row["message_id"]: row for row in due}.values())
        asking = (self._addresses.recipients(audience_of(row)) for row in messages)
        answers = await asyncio.gather(*asking)
        return {
            row["message_id"]: {recipient.account: recipient for recipient in answer}
            for row, answer in zip(messages, answers, strict=True)
        }

    async def _send_one(self, row: asyncpg.Record, reached: Reached) -> None:
        recipient = reached[row["message_id"]].get(row["recipient"])
        address = recipient and recipient.address_now(row["channel"], row["address"])
        if not address:
            await self._pool.execute(_DROP, *_claim_of(row))
            return
        try:
            await self._channels[row["channel"]].send(self._letter(row, address))
        except NotNow as error:
            await self._later(row, error)
        except NotAccepted as error:
            await self._end(row, "failed", str(error))
        except (Unsure, Exception) as error:
            log.warning(
                "delivery.unknown", provider_id=row["provider_id"], channel=row["channel"], reason=error
            )
            await self._end(row, "unknown", type(error).__name__)
        else:
            await self._end(row, "sent", None)

    def _letter(self, row: asyncpg.Record, address: str) -> Letter:
        return Letter(
            provider_id=row["provider_id"],
            address=address,
            kind=row["kind"],
            title=row["title"],
            text="\n".join(filter(None, (row["text"], row["about"]))),
            link=self._public_url + (_on_phone(row) or row["link"]),
            at=row["at"],
        )

    async def _later(self, row: asyncpg.Record, error: NotNow) -> None:
        if row["tries"] >= self._tries_max:
            return await self._end(row, "failed", str(error))
        pause = error.pause or FIRST_PAUSE * 2 ** (row["tries"] - 1)
        await self._pool.execute(_LATER, *_claim_of(row), self._clock() + pause, str(error)[:200])
        return None

    async def _end(self, row: asyncpg.Record, state: str, error: str | None) -> None:
        await self._pool.execute(_END, *_claim_of(row), state, error and error[:200], self._clock())

    async def _settle_abandoned(self) -> None:
        """What a dead sender has left: as the way says, or unknown."""
        rows = await self._pool.fetch(_ABANDONED, self._clock() - self._abandoned)
        for row in rows:
            channel = self._channels.get(row["channel"])
            outcome = await channel.outcome(row["provider_id"]) if channel else None
            if outcome == "unsent":
                await self._pool.execute(_LATER, *_claim_of(row), self._clock(), "abandoned")
            else:
                error = None if outcome else "abandoned"
                await self._end(row, outcome or "unknown", error)


def _claim_of(row: asyncpg.Record) -> tuple[UUID, int]:
    """Tries are counted when a delivery is claimed, so the number says by whom it was: what another has claimed since is not ours."""
    return row["provider_id"], row["tries"]


def _on_phone(row: asyncpg.Record) -> str | None:
    """The phone's page, for those ways that are read on a phone."""
    return row["phone_link"] if row["channel"] in ("wechat", "sms") else None


# What was signed, say, before the night was over, is not worth a message in the morning.
_DROP_DONE: Final = """
    delete from delivery where provider_id in (
        select d.provider_id from delivery d join message m using (message_id)
         where d.state = 'waiting' and m.done_at is not null
           for update of d skip locked
    )
"""
_TOO_OLD: Final = """
    update delivery set state = 'failed', error = $3, ended_at = $1, address = null where provider_id in (
        select d.provider_id from delivery d join message m using (message_id)
         where d.state = 'waiting' and d.next_try <= $1 and m.at < $2
           for update of d skip locked
    )
"""
_PUT_OFF: Final = """
    update delivery set next_try = $2 where provider_id in (
        select d.provider_id from delivery d join message m using (message_id)
         where d.state = 'waiting' and d.next_try <= $1 and m.kind <> all($3)
           and not exists (select from preference p where p.account = d.account and not p.quiet)
           for update of d skip locked
    )
"""
_DUE: Final = """
    select d.provider_id, m.message_id, m.organisation, m.roles, m.signers, m.account, m.district
      from delivery d join message m using (message_id)
     where d.state = 'waiting' and d.next_try <= $2 and d.channel = any($1) and m.done_at is null
     order by d.next_try limit $3
"""
_CLAIM: Final = f"""
    with due as (
        select d.provider_id from delivery d join message m using (message_id)
         where d.provider_id = any($1) and d.state = 'waiting' and d.next_try <= $2 and m.done_at is null
         order by d.provider_id for update of d skip locked
    ), claimed as (
        update delivery d set state = 'sending', tries = tries + 1, claimed_at = $2
          from due where d.provider_id = due.provider_id
        returning d.*
    )
    select c.provider_id, c.message_id, c.channel, c.account as recipient, c.address, c.tries,
           m.kind, m.title, m.text, m.link, m.phone_link, m.at, ({ABOUT.format(reader="c.organisation")}) as about
      from claimed c join message m using (message_id)
"""
_DROP: Final = "delete from delivery where provider_id = $1 and tries = $2 and state = 'sending'"
_LATER: Final = """
    update delivery set state = 'waiting', next_try = $3, error = $4
     where provider_id = $1 and tries = $2 and state = 'sending'
"""
_END: Final = """
    update delivery set state = $3, error = $4, ended_at = $5, address = null
     where provider_id = $1 and tries = $2 and state = 'sending'
"""
_ABANDONED: Final = """
    select provider_id, channel, tries from delivery where state = 'sending' and claimed_at < $1
"""
