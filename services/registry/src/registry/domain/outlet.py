"""排口: where an enterprise discharges, to water or to air."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from qingyuan_events.registry import NONE, OutletAdded, OutletClosed, OutletCorrected, OutletParticulars
from qingyuan_runtime.domain.decider import Claim, Decider, Problem

from registry.domain import checks
from registry.domain.lifetime import Lifetime, refuse_second, refuse_unchanged

NOUN = "outlet"
OutletFact = OutletAdded | OutletCorrected | OutletClosed


@dataclass(frozen=True, slots=True, kw_only=True)
class AddOutlet:
    outlet_id: UUID
    enterprise_id: UUID
    enterprise_from: date
    particulars: OutletParticulars
    valid_from: date
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectOutlet:
    outlet_id: UUID
    particulars: OutletParticulars
    valid_from: date
    reason: str
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseOutlet:
    outlet_id: UUID
    valid_to: date
    reason: str
    today: date


OutletCommand = AddOutlet | CorrectOutlet | CloseOutlet


@dataclass(frozen=True, slots=True)
class OutletState:
    life: Lifetime[OutletParticulars] = Lifetime()
    enterprise_id: UUID = UUID(int=0)


def decide(command: OutletCommand, state: OutletState) -> tuple[OutletFact, ...]:
    match command:
        case AddOutlet():
            return (_add(command, state),)
        case CorrectOutlet():
            return (_correct(command, state),)
        case CloseOutlet():
            return (_close(command, state),)


def _add(command: AddOutlet, state: OutletState) -> OutletAdded:
    refuse_second(NOUN, state.life)
    checks.refuse(_first_problems(command))
    return OutletAdded(
        outlet_id=command.outlet_id,
        enterprise_id=command.enterprise_id,
        particulars=command.particulars,
        valid_from=command.valid_from,
    )


def _first_problems(command: AddOutlet) -> Iterator[Problem]:
    yield from checks.of_particulars(checks.outlet(command.particulars))
    yield from checks.first_day(command.valid_from, command.today, command.enterprise_from)


def _correct(command: CorrectOutlet, state: OutletState) -> OutletCorrected:
    was = state.life.in_use(NOUN)
    refuse_unchanged(was, command.particulars)
    checks.refuse(_correction_problems(command, state, was))
    return OutletCorrected(
        outlet_id=command.outlet_id,
        enterprise_id=state.enterprise_id,
        particulars=command.particulars,
        valid_from=command.valid_from,
        reason=command.reason,
    )


def _correction_problems(
    command: CorrectOutlet, state: OutletState, was: OutletParticulars
) -> Iterator[Problem]:
    yield from checks.of_particulars(checks.outlet(command.particulars))
    if command.particulars.medium != was.medium:
        yield Problem("particulars.medium", "immutable", "排口类型不能更改；请停用后另行登记。")
    yield from checks.later_day("valid_from", command.valid_from, state.life.valid_from, command.today)
    yield from checks.reason(command.reason)


def _close(command: CloseOutlet, state: OutletState) -> OutletClosed:
    state.life.in_use(NOUN)
    checks.refuse(_closing_problems(command, state))
    return OutletClosed(
        outlet_id=command.outlet_id,
        enterprise_id=state.enterprise_id,
        valid_to=command.valid_to,
        reason=command.reason,
    )


def _closing_problems(command: CloseOutlet, state: OutletState) -> Iterator[Problem]:
    yield from checks.later_day("valid_to", command.valid_to, state.life.valid_from, command.today)
    yield from checks.reason(command.reason)


def evolve(state: OutletState, fact: OutletFact) -> OutletState:
    match fact:
        case OutletAdded():
            return OutletState(state.life.begun(fact.particulars, fact.valid_from), fact.enterprise_id)
        case OutletCorrected():
            return OutletState(state.life.corrected(fact.particulars, fact.valid_from), state.enterprise_id)
        case OutletClosed():
            return OutletState(state.life.ended(fact.valid_to), state.enterprise_id)


def claims(fact: OutletFact) -> tuple[Claim, ...]:
    match fact:
        case OutletAdded() | OutletCorrected():
            code = fact.particulars.code
            return () if code == NONE else (Claim("outlet-code", f"{fact.enterprise_id}/{code}"),)
        case OutletClosed():
            return ()


OUTLET: Decider[OutletCommand, OutletState, OutletFact] = Decider(
    noun=NOUN,
    initial=OutletState(),
    decide=decide,
    evolve=evolve,
    claims=claims,
    parent=lambda fact: f"enterprise-{fact.enterprise_id}",
    closes=lambda fact: isinstance(fact, OutletClosed),
)
