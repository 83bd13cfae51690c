"""测点: where an outlet is measured; its medium determines which instruments it can have."""

from collections.abc import Iterator

from qingyuan_events.registry import (
    NONE,
    MonitoringPointAdded,
    MonitoringPointClosed,
    MonitoringPointCorrected,
    MonitoringPointVoided,
)
from qingyuan_runtime.domain.decider import Claim, Decider, Problem
from qingyuan_runtime.domain.problems import refuse, under

from registry.domain.monitoring_points.commands import (
    AddPoint,
    ClosePoint,
    CorrectPoint,
    PointCommand,
    VoidPoint,
)
from registry.domain.monitoring_points.state import PointFact, PointState, evolve
from registry.domain.shared import checks
from registry.domain.shared.lifetime import refuse_second, refuse_unchanged

NOUN = "monitoring_point"


def decide(command: PointCommand, state: PointState) -> tuple[PointFact, ...]:
    match command:
        case AddPoint():
            return (_add(command, state),)
        case CorrectPoint():
            return (_correct(command, state),)
        case ClosePoint():
            return (_close(command, state),)
        case VoidPoint():
            return (_void(command, state),)


def _add(command: AddPoint, state: PointState) -> MonitoringPointAdded:
    refuse_second(NOUN, state.lifetime)
    refuse(_adding_problems(command))
    return MonitoringPointAdded(
        point_id=command.point_id,
        outlet_id=command.outlet.outlet_id,
        enterprise_id=command.outlet.enterprise_id,
        particulars=command.particulars,
        valid_from=command.valid_from,
    )


def _adding_problems(command: AddPoint) -> Iterator[Problem]:
    yield from under(
        "particulars", checks.point(command.particulars, command.outlet.medium, command.outlet.code)
    )
    yield from checks.first_day(command.valid_from, command.today, command.outlet.valid_from)


def _correct(command: CorrectPoint, state: PointState) -> MonitoringPointCorrected:
    was = state.lifetime.in_use(NOUN)
    refuse_unchanged(was, command.particulars)
    refuse(_correction_problems(command, state))
    return MonitoringPointCorrected(
        point_id=command.point_id,
        outlet_id=state.outlet_id,
        enterprise_id=state.enterprise_id,
        particulars=command.particulars,
        valid_from=command.valid_from,
        reason=command.reason,
    )


def _correction_problems(command: CorrectPoint, state: PointState) -> Iterator[Problem]:
    yield from under(
        "particulars", checks.point(command.particulars, command.outlet.medium, command.outlet.code)
    )
    yield from checks.correction(command, state.lifetime.valid_from)


def _close(command: ClosePoint, state: PointState) -> MonitoringPointClosed:
    state.lifetime.in_use(NOUN)
    refuse(checks.ending(command, state.lifetime.valid_from))
    return MonitoringPointClosed(
        point_id=command.point_id,
        outlet_id=state.outlet_id,
        enterprise_id=state.enterprise_id,
        valid_to=command.valid_to,
        reason=command.reason,
    )


def _void(command: VoidPoint, state: PointState) -> MonitoringPointVoided:
    state.lifetime.in_use(NOUN)
    refuse(checks.reason(command.reason))
    return MonitoringPointVoided(
        point_id=command.point_id,
        outlet_id=state.outlet_id,
        enterprise_id=state.enterprise_id,
        reason=command.reason,
    )


def claims(fact: PointFact) -> tuple[Claim, ...]:
    """A point's code is unique within the enterprise, a data logger's MN in the whole city."""
    match fact:
        case MonitoringPointAdded() | MonitoringPointCorrected():
            code, mn = fact.particulars.code, fact.particulars.mn
            coded = () if code == NONE else (Claim("point-code", f"{fact.enterprise_id}/{code}"),)
            return coded + ((Claim("mn", mn),) if mn else ())
        case MonitoringPointClosed() | MonitoringPointVoided():
            return ()


POINT: Decider[PointCommand, PointState, PointFact] = Decider(
    noun=NOUN,
    initial=PointState(),
    decide=decide,
    evolve=evolve,
    claims=claims,
    parent=lambda fact: f"outlet-{fact.outlet_id}",
    closes=lambda fact: isinstance(fact, MonitoringPointClosed),
    voids=lambda fact: isinstance(fact, MonitoringPointVoided),
)
