"""Reactions to a visit's facts: one request, a new one when the content changed, and nothing else."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import pytest
from asking import DAY, ENTERPRISE, NOON, OPERATOR, OUTLET, POINT, SHOWN, VISIT
from qingyuan_events import Actor, Fact, Meta, Recorded
from qingyuan_events.tasks import VisitAborted, VisitAmended, VisitCompleted
from qingyuan_runtime.log.causes import Withdrawn
from qingyuan_runtime.log.store_memory import MemoryStore
from signoff.reactions import NAME, confirmation_of, reaction, withdrawal

META = Meta(
    actor=Actor(account=OPERATOR, kind="operator"),
    command_id=UUID(int=1),
    correlation=UUID(int=2),
    traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
)
OF = {
    "visit_id": VISIT,
    "operator_id": OPERATOR,
    "enterprise_id": ENTERPRISE,
    "outlet_id": OUTLET,
    "point_id": POINT,
    "district": "310118",
}
completed = VisitCompleted(**OF, day=DAY, contents=("patrol",), content_sha256=SHOWN)
aborted = VisitAborted(**OF, reason="停电", by=OPERATOR, claimed_at=NOON, received_at=NOON)


def amended(content: str) -> VisitAmended:
    return VisitAmended(**OF, contents=("patrol",), content_sha256=content, cause="added_later")


async def after(*facts: Fact, store: MemoryStore | None = None, now: datetime = NOON) -> list[Recorded[Fact]]:
    """The facts of the confirmation after these of the visit."""
    store = store or MemoryStore()
    react = reaction(store, lambda: now)
    for version, fact in enumerate(facts, start=1):
        await react(Recorded(f"visit-{VISIT}", version, NOON, META, fact))
    return list(await store.read(f"confirmation-{uuid5(VISIT, 'confirmation')}"))


def types(recorded: list[Recorded[Fact]]) -> list[str]:
    return [fact.fact.type for fact in recorded]


async def test_a_complete_visit_is_asked_about_with_everything_it_is_known_by() -> None:
    (asked,) = await after(completed)
    said = asked.fact.model_dump()
    assert said["confirmation_id"] == confirmation_of(VISIT)
    assert {name: said[name] for name in OF} == OF
    assert (said["visit_day"], said["content_sha256"], said["requested_at"]) == (DAY, SHOWN, NOON)
    cause = Recorded(f"visit-{VISIT}", 1, NOON, META, completed)
    assert asked.meta.command_id == uuid5(cause.id, NAME)
    assert (asked.meta.causation, asked.meta.correlation) == (cause.id, META.correlation)
    assert (asked.meta.actor.kind, asked.meta.actor.organisation) == ("system", None)


async def test_a_visit_that_is_heard_of_late_is_due_on_the_day_it_is_heard_of() -> None:
    (asked,) = await after(completed, now=NOON + timedelta(days=3))
    assert asked.fact.model_dump()["due_at"] - NOON == timedelta(days=3, hours=12)


async def test_changed_content_is_asked_about_anew_and_the_same_is_not() -> None:
    assert types(await after(completed, amended(SHOWN), amended("b" * 64))) == [
        "confirmation.requested.v1",
        "confirmation.renewed.v1",
    ]


async def test_facts_that_come_again_change_nothing() -> None:
    store = MemoryStore()
    facts = (completed, amended("b" * 64), amended("c" * 64))
    first = await after(*facts, store=store)
    assert await after(*facts, store=store, now=NOON + timedelta(days=1)) == first


async def test_nothing_is_asked_about_what_was_broken_off_or_never_complete() -> None:
    assert await after(aborted) == []
    assert await after(amended(SHOWN)) == []


def kept(*facts: Fact) -> Withdrawn:
    """What a restore has kept of a visit, after more of it had been received."""
    found = tuple(Recorded(f"visit-{VISIT}", n, NOON, META, fact) for n, fact in enumerate(facts, start=1))
    return Withdrawn(f"visit-{VISIT}", len(facts) + 1, len(facts), 7, found)


async def test_a_confirmation_of_a_lost_visit_is_void_once_and_asked_for_when_it_comes_again() -> None:
    store = MemoryStore()
    await after(completed, store=store)
    for _ in range(2):
        await withdrawal(store, lambda: NOON)(kept())
    await reaction(store, lambda: NOON)(Recorded(f"visit-{VISIT}", 1, NOON, META, completed, 7))
    assert types(await after(store=store)) == [
        "confirmation.requested.v1",
        "confirmation.voided.v1",
        "confirmation.requested.v1",
    ]


async def test_where_the_lost_said_nothing_of_the_content_nothing_is_void() -> None:
    store = MemoryStore()
    before = await after(completed, store=store)
    await withdrawal(store, lambda: NOON)(kept(completed))
    assert await after(store=store) == before


async def test_where_a_change_was_lost_the_kept_content_is_asked_for() -> None:
    store = MemoryStore()
    await after(completed, amended("b" * 64), store=store)
    await withdrawal(store, lambda: NOON)(kept(completed))
    facts = [recorded.fact for recorded in await after(store=store)]
    assert [fact.type.split(".")[1] for fact in facts] == ["requested", "renewed", "voided", "requested"]
    assert facts[-1].model_dump()["content_sha256"] == SHOWN


@pytest.mark.parametrize("again", [1, 2])
async def test_a_void_confirmation_is_asked_for_by_the_facts_that_asked_before_once(again: int) -> None:
    """The right dump, restored after a wrong one, contains the lost facts again with the same ids."""
    store = MemoryStore()
    await after(completed, store=store)
    await withdrawal(store, lambda: NOON)(kept())
    for _ in range(again):
        await after(completed, amended("b" * 64), store=store)
    facts = [recorded.fact for recorded in await after(store=store)]
    assert [fact.type.split(".")[1] for fact in facts] == ["requested", "voided", "requested", "renewed"]
    assert facts[-1].model_dump()["content_sha256"] == "b" * 64


async def test_content_that_changes_under_a_void_confirmation_is_asked_about_anew() -> None:
    store = MemoryStore()
    await after(completed, store=store)
    await withdrawal(store, lambda: NOON)(kept())
    await reaction(store, lambda: NOON)(Recorded(f"visit-{VISIT}", 2, NOON, META, amended(SHOWN), 3))
    said = (await after(store=store))[-1].fact.model_dump()
    assert (said["visit_day"], said["content_sha256"], said["requested_at"]) == (DAY, SHOWN, NOON)


async def test_what_was_answered_before_a_loss_is_not_asked_again_of_what_has_gone_on() -> None:
    """The position of the reaction is lost, so it handles all facts again."""
    store = MemoryStore()
    held = completed, amended("b" * 64), amended("c" * 64)
    await after(*held, amended("d" * 64), store=store)
    await withdrawal(store, lambda: NOON)(kept(*held))
    later = Recorded(f"visit-{VISIT}", 4, NOON, META, amended("e" * 64), 7)
    await reaction(store, lambda: NOON)(later)
    before = await after(store=store)
    await withdrawal(store, lambda: NOON)(kept(*held))
    await after(*held, store=store)
    await reaction(store, lambda: NOON)(later)
    assert await after(store=store) == before
    assert before[-1].fact.model_dump()["content_sha256"] == "e" * 64


async def test_what_else_was_lost_is_none_of_its_business() -> None:
    store = MemoryStore()
    await withdrawal(store, lambda: NOON)(replace(kept(), stream="contract-1"))
    assert await after(store=store) == []
