"""Facts as their services announce them, people who are told of them, and an address book that answers from memory."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID, uuid4

import httpx
from messages.addresses import Recipient
from messages.message import Audience
from messages.notices import MODELS
from qingyuan_events import Actor, Fact, Meta, Recorded, decode
from qingyuan_runtime.database.connections import open_pool
from qingyuan_runtime.following.rebuilding import session_of

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
"""Ten in the morning in Shanghai."""
EXAMPLES: Mapping[str, dict[str, Any]] = {
    path.name.removesuffix(".json"): json.loads(path.read_text())
    for path in (files("qingyuan_events") / "examples").iterdir()
    if path.name.endswith(".json")
}
As = Callable[[Actor], httpx.AsyncClient]
ENTERPRISE, OPERATOR = UUID(int=2), UUID(int=1)
SIGNER = Actor(account=UUID(int=21), kind="enterprise", organisation=ENTERPRISE)
COLLEAGUE = Actor(account=UUID(int=22), kind="enterprise", organisation=ENTERPRISE, role="signatory")
OTHER_ENTERPRISE = Actor(account=UUID(int=23), kind="enterprise", organisation=UUID(int=4))
MANAGER = Actor(account=UUID(int=11), kind="operator", organisation=OPERATOR, role="manager")
TECHNICIAN = Actor(account=UUID(int=12), kind="operator", organisation=OPERATOR, role="technician")
DISTRICT = Actor(account=UUID(int=31), kind="regulator", district="310118")
OTHER_DISTRICT = Actor(account=UUID(int=32), kind="regulator", district="310113")
OFFICE = Actor(account=UUID(int=41), kind="administrator", role="system")
SECURITY = Actor(account=UUID(int=42), kind="administrator", role="security")
AUDIT = Actor(account=UUID(int=43), kind="administrator", role="audit")
EVERYBODY = (
    SIGNER,
    COLLEAGUE,
    OTHER_ENTERPRISE,
    MANAGER,
    TECHNICIAN,
    DISTRICT,
    OTHER_DISTRICT,
    OFFICE,
    SECURITY,
    AUDIT,
)
PARTIES = {"enterprise_id": str(ENTERPRISE), "operator_id": str(OPERATOR), "district": "310118"}
META = Meta(actor=SIGNER, command_id=UUID(int=5), correlation=UUID(int=5))


def fact(type_: str, **changed: Any) -> Fact:
    """The published example of this type, about our enterprise and operator."""
    example = EXAMPLES[type_]
    parties = {name: value for name, value in PARTIES.items() if name in example}
    return decode(type_, json.dumps(example | parties | changed, default=str))


def recorded(of: Fact, *, version: int = 1, stream: str | None = None, at: datetime = NOW) -> Recorded[Fact]:
    return Recorded(stream or f"{of.type.split('.')[0]}-{UUID(int=7)}", version, at, META, of)


def one_stream(*facts: Fact, at: datetime = NOW) -> list[Recorded[Fact]]:
    stream = f"{facts[0].type.split('.')[0]}-{uuid4()}"
    return [
        recorded(each, version=version, stream=stream, at=at + timedelta(minutes=version - 1))
        for version, each in enumerate(facts, start=1)
    ]


async def apply(dsn: str, facts: Sequence[Recorded[Fact]]) -> None:
    """Tell each follower those of its topic, in one batch."""
    for model in MODELS:
        mine = [each for each in facts if each.fact.topic == model.topic]
        if mine:
            pool = await open_pool(dsn, size=1, session=session_of(model.model))
            async with pool.acquire() as connection, connection.transaction():
                await model.apply(connection, mine)
            await pool.close()


@dataclass
class MemoryAddresses:
    """The fake of the address book: the same recipients for every audience."""

    everybody: Sequence[Recipient] = ()
    asked: list[Audience] = field(default_factory=list)

    async def recipients(self, audience: Audience) -> Sequence[Recipient]:
        self.asked.append(audience)
        return self.everybody


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now
