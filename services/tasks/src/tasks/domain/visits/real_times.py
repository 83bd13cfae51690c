"""The real times of a visit that is back-filled, as a person typed them. Unlike a device's clock they can be asked for again."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from qingyuan_runtime.domain.bounds import FIRST_DAY
from qingyuan_runtime.domain.decider import Problem
from qingyuan_standards import fence
from qingyuan_standards.days import local_day

from tasks.domain.contracts.state import terms_of
from tasks.domain.visits.commands import DeclareBackfill, Opening
from tasks.domain.visits.unfit import Unfit


def refuse_impossible(command: DeclareBackfill) -> None:
    """Raises `Unfit`. Phones that do not ask for the times yet send none."""
    if problems := tuple(_problems(command)):
        raise Unfit("backfill.times", problems)


def _problems(command: DeclareBackfill) -> Iterator[Problem]:
    arrived_at, left_at = command.arrived_at, command.left_at
    if arrived_at is None and left_at is None:
        return
    if arrived_at is None or left_at is None:
        missing = "arrived_at" if arrived_at is None else "left_at"
        yield Problem(missing, "required", "请同时填写实际到达时间和实际离开时间。")
        return
    yield from _not_to_come({"arrived_at": arrived_at, "left_at": left_at}, command.opening.received_at)
    if left_at <= arrived_at:
        yield Problem("left_at", "after-arrival", "实际离开时间应晚于实际到达时间。")
    yield from _not_too_early(local_day(arrived_at), command.opening)


def _not_too_early(arrived: date, opening: Opening) -> Iterator[Problem]:
    """Not before the contract, whatever the visit is for; a visit for windows not before these open either."""
    begins, opens = _contract_begins(opening), _first_open(opening)
    if arrived < FIRST_DAY:
        yield Problem("arrived_at", "possible-range", f"实际到达时间不能早于 {FIRST_DAY}，请核对年份。")
    elif begins and arrived < begins:
        yield Problem("arrived_at", "before-contract", f"实际到达时间早于运维合同的开始日期 {begins}。")
    elif opens and arrived < opens:
        yield Problem("arrived_at", "before-window", f"实际到达时间早于本期计划的开始日期 {opens}。")


def _contract_begins(opening: Opening) -> date | None:
    """Of the contract as it was submitted: it may have ended since the visit."""
    submission = opening.contract.submitted if opening.contract else None
    return terms_of(submission).first_day if submission else None


def _not_to_come(times: dict[str, datetime], received_at: datetime) -> Iterator[Problem]:
    """The phone compared them with its own clock, which may be as wrong as is not yet marked."""
    latest = received_at + _clock_tolerance(received_at)
    for field, moment in times.items():
        if moment > latest:
            yield Problem(field, "not-future", "实际到达、离开时间不能晚于现在。")


def _clock_tolerance(received_at: datetime) -> timedelta:
    return fence.rules(local_day(received_at)).clock_tolerance


def _first_open(opening: Opening) -> date | None:
    """The earliest day on which one of the windows opens that the visit is for."""
    known = [(opening.plans.get(cycle.plan_id), cycle) for cycle in opening.cycles]
    return min((day for plan, cycle in known if plan and (day := plan.opens_on(cycle))), default=None)
