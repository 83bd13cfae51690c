"""Checks that this operator may work at this point on this day, and records the opening of the visit."""

from qingyuan_events.tasks import CycleRef, VisitOpened
from qingyuan_runtime.domain.decider import Invalid, Missing, Problem, Refused
from qingyuan_standards.claims import legal_day

from tasks.domain.visits.commands import Opening
from tasks.domain.visits.state import VisitState


def require_permitted(opening: Opening, state: VisitState) -> None:
    """Every later command must carry the same opening as the first one. Raises `Missing` or `Refused`."""
    if state.opened is None:
        _refuse_uncovered(opening)
        _refuse_cycles(opening)
        return
    if state.opened.operator_id != opening.operator_id:
        raise Missing("visit")
    if not _is_same(opening, state.opened):
        raise Refused("opening.differs", "测点、合同、任务或开始时间与本次运维已有的记录不一致。")


def _refuse_cycles(opening: Opening) -> None:
    """A visit may count only for windows of its operator's own plans at this point."""
    wrong = [number for number, cycle in enumerate(opening.cycles) if not _is_planned(cycle, opening)]
    if wrong:
        sentence = "没有这一期任务，或该任务不在此测点。"
        raise Invalid(Problem(f"opening.cycles.{number}", "planned", sentence) for number in wrong)


def _is_planned(cycle: CycleRef, opening: Opening) -> bool:
    plan = opening.plans.get(cycle.plan_id)
    if plan is None or plan.operator_id != opening.operator_id or opening.point.point_id not in plan.points:
        return False
    return cycle.item < len(plan.windows) and cycle.number <= plan.windows[cycle.item]


def _refuse_uncovered(opening: Opening) -> None:
    """A visit needs a contract when it begins. It may go on afterwards, also when the contract ends."""
    agreement = opening.contract.agreement() if opening.contract else None
    day = legal_day(opening.claimed_at, opening.received_at)
    own = agreement is not None and agreement.operator_id == opening.operator_id
    if agreement is None or not own or not agreement.covers(opening.point.point_id, day):
        raise Refused("point.not-contracted", "没有覆盖该测点和当日的运维合同，不能在此运维。")


def _is_same(opening: Opening, opened: VisitOpened) -> bool:
    sent = (opening.point.point_id, opening.contract_id, opening.cycles, opening.claimed_at)
    return sent == (opened.point_id, opened.contract_id, opened.cycles, opened.claimed_at)


def opened_event(opening: Opening) -> VisitOpened:
    point = opening.point
    return VisitOpened(
        visit_id=opening.visit_id,
        operator_id=opening.operator_id,
        enterprise_id=point.enterprise_id,
        outlet_id=point.outlet_id,
        point_id=point.point_id,
        district=point.district,
        contract_id=opening.contract_id,
        cycles=opening.cycles,
        by=opening.by,
        claimed_at=opening.claimed_at,
        received_at=opening.received_at,
    )
