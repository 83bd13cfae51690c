"""A plan's crew by the filing: whose papers end before which windows, and that a reason is asked for, not a refusal."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from filed_samples import (
    DEVICE,
    FILING,
    PERSON,
    calibration,
    certificate,
    copied,
    filed_device,
    filed_person,
)
from plan_samples import (
    ACCOUNT,
    PLAN_ID,
    TODAY,
    agreement,
    draft,
    gas,
    meter,
    published,
    second,
    technician,
    water,
    weekly,
)
from qingyuan_events.tasks import Assignee, AssigneeV2, Device, DeviceV2, PaperGap, PlanCrewChangedV2
from qingyuan_runtime.domain.testing import given
from tasks.domain.filed import FilingCopy, PaperCopy
from tasks.domain.plans.commands import ChangeCrew, PublishPlan
from tasks.domain.plans.decider import PLAN
from tasks.domain.plans.windows import PlannedWindows, plan_windows

PLACES = (water, gas, second)
FIRST, LAST = date(2026, 12, 7), date(2026, 12, 14)
"""The last days of the two windows of the draft."""
REASON = "已报名换证评定"
filed_technician = AssigneeV2(account=ACCOUNT, certificate_to=certificate.valid_to, resource_id=PERSON)
filed_meter = DeviceV2(
    name="便携式多参数水质分析仪 DZS-7",
    serial_number="DX-2201",
    calibrated_to=calibration.valid_to,
    resource_id=DEVICE,
)
as_filed = published.model_copy(update={"assignees": (filed_technician,), "devices": (filed_meter,)})


def filing(*papers: PaperCopy, of_device: tuple[PaperCopy, ...] | None = None, **changes: Any) -> FilingCopy:
    """The sample with other papers of its person, or of its device."""
    person = replace(filed_person, papers=papers or filed_person.papers, **changes)
    device = replace(filed_device, papers=filed_device.papers if of_device is None else of_device)
    return replace(FILING, people=(person,), devices=(device,))


def planned(filed: FilingCopy, **changes: Any) -> PlannedWindows:
    found = plan_windows(replace(draft, **changes), agreement, PLACES, filed, TODAY)
    assert found.problems == ()
    return found


def gaps(filed: FilingCopy) -> list[tuple[str, str, date, int]]:
    return [
        (found.field, found.gap.why, found.gap.from_day, found.gap.windows) for found in planned(filed).gaps
    ]


def publish(filed: FilingCopy, reason: str = "", **changes: Any) -> PublishPlan:
    return PublishPlan(
        plan_id=PLAN_ID,
        contract=agreement,
        draft=replace(draft, **changes),
        points=PLACES,
        filing=filed,
        gaps_reason=reason,
        today=TODAY,
    )


def test_who_is_filed_needs_no_typed_dates_and_what_was_typed_does_not_count() -> None:
    typed = {
        "assignees": (Assignee(account=ACCOUNT, certificate_to=date(2020, 1, 1)),),
        "devices": (Device(name="仪", serial_number="DX-2201"),),
    }
    given(PLAN).when(publish(FILING, **typed)).then(as_filed)


def test_who_is_not_filed_is_noted_and_keeps_the_typed_rule() -> None:
    stranger, other = Assignee(account=UUID(int=99)), Device(name="pH 计", serial_number="1")
    found = planned(FILING, assignees=(technician, stranger), devices=(meter, other))
    assert [(note.field, note.rule) for note in found.notes] == [
        ("assignees.1.account", "not-filed"),
        ("devices.1.serial_number", "not-filed"),
        ("assignees.1.certificate_to", "certificate-unknown"),
        ("devices.1.calibrated_to", "calibration-unknown"),
    ]
    assert found.notes[0].sentence == "第 2 位人员未备案，运维能力证书的有效期以填写的为准。"
    expired = Assignee(account=UUID(int=99), certificate_to=date(2026, 12, 13))
    given(PLAN).when(publish(FILING, assignees=(expired,))).refused(
        "command.invalid", "assignees.0.certificate_to"
    )


@pytest.mark.parametrize(
    ("state", "noted"),
    [
        ("filed", []),
        ("not_filed", ["operator-not-filed"]),
        ("cancelled", ["operator-not-filed"]),
        ("locked", ["operator-locked"]),
    ],
)
def test_an_operator_that_is_not_filed_or_locked_is_noted_and_not_refused(
    state: Any, noted: list[str]
) -> None:
    of_it = {"people": FILING.people, "devices": FILING.devices} if state in ("filed", "locked") else {}
    found = planned(FilingCopy(state=state, **of_it))
    assert [note.rule for note in found.notes] == noted
    assert given(PLAN).when(publish(FilingCopy(state=state, **of_it))).refusal is None


@pytest.mark.parametrize(
    ("ends", "found"),
    [
        (LAST, []),
        (date(2026, 12, 13), [("assignees.0", "ended", date(2026, 12, 14), 1)]),
        (FIRST, [("assignees.0", "ended", date(2026, 12, 8), 1)]),
        (date(2026, 12, 6), [("assignees.0", "ended", date(2026, 12, 7), 2)]),
    ],
)
def test_a_window_is_covered_where_the_certificate_holds_on_its_last_day(
    ends: date, found: list[Any]
) -> None:
    assert gaps(filing(copied(certificate, valid_to=ends))) == found


def test_one_certificate_after_the_other_leaves_only_the_windows_between() -> None:
    old = copied(certificate, valid_to=date(2026, 12, 6))
    new = copied(certificate, paper_id=UUID(int=9), number="新", valid_from=date(2026, 12, 10))
    assert gaps(filing(old, new)) == [("assignees.0", "ended", date(2026, 12, 7), 1)]
    assert gaps(filing(new)) == [("assignees.0", "not_begun", date(2026, 12, 10), 1)]
    assert gaps(filing(old, copied(certificate, paper_id=UUID(int=9)))) == []


def test_a_revoked_certificate_and_a_person_who_leaves_are_named_as_such() -> None:
    revoked = copied(certificate, revoked_from=date(2026, 12, 8))
    assert gaps(filing(revoked)) == [("assignees.0", "revoked", date(2026, 12, 8), 1)]
    late = copied(certificate, valid_to=FIRST, revoked_from=date(2026, 12, 10))
    assert gaps(filing(late)) == [("assignees.0", "ended", date(2026, 12, 8), 1)]
    assert gaps(filing(last_day=date(2026, 12, 1))) == [("assignees.0", "left", date(2026, 12, 2), 2)]


def test_a_device_is_covered_by_a_calibration_or_a_verification() -> None:
    over = copied(calibration, valid_to=date(2026, 12, 6))
    verified = copied(calibration, kind="verification", paper_id=UUID(int=9))
    assert gaps(filing(of_device=(over, verified))) == []
    assert gaps(filing(of_device=(over,))) == [("devices.0", "ended", date(2026, 12, 7), 2)]


def test_the_dates_are_those_of_the_paper_that_holds_longest_until_it_is_revoked() -> None:
    soon = copied(certificate, paper_id=UUID(int=9), valid_to=date(2026, 12, 31))
    void = copied(certificate, revoked_from=date(2026, 12, 25))
    assert planned(filing(soon, void)).crew.assignees[0].certificate_to == date(2026, 12, 31)
    assert planned(filing(void)).crew.assignees[0].certificate_to == date(2026, 12, 24)


def test_filed_without_any_paper_is_noted_since_there_is_nothing_to_compare() -> None:
    bare = replace(FILING, people=(replace(filed_person, papers=()),), devices=())
    found = planned(bare, devices=())
    assert ([note.sentence for note in found.notes], found.gaps) == (
        ["第 1 位人员没有备案运维能力证书，无法核对。"],
        (),
    )


@pytest.mark.parametrize(
    ("filed", "sentence"),
    [
        (
            filing(copied(certificate, valid_to=date(2026, 12, 6))),
            "2026-12-07 起第 1 位人员的运维能力证书（YW-2025-0001）失效，影响每个测点 2 个周期。",
        ),
        (
            filing(copied(certificate, revoked_from=date(2026, 12, 8))),
            "2026-12-08 起第 1 位人员的运维能力证书（YW-2025-0001）被撤销，影响每个测点 1 个周期。",
        ),
        (
            filing(copied(certificate, number=None, valid_from=date(2026, 12, 8))),
            "第 1 位人员的运维能力证书 2026-12-08 起才有效，影响每个测点 1 个周期。",
        ),
        (filing(last_day=FIRST), "2026-12-08 起第 1 位人员已不在备案中，影响每个测点 1 个周期。"),
        (
            filing(of_device=(copied(calibration, valid_to=FIRST),)),
            "2026-12-08 起设备“便携式多参数水质分析仪 DZS-7”（DX-2201）的校准证书（JZ-2026-11）失效，影响每个测点 1 个周期。",
        ),
    ],
)
def test_a_gap_is_said_with_its_day_and_how_many_windows_it_concerns(
    filed: FilingCopy, sentence: str
) -> None:
    assert [found.sentence for found in planned(filed).gaps] == [sentence]


ENDING = filing(copied(certificate, valid_to=FIRST))
GAP = PaperGap(
    resource_id=PERSON,
    kind="competence_certificate",
    number="YW-2025-0001",
    why="ended",
    from_day=date(2026, 12, 8),
    windows=1,
)
until_first = filed_technician.model_copy(update={"certificate_to": FIRST})


def test_publishing_with_gaps_needs_a_reason_which_is_recorded_with_them() -> None:
    for empty in ("", "  "):
        refused = given(PLAN).when(publish(ENDING, empty))
        refused.refused("command.invalid", "gaps_reason")
        assert refused.refusal is not None
        assert refused.refusal.problems[0].rule == "required"
        assert refused.refusal.problems[0].sentence == (
            "证件不能覆盖全部周期，请填写仍这样安排的原因："
            "2026-12-08 起第 1 位人员的运维能力证书（YW-2025-0001）失效，影响每个测点 1 个周期。"
        )
    recorded = {"assignees": (until_first,), "gaps": (GAP,), "gaps_reason": REASON}
    given(PLAN).when(publish(ENDING, REASON)).then(as_filed.model_copy(update=recorded))


def test_a_refusal_says_the_first_gaps_and_how_many_there_are_beside() -> None:
    accounts = [UUID(int=n) for n in range(200, 207)]
    ending = (copied(certificate, valid_to=FIRST),)
    people = tuple(
        replace(filed_person, resource_id=account, account_id=account, papers=ending) for account in accounts
    )
    crew = tuple(Assignee(account=account) for account in accounts)
    refused = given(PLAN).when(publish(replace(FILING, people=people), assignees=crew))
    refused.refused("command.invalid", "gaps_reason")
    assert refused.refusal is not None
    sentence = refused.refusal.problems[0].sentence
    assert sentence.count("失效") == 5
    assert sentence.endswith("此外还有 2 处。")


def test_without_gaps_a_reason_is_not_kept() -> None:
    given(PLAN).when(publish(FILING, REASON)).then(as_filed)


def change(filed: FilingCopy, reason: str = "", today: date = TODAY) -> ChangeCrew:
    return ChangeCrew(
        plan_id=PLAN_ID,
        assignees=(technician,),
        devices=(),
        reason="换班",
        filing=filed,
        gaps_reason=reason,
        today=today,
    )


def test_a_new_crew_with_gaps_needs_a_reason_too() -> None:
    given(PLAN, published).when(change(ENDING)).refused("command.invalid", "gaps_reason")
    changed = PlanCrewChangedV2(
        plan_id=PLAN_ID,
        operator_id=published.operator_id,
        enterprise_id=published.enterprise_id,
        district=published.district,
        assignees=(until_first,),
        devices=(),
        reason="换班",
        gaps=(GAP,),
        gaps_reason=REASON,
    )
    given(PLAN, published).when(change(ENDING, REASON)).then(changed)
    given(PLAN, published, changed).when(change(ENDING, REASON)).refused("plan.crew-unchanged")


def test_a_new_crew_is_not_asked_about_windows_that_have_closed() -> None:
    later = filing(copied(certificate, valid_from=date(2026, 12, 9)))
    given(PLAN, published).when(change(later, today=FIRST)).refused("command.invalid", "gaps_reason")
    (changed,) = given(PLAN, published).when(change(later, today=date(2026, 12, 8))).facts
    assert isinstance(changed, PlanCrewChangedV2)
    assert (changed.gaps, changed.gaps_reason) == ((), None)


def test_a_year_of_windows_is_counted_across_all_kinds_of_work() -> None:
    monthly = replace(weekly, content="repair", rule="FREQ=WEEKLY", gap_days_max=None, basis=None)
    found = planned(filing(copied(certificate, valid_to=date(2026, 12, 6))), items=(weekly, monthly))
    assert [found.gap.windows for found in found.gaps] == [4]
