"""The commands by which the contracts and plans of the town came about."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Final
from uuid import UUID

from qingyuan_standards.days import at_local

from qingyuan_cli.seeding.history import planning
from qingyuan_cli.seeding.history.filing_contents import ANALYSER
from qingyuan_cli.seeding.history.planning import WORK, Agreement
from qingyuan_cli.seeding.history.requests import Json, Step, Town, contract_key, contract_of, task

FOLLOWED_PLAN_DAYS: Final = 120
"""How long the plans go on after the present week, so that the town has work to come."""

GAPS_REASON: Final = "证书和校准到期前办理换证、送检"
"""Kept where the papers of filed people and devices end before the plan does."""


def agreement_steps(agreement: Agreement, today: date, town: Town) -> Iterator[Step]:
    day, works = planning.contract_day(today), town.works[agreement.enterprise]
    contract = contract_of(agreement, town)
    submission = {"enterprise_id": str(works.id), "particulars": _particulars(agreement, day), "files": []}
    yield task(at_local(day, time(10)), agreement.manager, "/contracts", submission, contract_key(agreement))
    confirmed = {"points": [str(point.id) for point in works.points.values()]}
    path = f"/contracts/{contract}/confirmation"
    yield task(at_local(day, time(15, 20)), agreement.signer, path, confirmed, f"history {path}")
    for number, medium in enumerate(WORK):
        body = _plan(agreement, medium, contract, today, town)
        at = at_local(day + timedelta(days=1), time(9, 30 + number))
        yield task(at, agreement.manager, "/plans", body, f"history plan {agreement.enterprise} {medium}")


def _particulars(agreement: Agreement, day: date) -> Json:
    return {
        "number": agreement.number.format(year=day.year),
        "name": f"{day.year} 年度自动监控设施运维合同",
        "first_day": f"{day.year}-01-01",
        "last_day": f"{day.year + 1}-12-31",
        "amount": "186000.00",
        "summary": "废水、废气自动监测设备运行维护（演示）",
    }


def _plan(agreement: Agreement, medium: str, contract: UUID, today: date, town: Town) -> Json:
    first = planning.first_day(today)
    points = town.works[agreement.enterprise].points
    people = dict.fromkeys((agreement.manager, agreement.technician))
    last = first + timedelta(weeks=planning.WEEKS, days=FOLLOWED_PLAN_DAYS)
    return {
        "contract_id": str(contract),
        "name": f"{'废水' if medium == 'wastewater' else '废气'}在线监测系统运维计划",
        "points": [str(point.id) for code, point in points.items() if planning.MEDIUM_OF[code] == medium],
        "assignees": [
            {"account": str(town.accounts[name]), "certificate_to": f"{today.year + 3}-06-30"} for name in people
        ],
        "devices": [
            {"name": "便携式多参数水质分析仪", "serial_number": ANALYSER, "calibrated_to": f"{today.year + 1}-12-31"}
        ],
        "first_day": first.isoformat(),
        "last_day": last.isoformat(),
        "gaps_reason": GAPS_REASON,
        "items": [{"content": content, "rule": rule, "gap_days_max": gap} for content, rule, gap in WORK[medium]],
    }  # fmt: skip
