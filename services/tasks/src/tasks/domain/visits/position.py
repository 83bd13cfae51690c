"""Compares a claimed position and time with the register and the server: distance and marks, never a refusal."""

from datetime import datetime

from qingyuan_events.parts import Fix
from qingyuan_events.tasks import Judged
from qingyuan_standards import fence
from qingyuan_standards.claims import legal_day

from tasks.domain.register import MonitoringPointCopy


def judge_position(
    fix: Fix | None, point: MonitoringPointCopy, claimed_at: datetime, received_at: datetime
) -> Judged:
    """By the rules that were in force on the claimed day, and the point's location as registered now."""
    rules = fence.rules(legal_day(claimed_at, received_at))
    distance_m, marks = fence.judge(fix, point.location, claimed_at, received_at, rules)
    return Judged(distance_m=distance_m, radius_m=rules.radius_m, marks=marks)
