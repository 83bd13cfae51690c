"""Four weeks of work as facts: contracts, plans, visits and their confirmations. For the tests of this service."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from qingyuan_events import signoff, tasks
from qingyuan_events.tasks import AssigneeV2, PlanItem, Window
from sample_facts import POINT, SampleFacts, registry_facts
from working_day_facts import (
    CONTRACT,
    DAY,
    FAR_POINT,
    OWN,
    PLAN,
    TECHNICIAN,
    THEIRS,
    ConfirmationFacts,
    VisitFacts,
    at,
    sheet,
)


def contract(sample: SampleFacts, key: UUID, whose: dict[str, Any], point: UUID, name: str) -> None:
    """Submitted by the operator and confirmed by the enterprise for one of its points."""
    submit(sample, key, whose, name)
    sample.add(f"contract-{key}", tasks.ContractConfirmed(contract_id=key, **whose, points=(point,)))


def submit(sample: SampleFacts, key: UUID, whose: dict[str, Any], name: str) -> None:
    submitted = tasks.ContractSubmittedV3(contract_id=key, **whose, terms=terms(key, name))
    sample.add(f"contract-{key}", submitted)


def terms(key: UUID, name: str) -> tasks.ContractTerms:
    return tasks.ContractTerms(
        number=f"HT-{key.int}",
        name="运维合同",
        operator_name=name,
        enterprise_name="当时的企业名称",
        first_day=date(2026, 1, 1),
        last_day=date(2026, 12, 31),
    )


def plan(
    sample: SampleFacts,
    key: UUID,
    whose: dict[str, Any],
    point: UUID,
    windows: tuple[tuple[date, date], ...],
    under: UUID = CONTRACT,
) -> None:
    numbered = tuple(
        Window(number=number, opens=opens, closes=closes) for number, (opens, closes) in enumerate(windows, 1)
    )
    items = tuple(
        PlanItem(content=what, rule="FREQ=WEEKLY", gap_days_max=7, windows=numbered)
        for what in ("patrol", "calibration")
    )
    published = tasks.PlanPublishedV2(
        plan_id=key,
        contract_id=under,
        **whose,
        name="十一月",
        points=(point,),
        assignees=(AssigneeV2(account=TECHNICIAN),),
        first_day=windows[0][0],
        last_day=windows[-1][1],
        items=items,
        calendar="cn-2026.1",
    )
    sample.add(f"plan-{key}", published)


def week(start: date) -> tuple[date, date]:
    return start, start + timedelta(days=6)


def working_day() -> SampleFacts:
    """Four weeks of one operator at one point, with a correction, a dispute, and another operator at another enterprise."""
    sample = registry_facts()
    contract(sample, CONTRACT, OWN, POINT, "上海绿测环境运维有限公司")
    contract(sample, UUID(int=33), THEIRS, FAR_POINT, "上海他人运维有限公司")
    weeks = tuple(week(date(2026, 11, day)) for day in (2, 9, 16, 23))
    plan(sample, PLAN, OWN, POINT, weeks)
    plan(sample, UUID(int=34), THEIRS, FAR_POINT, weeks)
    early = date(2026, 11, 4)
    first = VisitFacts(sample, "first", day=early).whole(
        sheet("f patrol", day=early), sheet("f calibration", "calibration", day=early)
    )
    ConfirmationFacts(first).signs()
    second = VisitFacts(sample, "second").whole(sheet("s patrol", reading="1.50"))
    signed = ConfirmationFacts(second)
    signed.signs()
    second.corrects_sheet(sheet("s patrol'", after=(second.sheets[0].revision_id,), reading="1.60"))
    signed.add(
        signoff.ConfirmationRenewed,
        content_sha256=second.content_so_far()["content_sha256"],
        cause="sheet_corrected",
        renewed_at=at(DAY, 16),
        due_at=at(DAY, 23) + timedelta(hours=1),
    )
    late = VisitFacts(sample, "late", day=date(2026, 11, 10))
    late.signs_in(marks=("outside_fence", "received_late"))
    late.records(sheet("l calibration", "calibration", day=late.day))
    late.backfills()
    late.signs_out()
    late.completes()
    disputed = ConfirmationFacts(late)
    disputed.disputes()
    disputed.add(signoff.ConfirmationLapsed, lapsed_at=at(late.day, 23) + timedelta(hours=1))
    disputed.add(
        signoff.OriginalsCompleted,
        content_sha256=late.content_so_far()["content_sha256"],
        originals_at=at(date(2026, 11, 11), 9),
        due_at=at(date(2026, 11, 11), 23) + timedelta(hours=1),
    )
    disputed.signs(late=True)
    broken = VisitFacts(sample, "broken", day=date(2026, 11, 17))
    broken.signs_in()
    broken.records(sheet("b patrol", day=broken.day))
    broken.aborts()
    rival = VisitFacts(sample, "rival", whose=THEIRS, point=FAR_POINT)
    rival.whole(sheet("r patrol"), hour=15)
    ConfirmationFacts(rival)
    sample.add(
        f"plan-{PLAN}",
        tasks.PlanStopped(plan_id=PLAN, **OWN, last_day=date(2026, 11, 22), reason="合同变更"),
    )
    return sample
