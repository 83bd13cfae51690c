"""排口: where an enterprise discharges, to water or to air."""

from collections.abc import Iterator

from qingyuan_events.registry import (
    NONE,
    OutletAdded,
    OutletClosed,
    OutletCorrected,
    OutletParticulars,
    OutletVoided,
)
from qingyuan_runtime.domain.decider import Claim, Decider, Problem
from qingyuan_runtime.domain.problems import refuse, under

from registry.domain.outlets.commands import (
    AddOutlet,
    CloseOutlet,
    CorrectOutlet,
    OutletCommand,
    VoidOutlet,
)
from registry.domain.outlets.state import OutletFact, OutletState, evolve
from registry.domain.shared import checks
from registry.domain.shared.lifetime import refuse_second, refuse_unchanged

NOUN = "outlet"


def decide(command: OutletCommand, state: OutletState) -> tuple[OutletFact, ...]:
    match command:
        case AddOutlet():
            return (_add(command, state),)
        case CorrectOutlet():
            return (_correct(command, state),)
        case CloseOutlet():
            return (_close(command, state),)
        case VoidOutlet():
            return (_void(command, state),)


def _add(command: AddOutlet, state: OutletState) -> OutletAdded:
    refuse_second(NOUN, state.lifetime)
    refuse(_adding_problems(command))
    return OutletAdded(
        outlet_id=command.outlet_id,
        enterprise_id=command.enterprise_id,
        particulars=command.particulars,
        valid_from=command.valid_from,
    )


def _adding_problems(command: AddOutlet) -> Iterator[Problem]:
    yield from under("particulars", checks.outlet(command.particulars))
    yield from checks.first_day(command.valid_from, command.today, command.enterprise_from)


def _correct(command: CorrectOutlet, state: OutletState) -> OutletCorrected:
    was = state.lifetime.in_use(NOUN)
    refuse_unchanged(was, command.particulars)
    refuse(_correction_problems(command, state, was))
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
    yield from under("particulars", checks.outlet(command.particulars))
    if command.particulars.medium != was.medium:
        yield Problem("particulars.medium", "immutable", "排口类型不能更改；请停用后另行登记。")
    yield from checks.correction(command, state.lifetime.valid_from)


def _close(command: CloseOutlet, state: OutletState) -> OutletClosed:
    state.lifetime.in_use(NOUN)
    refuse(checks.ending(command, state.lifetime.valid_from))
    return OutletClosed(
        outlet_id=command.outlet_id,
        enterprise_id=state.enterprise_id,
        valid_to=command.valid_to,
        reason=command.reason,
    )


def _void(command: VoidOutlet, state: OutletState) -> OutletVoided:
    state.lifetime.in_use(NOUN)
    refuse(checks.reason(command.reason))
    return OutletVoided(
        outlet_id=command.outlet_id,
        enterprise_id=state.enterprise_id,
        reason=command.reason,
    )


def claims(fact: OutletFact) -> tuple[Claim, ...]:
    match fact:
        case OutletAdded() | OutletCorrected():
            code = fact.particulars.code
            return () if code == NONE else (Claim("outlet-code", f"{fact.enterprise_id}/{code}"),)
        case OutletClosed() | OutletVoided():
            return ()


OUTLET: Decider[OutletCommand, OutletState, OutletFact] = Decider(
    noun=NOUN,
    initial=OutletState(),
    decide=decide,
    evolve=evolve,
    claims=claims,
    parent=lambda fact: f"enterprise-{fact.enterprise_id}",
    closes=lambda fact: isinstance(fact, OutletClosed),
    voids=lambda fact: isinstance(fact, OutletVoided),
)
