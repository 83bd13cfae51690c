"""Step 3 of "The way of one command" (README): what callers of `handle` may rely on with any store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

import pytest
from qingyuan_events import Actor, Fact, Meta, Recorded
from qingyuan_events.registry import OutletAdded, OutletClosed, OutletParticulars
from qingyuan_runtime.domain.decider import Claim, Decider, Refused
from qingyuan_runtime.log.handling import Busy, CommandContext, VersionMismatch, handle
from qingyuan_runtime.log.store import Conflict, Receipt, Write
from qingyuan_runtime.log.store_memory import MemoryStore

ENTERPRISE, OUTLET = UUID(int=1), UUID(int=2)


@dataclass(frozen=True)
class Add:
    code: str = "DW001"


@dataclass(frozen=True)
class Close:
    pass


def decide(command: Add | Close, state: str) -> tuple[Fact, ...]:
    match command:
        case Add(code):
            if state != "new":
                raise Refused("outlet.exists", "排口已存在。")
            particulars = OutletParticulars(code=code, name="总排口", medium="wastewater")
            return (
                OutletAdded(
                    outlet_id=OUTLET,
                    enterprise_id=ENTERPRISE,
                    particulars=particulars,
                    valid_from=date(2026, 1, 1),
                ),
            )
        case Close():
            if state == "closed":
                return ()
            return (
                OutletClosed(
                    outlet_id=OUTLET, enterprise_id=ENTERPRISE, valid_to=date(2026, 2, 1), reason="拆除"
                ),
            )


def evolve(_state: str, fact: Fact) -> str:
    return "closed" if isinstance(fact, OutletClosed) else "open"


def claims(fact: Fact) -> tuple[Claim, ...]:
    return (Claim("outlet-code", fact.particulars.code),) if isinstance(fact, OutletAdded) else ()


OUTLET_DECIDER: Decider[Add | Close, str, Fact] = Decider(
    noun="outlet", initial="new", decide=decide, evolve=evolve, claims=claims
)


def context(
    *, command_id: UUID | None = None, fingerprint: str = "f", expected: int | None = None
) -> CommandContext:
    actor = Actor(account=uuid4(), kind="enterprise", organisation=ENTERPRISE)
    command_id = command_id or uuid4()
    return CommandContext(
        Meta(actor=actor, command_id=command_id, correlation=command_id), fingerprint, expected
    )


async def test_a_command_appends_what_decide_returned() -> None:
    store = MemoryStore()
    assert await handle(store, OUTLET_DECIDER, "outlet-a", Add(), context()) == Receipt("outlet-a", 1)
    assert [entry.fact.type for entry in await store.read("outlet-a")] == ["outlet.added.v1"]


async def test_a_retry_gets_the_first_answer_and_appends_nothing() -> None:
    store, once = MemoryStore(), context()
    first = await handle(store, OUTLET_DECIDER, "outlet-a", Add(), once)
    await handle(store, OUTLET_DECIDER, "outlet-a", Close(), context())
    assert await handle(store, OUTLET_DECIDER, "outlet-a", Add(), once) == first
    assert len(await store.read("outlet-a")) == 2


async def test_a_refusal_appends_nothing() -> None:
    store = MemoryStore()
    await handle(store, OUTLET_DECIDER, "outlet-a", Add(), context())
    with pytest.raises(Refused, match=r"outlet\.exists"):
        await handle(store, OUTLET_DECIDER, "outlet-a", Add(), context())
    assert len(await store.read("outlet-a")) == 1


async def test_nothing_to_say_is_an_answer_too() -> None:
    store = MemoryStore()
    await handle(store, OUTLET_DECIDER, "outlet-a", Add(), context())
    await handle(store, OUTLET_DECIDER, "outlet-a", Close(), context())
    assert await handle(store, OUTLET_DECIDER, "outlet-a", Close(), context()) == Receipt("outlet-a", 2)


async def test_an_older_if_match_is_told_the_present_version() -> None:
    store = MemoryStore()
    await handle(store, OUTLET_DECIDER, "outlet-a", Add(), context())
    with pytest.raises(VersionMismatch) as caught:
        await handle(store, OUTLET_DECIDER, "outlet-a", Close(), context(expected=7))
    assert caught.value.version == 1


async def test_a_claim_taken_elsewhere_is_a_refusal_with_its_own_code() -> None:
    store = MemoryStore()
    await handle(store, OUTLET_DECIDER, "outlet-a", Add("DW001"), context())
    with pytest.raises(Refused) as caught:
        await handle(store, OUTLET_DECIDER, "outlet-b", Add("DW001"), context())
    assert caught.value.code == "outlet-code.taken"


class Contested(MemoryStore):
    """A store in which another command is always appended first."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    async def append(self, writes: tuple[Write, ...], meta: Meta, fingerprint: str) -> Receipt:  # type: ignore[override]
        if self.times:
            self.times -= 1
            raise Conflict(writes[0].stream)
        return await super().append(writes, meta, fingerprint)


async def test_a_conflict_is_decided_again() -> None:
    store = Contested(times=2)
    assert (await handle(store, OUTLET_DECIDER, "outlet-a", Add(), context())).version == 1


async def test_three_conflicts_are_busy() -> None:
    with pytest.raises(Busy):
        await handle(Contested(times=3), OUTLET_DECIDER, "outlet-a", Add(), context())


async def test_what_begins_with_the_command_is_not_looked_for_and_a_retry_still_gets_its_first_answer() -> (
    None
):
    class Counting(MemoryStore):
        reads = 0

        async def read(self, stream: str) -> Sequence[Recorded[Fact]]:
            self.reads += 1
            return await super().read(stream)

    store, first_try = Counting(), context()
    first = await handle(store, OUTLET_DECIDER, "outlet-a", Add(), first_try, begins=True)

    assert store.reads == 0
    assert await handle(store, OUTLET_DECIDER, "outlet-a", Add(), first_try, begins=True) == first
    with pytest.raises(Refused, match=r"outlet\.exists"):
        await handle(store, OUTLET_DECIDER, "outlet-a", Add(code="DW002"), context(), begins=True)
    assert len(await store.read("outlet-a")) == 1
