"""Which timers follow from the facts, and which command each timer sends."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from confirmation_samples import (
    ABOUT,
    DUE,
    NOON,
    answered,
    completed,
    disputed,
    escalated,
    lapsed,
    opened,
    reminded,
    renewed,
    requested,
    signed,
)
from qingyuan_events import Actor, Fact, Meta
from qingyuan_runtime.log.handling import CommandContext, append
from qingyuan_runtime.log.store import Write
from qingyuan_runtime.log.store_memory import MemoryStore
from qingyuan_runtime.reacting.timers import Timer
from signoff.deadlines import command_for, moments_of, when_due
from signoff.domain.commands import Lapse, Remind
from signoff.domain.decider import CONFIRMATION

FIVE, EIGHT, HALF_PAST_TEN = (
    datetime(2026, 11, 24, hour, minute, tzinfo=UTC) for hour, minute in ((9, 0), (12, 0), (14, 30))
)
"""17:00, 20:00 and 22:30 in Shanghai: the reminders as the dated settings have them on this day."""


@pytest.mark.parametrize(
    ("asked_at", "reminders"),
    [
        (NOON, {"remind 17:00": FIVE, "remind 20:00": EIGHT, "remind 22:30": HALF_PAST_TEN}),
        (FIVE, {"remind 20:00": EIGHT, "remind 22:30": HALF_PAST_TEN}),
        (HALF_PAST_TEN + timedelta(minutes=1), {}),
    ],
)
def test_a_request_sets_the_reminders_still_to_come_and_the_lapse_at_the_end_of_its_day(
    asked_at: datetime, reminders: dict[str, datetime]
) -> None:
    expected = reminders | {"lapse": DUE}
    assert moments_of(requested.model_copy(update={"requested_at": asked_at})) == expected
    assert moments_of(renewed.model_copy(update={"renewed_at": asked_at})) == expected


@pytest.mark.parametrize("fact", [signed(), disputed, lapsed])
def test_a_signature_a_dispute_or_a_lapse_removes_all_timers(fact: Fact) -> None:
    assert moments_of(fact) == {}


@pytest.mark.parametrize("fact", [opened, reminded, answered, escalated])
def test_other_facts_change_no_timer(fact: Fact) -> None:
    assert moments_of(fact) is None


def test_timers_move_to_the_day_of_the_last_original_if_that_is_later() -> None:
    assert moments_of(completed) is None
    noon, due = (moment + timedelta(days=1) for moment in (NOON, DUE))
    moved = completed.model_copy(update={"originals_at": noon, "due_at": due})
    tomorrow = {name: moment + timedelta(days=1) for name, moment in REMINDERS.items()}
    assert moments_of(moved) == tomorrow | {"lapse": due}


REMINDERS = {"remind 17:00": FIVE, "remind 20:00": EIGHT, "remind 22:30": HALF_PAST_TEN}


def test_the_command_of_a_timer_names_the_deadline_of_its_request() -> None:
    now = DUE + timedelta(hours=9)

    def timer(what: str, at: datetime) -> Timer:
        return Timer("confirmation-1", what, at, UUID(int=1), UUID(int=2), None)

    assert command_for(timer("lapse", DUE), now) == Lapse(due_at=DUE, now=now)
    assert command_for(timer("remind 22:30", HALF_PAST_TEN), now) == Remind(
        due_at=DUE, reminder="22:30", now=now
    )


async def test_a_timer_is_done_when_the_log_holds_its_reminder_or_the_request_no_longer_waits() -> None:
    store = MemoryStore()
    stream = CONFIRMATION.stream(ABOUT.confirmation_id)
    await append(store, (Write(stream, 0, (requested,)),), context(1))
    send = when_due(store)
    timer = Timer(stream, "remind 17:00", FIVE, UUID(int=1), UUID(int=2), None)
    for _ in range(2):
        assert await send(timer, FIVE)
    assert [recorded.fact.type for recorded in await store.read(stream)][1:] == [reminded.type]
    await append(store, (Write(stream, 2, (disputed,)),), context(2))
    assert await send(replace(timer, what="remind 20:00", at=EIGHT), EIGHT)
    assert len(await store.read(stream)) == 3


def context(number: int) -> CommandContext:
    actor = Actor(account=UUID(int=1), kind="operator")
    return CommandContext(Meta(actor=actor, command_id=UUID(int=number), correlation=UUID(int=1)), "f")
