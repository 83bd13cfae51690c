"""Reminders for a log that existed before them, each recorded once whichever process is killed: on real PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from counting import running, until
from plan_samples import attachment, confirmed, enterprise, submitted, terms
from qingyuan_events import Actor, Meta
from qingyuan_events.tasks import ContractReminded
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.bus.memory import MemoryPublisher, MemoryReader, MemoryTopic
from qingyuan_runtime.bus.port import Publisher, Reader
from qingyuan_runtime.database import migrating
from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_runtime.following.projecting import ProjectionRunner
from qingyuan_runtime.following.rebuilding import Rebuild, ensure_current, session_of
from qingyuan_runtime.log.handling import CommandContext, handle
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.publishing.relay import Relay, Source
from qingyuan_runtime.reacting import timers
from qingyuan_runtime.reacting.timers import Timer, TimerRunner
from tasks import reminders
from tasks.domain.contracts.commands import ConfirmContract, ContractCommand, DeclineContract, SubmitContract
from tasks.domain.contracts.decider import CONTRACT

pytestmark = pytest.mark.servers

WAITS, ANSWERED, DECLINED = (UUID(int=61 + n) for n in range(3))
DAY = timedelta(days=1)
LONG = terms.model_copy(update={"last_day": datetime.now(UTC).date() + timedelta(days=400)})


class Died(Exception):
    """The process ended between the answer of a command and the end of its timer."""


@dataclass
class Town:
    """The log, its topic, and the tables of the reminders once they exist."""

    dsn: str
    log: Pool
    topic: MemoryTopic

    async def publisher(self) -> Publisher:
        return MemoryPublisher(self.topic)

    async def reader(self) -> Reader:
        return MemoryReader(self.topic)

    async def does(self, contract: UUID, command: ContractCommand) -> None:
        meta = Meta(actor=Actor(account=uuid4(), kind="operator"), command_id=uuid4(), correlation=uuid4())
        await handle(
            PostgresStore(self.log), CONTRACT, CONTRACT.stream(contract), command, CommandContext(meta, "f")
        )

    async def submits(self, *contracts: UUID) -> None:
        for contract in contracts:
            what = LONG.model_copy(update={"number": str(contract)})
            await self.does(
                contract,
                SubmitContract(
                    contract_id=contract,
                    operator_id=submitted.operator_id,
                    enterprise=enterprise,
                    terms=what,
                    files=(attachment,),
                ),
            )

    async def event_names(self, contract: UUID) -> list[str]:
        facts = [recorded.fact for recorded in await PostgresStore(self.log).read(CONTRACT.stream(contract))]
        return [
            f"reminded {fact.number}"
            if isinstance(fact, ContractReminded)
            else fact.type.split(".")[1]  # as the noun of all is the same
            for fact in facts
        ]

    def rebuild(self) -> Rebuild:
        return Rebuild(
            projection=reminders.projection(),
            own_script=timers.create_script(),
            view_dsn=self.dsn,
            source_dsn=self.dsn,
            open_reader=self.reader,
        )

    async def timers(self) -> dict[str, str]:
        rows = await self.log.fetch("select stream_id, what from reminders.timer")
        return {row["stream_id"]: row["what"] for row in rows}

    async def is_followed(self) -> bool:
        """Waits until the timers follow from all that the log holds."""
        asked = "select coalesce(sum(version), 0) from {}"
        known = await self.log.fetchval(asked.format("reminders.projection_stream"))
        return bool(known == await self.log.fetchval(asked.format("streams")))


@pytest.fixture
async def town(postgres_server: DatabaseServer) -> AsyncIterator[Town]:
    dsn = await postgres_server.fresh("tasks")
    await asyncio.to_thread(migrating.upgrade, "tasks", owner_url=dsn, app_url=dsn)
    log = await open_pool(dsn, size=4)
    yield Town(dsn, log, MemoryTopic())
    await log.close()


@asynccontextmanager
async def place_of(town: Town) -> AsyncIterator[Pool]:
    place = await open_pool(town.dsn, size=3, session=session_of(reminders.NAME))
    yield place
    await place.close()


@asynccontextmanager
async def following(town: Town) -> AsyncIterator[None]:
    """The relay and the projection of the timers at work."""
    relay = Relay(Source(town.dsn, "tasks"), town.publisher)
    async with place_of(town) as place:
        rows = ProjectionRunner(reminders.projection(), place, town.reader)
        async with running(relay.run(), rows.run()):
            yield


async def round_at(town: Town, place: Pool, now: datetime, *, dies: bool = False) -> int:
    """Sends once what is due by this clock; returns how many commands were answered."""
    send = reminders.when_due(PostgresStore(town.log))

    async def sending(timer: Timer, moment: datetime) -> bool:
        is_answered = await send(timer, moment)
        if dies:
            raise Died
        return is_answered

    return await TimerRunner(reminders.NAME, place, sending, clock=lambda: now).run_due()


async def test_open_contracts_of_a_log_that_is_older_than_its_reminders_are_reminded_of(town: Town) -> None:
    await town.submits(WAITS, ANSWERED, DECLINED)
    await town.does(
        ANSWERED,
        ConfirmContract(
            contract_id=ANSWERED, enterprise=enterprise, points=confirmed.points, today=LONG.first_day
        ),
    )
    await town.does(DECLINED, DeclineContract(contract_id=DECLINED, reason="不是我们的合同"))
    await ensure_current(town.rebuild())
    assert await town.timers() == {CONTRACT.stream(WAITS): "remind 1"}
    async with place_of(town) as place:
        now = datetime.now(UTC)
        assert await round_at(town, place, now + 2 * DAY) == 0
        assert await round_at(town, place, now + 4 * DAY) == 1
    assert await town.event_names(WAITS) == ["submitted", "reminded 1"]
    assert await town.event_names(ANSWERED) == ["submitted", "confirmed"]
    assert await town.event_names(DECLINED) == ["submitted", "declined"]


async def test_each_reminder_is_made_once_whoever_dies_and_none_after_the_answer(town: Town) -> None:
    await ensure_current(town.rebuild())
    now = datetime.now(UTC)
    async with following(town):
        await town.submits(WAITS, DECLINED)
        await until(town.is_followed)
    async with place_of(town) as place:  # no projection runs, so the timers stay as they are
        assert await round_at(town, place, now + 4 * DAY, dies=True) == 0
        assert await town.timers() == {
            CONTRACT.stream(contract): "remind 1" for contract in (WAITS, DECLINED)
        }
        assert await round_at(town, place, now + 5 * DAY) == 2
        for contract in (WAITS, DECLINED):
            assert await town.event_names(contract) == ["submitted", "reminded 1"]
    async with following(town), place_of(town) as place:
        await until(town.is_followed)
        assert await round_at(town, place, now + 6 * DAY) == 0
        await town.does(DECLINED, DeclineContract(contract_id=DECLINED, reason="不是我们的合同"))
        await until(town.is_followed)
        await round_at(town, place, now + 60 * DAY)
    assert await town.event_names(WAITS) == ["submitted", "reminded 1", "reminded 2"]
    assert await town.event_names(DECLINED) == ["submitted", "reminded 1", "declined"]


async def test_a_rebuild_finds_the_same_timers_and_makes_no_reminder_again(town: Town) -> None:
    await ensure_current(town.rebuild())
    now = datetime.now(UTC)
    async with following(town), place_of(town) as place:
        await town.submits(WAITS)
        await until(town.is_followed)
        assert await round_at(town, place, now + 4 * DAY) == 1
        await until(town.is_followed)
    rebuilt = await town.rebuild().run()
    assert (rebuilt.compared.differs, await town.timers()) == (False, {CONTRACT.stream(WAITS): "remind 2"})
    async with place_of(town) as place:
        assert await round_at(town, place, now + 4 * DAY) == 0
    assert await town.event_names(WAITS) == ["submitted", "reminded 1"]


async def test_a_timer_that_the_answer_has_overtaken_reminds_nobody(town: Town) -> None:
    """The timers do not reflect the answer yet when they are due."""
    await ensure_current(town.rebuild())
    async with following(town):
        await town.submits(WAITS)
        await until(town.is_followed)
    await town.does(WAITS, DeclineContract(contract_id=WAITS, reason="不是我们的合同"))
    async with place_of(town) as place:
        assert await round_at(town, place, datetime.now(UTC) + 4 * DAY) == 1
    assert (await town.event_names(WAITS), await town.timers()) == (["submitted", "declined"], {})


@pytest.mark.parametrize("days", [365, 500])
async def test_a_clock_that_is_wrong_for_one_round_ends_no_reminders(town: Town, days: int) -> None:
    """Before and after the contract's last day: the timers follow from the log, and a rebuild gives the same."""
    await ensure_current(town.rebuild())
    now = datetime.now(UTC)
    async with following(town), place_of(town) as place:
        await town.submits(WAITS)
        await until(town.is_followed)
        for _ in range(3):
            await round_at(town, place, now + days * DAY)
            await until(town.is_followed)
        assert len(await town.event_names(WAITS)) == (2 if days < 400 else 1), (
            "no more than one, however often it goes round"
        )
        assert not (await town.rebuild().run()).compared.differs
    async with following(town), place_of(town) as place:
        for later in (4, 12):
            await round_at(town, place, now + later * DAY)
            await until(town.is_followed)
    assert await town.event_names(WAITS) == ["submitted", "reminded 1", "reminded 2"]


async def test_a_timer_that_is_due_after_the_contracts_last_day_is_done_without_a_reminder(
    town: Town,
) -> None:
    """The timers of a contract that was reminded until its end follow from recorded times, not from the clock."""
    await town.submits(WAITS)
    send = reminders.when_due(PostgresStore(town.log))
    for days, gone in ((399, False), (401, True)):
        at = datetime.now(UTC) + days * DAY
        timer = Timer(CONTRACT.stream(WAITS), "remind 1", at, UUID(int=1), UUID(int=2), None)
        assert await send(timer, at + 500 * DAY) is gone
