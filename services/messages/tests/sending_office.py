"""A sender with ways that record, and an address book that answers from memory."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from message_facts import NOW, OPERATOR, Clock, MemoryAddresses, apply, fact, one_stream
from messages.addresses import AddressBook, Recipient
from messages.channels.port import Letter, Outcome
from messages.preferences import PreferenceRepository, Preferences
from messages.rulebook import Means
from messages.sending import Sender
from messages.spreading import Spreader
from qingyuan_runtime.database.connections import Pool

ONE = Recipient(
    account=UUID(int=11),
    organisation=OPERATOR,
    email="a@example.com",
    mobile="13800000000",
    openids=("o1",),
)
WITHOUT_ADDRESS = Recipient(account=UUID(int=12), organisation=OPERATOR)
EVERY_WAY: frozenset[Means] = frozenset({"wechat", "email", "sms"})


@dataclass
class Recording:
    """A way that keeps its letters, and fails as it is told to."""

    fails: list[Exception] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    says: Outcome | None = None

    async def send(self, letter: Letter) -> None:
        await asyncio.sleep(0)
        self.letters.append(letter)
        if self.fails:
            raise self.fails.pop()

    async def outcome(self, provider_id: UUID) -> Outcome | None:
        return self.says


@dataclass
class Office:
    pool: Pool
    clock: Clock
    addresses: MemoryAddresses = field(default_factory=lambda: MemoryAddresses([ONE, WITHOUT_ADDRESS]))
    way: Recording = field(default_factory=Recording)

    def spreader(self, means: frozenset[Means] = EVERY_WAY) -> Spreader:
        return Spreader(self.pool, self.addresses, means, self.clock)

    def sender(self, addresses: AddressBook | None = None) -> Sender:
        ways = dict.fromkeys(EVERY_WAY, self.way)
        return Sender(
            self.pool,
            ways,
            addresses or self.addresses,
            self.clock,
            public_url="https://q.example",
            tries_max=3,
        )

    async def states(self) -> list[tuple[str, str]]:
        rows = await self.pool.fetch("select channel, state from delivery order by channel")
        return [(row["channel"], row["state"]) for row in rows]


async def tell(dsn: str, *types: str, at: datetime = NOW) -> None:
    await apply(dsn, one_stream(*(fact(type_) for type_ in types), at=at))


async def wait_for_the_morning(dsn: str, office: Office) -> None:
    """A message of the night, by WeChat and e-mail; then it is morning."""
    chosen = Preferences({"confirmation.disputed": {"email": True, "sms": True}})
    await PreferenceRepository(office.pool).save(ONE.account, chosen)
    office.clock.now = NOW.replace(hour=15)
    await tell(dsn, "confirmation.disputed.v1", at=office.clock.now)
    await office.spreader().spread()
    assert await office.sender().send() == 0
    office.clock.now += timedelta(hours=12)
