"""Reactions to a visit's facts: one request, a new one when the content changed, and nothing else."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import pytest
from confirmation_samples import DAY, ENTERPRISE, NOON, OPERATOR, OUTLET, POINT, SHOWN, VISIT
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
IDS = {
    "visit_id": VISIT,
    "operator_id": OPERATOR,
    "enterprise_id": ENTERPRISE,
    "outlet_id": OUTLET,
    "point_id": POINT,
    "district": "310118",
}
completed = VisitCompleted(**IDS, day=DAY, contents=("patrol",), content_sha256=SHOWN)
aborted = VisitAborted(**IDS, reason="停电", by=OPERATOR, claimed_at=NOON, received_at=NOON)


def amended(content: str) -> VisitAmended:
    return VisitAmended(**IDS, contents=("patrol",), content_sha256=content, cause="added_later")


async def after(*facts: Fact, store: MemoryStore | None = None, now: datetime = NOON) -> list[Recorded[Fact]]:
    """The facts of the confirmation after these of the visit."""
    store = store or MemoryStore()
    react = reaction(store, lambda: now)
    for version, fact in enumerate(facts, start=1):
        await react(Recorded(f"visit-{VISIT}", version, NOON, META, fact))
    return list(await store.read(f"confirmation-{uuid5(VISIT, 'confirmation')}"))


def types(recorded: list[Recorded[Fact]]) -> list[str]:
    return [fact.fact.type for fact in recorded]


async def test_the_request_for_a_complete_visit_names_its_ids_content_and_cause() -> None:
    (asked,) = await after(completed)
    said = asked.fact.model_dump()
    assert said["confirmation_id"] == confirmation_of(VISIT)
    assert {name: said[name] for name in IDS} == IDS
    assert (said["visit_day"], said["content_sha256"], said["requested_at"]) == (DAY, SHOWN, NOON)
    cause = Recorded(f"visit-{VISIT}", 1, NOON, META, completed)
    assert asked.meta.command_id == uuid5(cause.id, NAME)
    assert (asked.meta.causation, asked.meta.correlation) == (cause.id, META.correlation)
    assert (asked.meta.actor.kind, asked.meta.actor.organisation) == ("system", None)


async def test_a_visit_that_is_received_late_is_to_be_confirmed_on_the_day_of_receipt() -> None:
    (asked,) = await after(completed, now=NOON + timedelta(days=3))
    assert asked.fact.model_dump()["due_at"] - NOON == timedelta(days=3, hours=12)


async def test_changed_content_renews_the_request_and_unchanged_content_does_not() -> None:
    assert types(await after(completed, amended(SHOWN), amended("b" * 64))) == [
        "confirmation.requested.v1",
        "confirmation.renewed.v1",
    ]


async def test_facts_that_come_again_change_nothing() -> None:
    store = MemoryStore()
    facts = (completed, amended("b" * 64), amended("c" * 64))
    first = await after(*facts, store=store)
    assert await after(*facts, store=store, now=NOON + timedelta(days=1)) == first


async def test_an_aborted_or_incomplete_visit_leads_to_no_request() -> None:
    assert await after(aborted) == []
    assert await after(amended(SHOWN)) == []


def kept(*facts: Fact) -> Withdrawn:
    """What a restore has kept of a visit, after more of it had been received."""
    found = tuple(Recorded(f"visit-{VISIT}", n, NOON, META, fact) for n, fact in enumerate(facts, start=1))
    return Withdrawn(f"visit-{VISIT}", len(facts) + 1, len(facts), 7, found)


async def test_a_confirmation_of_a_lost_visit_is_void_once_and_requested_when_the_visit_comes_again() -> None:
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


async def test_a_loss_that_does_not_change_the_content_voids_nothing() -> None:
    store = MemoryStore()
    before = await after(completed, store=store)
    await withdrawal(store, lambda: NOON)(kept(completed))
    assert await after(store=store) == before


async def test_where_a_change_was_lost_confirmation_of_the_kept_content_is_requested() -> None:
    store = MemoryStore()
    await after(completed, amended("b" * 64), store=store)
    await withdrawal(store, lambda: NOON)(kept(completed))
    facts = [recorded.fact for recorded in await after(store=store)]
    assert [fact.type.split(".")[1] for fact in facts] == ["requested", "renewed", "voided", "requested"]
    assert facts[-1].model_dump()["content_sha256"] == SHOWN


@pytest.mark.parametrize("again", [1, 2])
async def test_facts_that_are_restored_after_a_void_lead_to_a_request_once(again: int) -> None:
    """The right dump, restored after a wrong one, contains the lost facts again with the same ids."""
    store = MemoryStore()
    await after(completed, store=store)
    await withdrawal(store, lambda: NOON)(kept())
    for _ in range(again):
        await after(completed, amended("b" * 64), store=store)
    facts = [recorded.fact for recorded in await after(store=store)]
    assert [fact.type.split(".")[1] for fact in facts] == ["requested", "voided", "requested", "renewed"]
    assert facts[-1].model_dump()["content_sha256"] == "b" * 64


async def test_content_that_changes_after_a_void_is_requested_anew() -> None:
    store = MemoryStore()
    await after(completed, store=store)
    await withdrawal(store, lambda: NOON)(kept())
    await reaction(store, lambda: NOON)(Recorded(f"visit-{VISIT}", 2, NOON, META, amended(SHOWN), 3))
    said = (await after(store=store))[-1].fact.model_dump()
    assert (said["visit_day"], said["content_sha256"], said["requested_at"]) == (DAY, SHOWN, NOON)


async def test_handling_all_facts_again_after_a_loss_adds_nothing() -> None:
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


async def test_lost_facts_of_other_streams_are_ignored() -> None:
    store = MemoryStore()
    await withdrawal(store, lambda: NOON)(replace(kept(), stream="contract-1"))
    assert await after(store=store) == []
