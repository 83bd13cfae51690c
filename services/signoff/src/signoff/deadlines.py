"""Timers that remind an enterprise of a confirmation and let it lapse at the end of the day.

They are a projection of the service's own topic and not part of the reaction to visits: a deadline then follows from
what is recorded, whoever recorded it, and exists exactly once even when a process was killed in between.
"""

from datetime import datetime
from typing import Final

from qingyuan_events import Fact, Recorded
from qingyuan_events.signoff import (
    ConfirmationDisputed,
    ConfirmationLapsed,
    ConfirmationRenewed,
    ConfirmationRequested,
    ConfirmationSignedV2,
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
    """The timers after this fact; None leaves them as they were. None are due once it is signed, disputed, lapsed or void."""
    match fact:
        case ConfirmationRequested():
            return _until_due(fact.requested_at, fact.due_at)
        case ConfirmationRenewed():
            return _until_due(fact.renewed_at, fact.due_at)
        case OriginalsCompleted(due_at=datetime() as due_at):
            return _until_due(fact.originals_at, due_at)
        case ConfirmationSignedV2() | ConfirmationDisputed() | ConfirmationLapsed() | ConfirmationVoided():
            return {}
        case _:
            return None


def _until_due(requested_at: datetime, due_at: datetime) -> Moments:
    return {REMIND + name: moment for name, moment in rules.reminders(requested_at)} | {LAPSE: due_at}


def rule(recorded: Recorded[Fact]) -> Moments | None:
    """These facts carry their own times, so the time of recording is not needed."""
    return moments_of(recorded.fact)


def projection() -> TimerProjection:
    return TimerProjection(NAME, SignoffFact.topic, rule)


def when_due(store: EventStore) -> WhenDue:
    """Sends the reminder, or the lapse, that a timer is for."""
    return command_when_due(store, CONFIRMATION, command_for, NAME)


def command_for(timer: Timer, now: datetime) -> Remind | Lapse:
    if timer.what == LAPSE:
        return Lapse(due_at=timer.at, now=now)
    return Remind(due_at=end_of_day(timer.at), reminder=timer.what.removeprefix(REMIND), now=now)
