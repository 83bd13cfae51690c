"""Timers that remind an enterprise of a contract it has not answered, and the command that each timer sends.

The timers are a projection of the service's own topic, so they can be rebuilt from the log. Each reminder sets the
next timer: a contract has one at most, and after weeks in which the service did not run there is one reminder only.
"""

from datetime import datetime, time, timedelta
from typing import Final

from qingyuan_events import Fact, Recorded
from qingyuan_events.tasks import (
    ContractConfirmed,
    ContractDeclined,
    ContractEnded,
    ContractReminded,
    ContractSubmitted,
    ContractSubmittedV3,
    TasksFact,
)
from qingyuan_runtime.log.store import EventStore
from qingyuan_runtime.reacting.timers import Moments, Timer, TimerProjection, WhenDue, command_when_due
from qingyuan_standards.dated import setting
from qingyuan_standards.days import at_local, local_day

from tasks.domain.contracts.commands import RemindOfContract
from tasks.domain.contracts.decider import CONTRACT
from tasks.domain.contracts.state import terms_of

NAME: Final = "reminders"
REMIND: Final = "remind "
FIRST_AFTER: Final = "contract_reminder_days"
AGAIN_AFTER: Final = "contract_reminder_every_days"


def rule(recorded: Recorded[Fact]) -> Moments | None:
    """The timers of the contract after this fact; None leaves them as they were. No timers once it is answered,
    and none if the first reminder would come after its last day.

    They count from when the fact was recorded by the database's clock, because this process's clock may be wrong.
    """
    match recorded.fact:
        case ContractSubmitted() | ContractSubmittedV3() as fact:
            moment = _after(recorded.recorded_at, FIRST_AFTER)
            return {f"{REMIND}1": moment} if local_day(moment) <= terms_of(fact).last_day else {}
        case ContractReminded() as fact:
            return {f"{REMIND}{fact.number + 1}": _after(recorded.recorded_at, AGAIN_AFTER)}
        case ContractConfirmed() | ContractDeclined() | ContractEnded():
            return {}
        case _:
            return None


def _after(moment: datetime, named: str) -> datetime:
    """Later by as many days as the dated setting of this name says, at the hour set for reminders."""
    day = local_day(moment)
    days = timedelta(days=int(setting(named, day).value))
    clock = time.fromisoformat(setting("contract_reminder_time", day).value)
    return at_local(day + days, clock)


def projection() -> TimerProjection:
    return TimerProjection(NAME, TasksFact.topic, rule)


def when_due(store: EventStore) -> WhenDue:
    return command_when_due(store, CONTRACT, command_for, NAME)


def command_for(timer: Timer, now: datetime) -> RemindOfContract:
    return RemindOfContract(number=int(timer.what.removeprefix(REMIND)), now=now)
