"""When an enterprise is reminded of a contract, and what happens when a reminder comes late or twice."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from plan_samples import CONTRACT_ID, ENTERPRISE, OPERATOR, confirmed, submitted, terms
from qingyuan_events import Actor, Fact, Meta, Recorded
from qingyuan_events.tasks import (
    ContractDeclined,
    ContractEnded,
    ContractParticulars,
    ContractReminded,
    ContractSubmitted,
    ContractSupplemented,
)
from qingyuan_runtime.domain.testing import given
from qingyuan_runtime.reacting.timers import Moments, Timer
from tasks.domain.contracts.commands import RemindOfContract
from tasks.domain.contracts.decider import CONTRACT
from tasks.reminders import command_for, rule

PARTIES = {
    "contract_id": CONTRACT_ID,
    "operator_id": OPERATOR,
    "enterprise_id": ENTERPRISE,
    "district": "310118",
}
LATE_EVENING = datetime(2026, 11, 24, 15, 59, tzinfo=UTC)
"""23:59 in Shanghai."""
THIRD_DAY, TENTH_DAY = (datetime(2026, 11, 27, 1, tzinfo=UTC), datetime(2026, 12, 4, 1, tzinfo=UTC))
"""09:00 in Shanghai, three days later and seven more: as the dated settings have it on this day."""
declined = ContractDeclined(**PARTIES, reason="不是我们的合同")
ended = ContractEnded(**PARTIES, last_day=date(2026, 11, 30), reason="更换运维机构")
supplemented = ContractSupplemented(**PARTIES, text="补充")
before = ContractSubmitted(
    **PARTIES,
    particulars=ContractParticulars(**terms.model_dump(exclude={"enterprise_name"}), points=(UUID(int=1),)),
)


def reminded(number: int, at: datetime) -> ContractReminded:
    return ContractReminded(**PARTIES, number=number, reminded_at=at)


def moments(fact: Fact, recorded_at: datetime = LATE_EVENING) -> Moments | None:
    actor = Actor(account=UUID(int=1), kind="operator")
    meta = Meta(actor=actor, command_id=UUID(int=2), correlation=UUID(int=2))
    return rule(Recorded(f"contract-{CONTRACT_ID}", 1, recorded_at, meta, fact))


@pytest.mark.parametrize("fact", [submitted, before])
def test_who_has_not_answered_is_reminded_on_the_third_day_also_of_a_contract_of_before(fact: Fact) -> None:
    assert moments(fact) == {"remind 1": THIRD_DAY}
    assert moments(fact, LATE_EVENING + timedelta(minutes=1)) == {"remind 1": THIRD_DAY + timedelta(days=1)}


def test_a_reminder_is_followed_by_the_next_from_the_time_at_which_it_was_recorded() -> None:
    """Not from the time in the event: the clock that set it may have been wrong."""
    wrong = THIRD_DAY + timedelta(days=365)
    assert moments(reminded(1, wrong), THIRD_DAY) == {"remind 2": TENTH_DAY}
    next_day = timedelta(days=1)
    assert moments(reminded(4, wrong), THIRD_DAY + next_day) == {"remind 5": TENTH_DAY + next_day}


@pytest.mark.parametrize("fact", [submitted, before])
def test_no_reminder_is_set_behind_the_last_day_of_a_contract(fact: Fact) -> None:
    last = datetime(2027, 12, 28, 1, tzinfo=UTC)
    assert moments(fact, last) == {"remind 1": last + timedelta(days=3)}
    assert moments(fact, last + timedelta(days=1)) == {}


@pytest.mark.parametrize("fact", [confirmed, declined, ended])
def test_who_has_answered_is_left_alone(fact: Fact) -> None:
    assert moments(fact) == {}


def test_a_supplement_changes_no_reminder() -> None:
    assert moments(supplemented) is None


def test_a_reminder_is_made_once_of_each_number_and_in_order() -> None:
    first = RemindOfContract(number=1, now=THIRD_DAY)
    given(CONTRACT, submitted).when(first).then(reminded(1, THIRD_DAY))
    given(CONTRACT, submitted, reminded(1, THIRD_DAY)).when(RemindOfContract(number=1, now=TENTH_DAY)).then()
    given(CONTRACT, submitted, reminded(1, THIRD_DAY)).when(RemindOfContract(number=2, now=TENTH_DAY)).then(
        reminded(2, TENTH_DAY)
    )
    given(CONTRACT, submitted).when(RemindOfContract(number=2, now=TENTH_DAY)).then()
    given(CONTRACT).when(first).refused("contract.missing")


@pytest.mark.parametrize("facts", [(confirmed,), (declined,), (confirmed, ended), (declined, supplemented)])
def test_a_late_timer_reminds_nobody_who_has_answered(facts: tuple[Fact, ...]) -> None:
    given(CONTRACT, submitted, *facts).when(RemindOfContract(number=1, now=THIRD_DAY)).then()  # type: ignore[arg-type]


def test_nobody_is_reminded_of_a_contract_whose_days_are_over() -> None:
    for now, said in (
        (datetime(2027, 12, 31, 15, 59, tzinfo=UTC), True),
        (datetime(2027, 12, 31, 16, 0, tzinfo=UTC), False),
    ):
        outcome = given(CONTRACT, submitted).when(RemindOfContract(number=1, now=now))
        outcome.then(*([reminded(1, now)] if said else []))


def test_a_timer_asks_for_the_reminder_of_its_number() -> None:
    timer = Timer(f"contract-{CONTRACT_ID}", "remind 12", THIRD_DAY, UUID(int=1), UUID(int=2), None)
    assert command_for(timer, TENTH_DAY) == RemindOfContract(number=12, now=TENTH_DAY)
