"""When the enterprise is reminded, and when the day is over: what the facts say of it, and what is then asked.

A projection of the service's own topic, not part of the reaction: a deadline then follows from what is recorded,
whoever recorded it, and is there exactly once after any death.
"""

from datetime import datetime
from typing import Final

from qingyuan_events import Fact, Recorded
from qingyuan_events.signoff import (
    ConfirmationDisputed,
    ConfirmationLapsed,
    ConfirmationRenewed,
    ConfirmationRequested,
    ConfirmationSigned,
    ConfirmationVoided,
    OriginalsCompleted,
    SignoffFact,
)
from qingyuan_runtime.log.store import EventStore
from qingyuan_runtime.reacting.timers import Moments, Timer, TimerProjection, WhenDue, command_when_due
from qingyuan_standards.days import end_of_day

from signoff import rules
from signoff.domain.commands import Lapse, Remind
from signoff.domain.decider import CONFIRMATION

NAME: Final = "deadlines"
LAPSE: Final = "lapse"
REMIND: Final = "remind "


def moments_of(fact: Fact) -> Moments | None:
    """What is due from now on; None: it stays as it was. Who has spoken is neither reminded nor lapses, nor is what is void."""
    match fact:
        case ConfirmationRequested():
            return _until_the_end(fact.requested_at, fact.due_at)
        case ConfirmationRenewed():
            return _until_the_end(fact.renewed_at, fact.due_at)
        case OriginalsCompleted(due_at=datetime() as due_at):
            return _until_the_end(fact.originals_at, due_at)
        case ConfirmationSigned() | ConfirmationDisputed() | ConfirmationLapsed() | ConfirmationVoided():
            return {}
        case _:
            return None


def _until_the_end(asked_at: datetime, due_at: datetime) -> Moments:
    return {REMIND + name: moment for name, moment in rules.reminders(asked_at)} | {LAPSE: due_at}


def rule(recorded: Recorded[Fact]) -> Moments | None:
    """The facts of a confirmation say themselves when they were."""
    return moments_of(recorded.fact)


def projection() -> TimerProjection:
    return TimerProjection(NAME, SignoffFact.topic, rule)


def ringing(store: EventStore) -> WhenDue:
    """A reminder or a lapse, asked of the asking whose end lies on the day of the timer."""

    return command_when_due(store, CONFIRMATION, command_for, NAME)


def command_for(timer: Timer, now: datetime) -> Remind | Lapse:
    if timer.what == LAPSE:
        return Lapse(due_at=timer.at, now=now)
    return Remind(due_at=end_of_day(timer.at), reminder=timer.what.removeprefix(REMIND), now=now)
