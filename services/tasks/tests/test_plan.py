"""运维计划: what publishing records, and every reason to refuse it."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st
from plan_samples import (
    ACCOUNT,
    GAS,
    PLAN_ID,
    SECOND,
    STRANGE,
    TODAY,
    WATER,
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
from qingyuan_events.tasks import AssigneeV2, DeviceV2
from qingyuan_runtime.domain.testing import When, given
from qingyuan_standards.intervals import INTERVALS
from tasks.domain.filed import FilingCopy
from tasks.domain.plans import frequency
from tasks.domain.plans.commands import PublishPlan
from tasks.domain.plans.decider import PLAN
from tasks.domain.plans.draft import ItemDraft
from tasks.domain.plans.state import PlanFact
from tasks.domain.plans.windows import plan_windows

PLACES = (water, gas, second)
NOT_FILED = FilingCopy()
PUBLISH = PublishPlan(
    plan_id=PLAN_ID, contract=agreement, draft=draft, points=PLACES, filing=NOT_FILED, today=TODAY
)


def publishing(**changes: Any) -> When[PlanFact]:
    return given(PLAN).when(replace(PUBLISH, draft=replace(draft, **changes)))


def rules_noted(**changes: Any) -> list[tuple[str, str]]:
    planned = plan_windows(replace(draft, **changes), agreement, PLACES, NOT_FILED, TODAY)
    assert planned.problems == ()
    noted = [(note.field, note.rule) for note in planned.notes]
    noted.remove(("assignees", "operator-not-filed"))
    return noted


def test_publishing_records_the_windows_once() -> None:
    given(PLAN).when(PUBLISH).then(published)
    given(PLAN, published).when(PUBLISH).refused("plan.exists")
    assert PLAN.parent(published) == f"contract-{agreement.contract_id}"


def test_the_preview_is_what_publishing_records() -> None:
    assert plan_windows(draft, agreement, PLACES, NOT_FILED, TODAY).items == published.items


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"name": " "}, ["name"]),
        ({"points": ()}, ["points"]),
        ({"points": (WATER, WATER)}, ["points"]),
        ({"points": (WATER, SECOND)}, ["points.1"]),
        ({"points": (WATER, STRANGE)}, ["points.1"]),
        ({"items": ()}, ["items"]),
        ({"items": (weekly, weekly)}, ["items"]),
        ({"items": (replace(weekly, content="dancing", basis=None),)}, ["items.0.content"]),
        ({"items": (replace(weekly, rule="FREQ=HOURLY"),)}, ["items.0.rule"]),
        ({"items": (replace(weekly, gap_days_max=0),)}, ["items.0.gap_days_max"]),
        ({"items": (replace(weekly, gap_days_max=10**12),)}, ["items.0.gap_days_max"]),
        (
            {"items": (replace(weekly, rule="FREQ=MONTHLY;BYMONTHDAY=30", gap_days_max=None),)},
            ["items.0.rule"],
        ),
        ({"items": (replace(weekly, basis="WF-COMP"),)}, ["items.0.basis"]),
        ({"items": (replace(weekly, basis="OPS-PATROL"),)}, ["items.0.basis"]),
        ({"first_day": date(2026, 12, 16)}, ["last_day"]),
        ({"first_day": date(2025, 12, 31)}, ["first_day"]),
        ({"last_day": date(2026, 11, 23), "first_day": date(2026, 11, 1)}, ["last_day"]),
        ({"assignees": ()}, ["assignees"]),
        ({"assignees": (technician, technician)}, ["assignees"]),
        ({"devices": (meter, meter)}, ["devices"]),
        ({"devices": (meter.model_copy(update={"name": ""}),)}, ["devices.0.name"]),
    ],
)
def test_every_wrong_field_is_named(changes: dict[str, Any], fields: list[str]) -> None:
    publishing(**changes).refused("command.invalid", *fields)


def test_a_plan_may_end_today() -> None:
    today = {"first_day": TODAY, "last_day": TODAY}
    assert publishing(**today).refusal is None


def test_a_plan_lies_within_its_contract() -> None:
    late = {"last_day": date(2028, 1, 1), "first_day": date(2027, 12, 1), "devices": ()}
    publishing(**late).refused("command.invalid", "last_day")


def test_work_fits_the_medium_of_every_point() -> None:
    water_only = ItemDraft(content="comparison", rule="FREQ=MONTHLY")
    publishing(points=(WATER,), items=(water_only,)).then(
        published.model_copy(
            update={
                "items": plan_windows(
                    replace(draft, items=(water_only,)), agreement, PLACES, NOT_FILED, TODAY
                ).items
            }
        )
    )
    publishing(points=(WATER, GAS), items=(water_only,)).refused("command.invalid", "items.0.content")


@pytest.mark.parametrize(
    ("points", "basis", "said"),
    [
        ((WATER,), "OPS-PATROL", "只针对废气测点，所选的都是废水测点"),
        ((GAS,), "WF-WEEK", "只针对废水测点，所选的都是废气测点"),
        ((WATER,), "WF-COMP", "不是这项运维内容的间隔规定"),
    ],
)
def test_a_rule_of_another_medium_or_work_is_refused_in_words(
    points: tuple[UUID, ...], basis: str, said: str
) -> None:
    outcome = publishing(points=points, items=(replace(weekly, basis=basis),))
    outcome.refused("command.invalid", "items.0.basis")
    assert outcome.refusal is not None
    assert said in outcome.refusal.problems[0].sentence


def test_a_rule_of_some_points_only_is_noted_and_the_others_are_held_to_their_own() -> None:
    both = {"points": (WATER, GAS)}
    assert rules_noted(**both) == [("items.0.basis", "fits-medium")]
    rare = replace(weekly, rule="FREQ=WEEKLY;INTERVAL=2", gap_days_max=None, basis="WF-WEEK")
    until = {"last_day": date(2026, 12, 28)}
    noted = [rule for _, rule in rules_noted(**both, **until, items=(rare,))]
    assert noted == ["fits-medium", "N-PATROL", "WF-WEEK"]


def test_certificates_and_calibrations_must_be_valid_through_the_last_window() -> None:
    last = date(2026, 12, 14)
    for day, fields in ((last, []), (last - timedelta(days=1), ["assignees.0.certificate_to"])):
        person = AssigneeV2(account=ACCOUNT, certificate_to=day)
        outcome = publishing(assignees=(person,))
        if fields:
            outcome.refused("command.invalid", *fields)
        else:
            outcome.then(published.model_copy(update={"assignees": (person,)}))
    device = meter.model_copy(update={"calibrated_to": last - timedelta(days=1)})
    outcome = publishing(devices=(device,))
    outcome.refused("command.invalid", "devices.0.calibrated_to")
    assert outcome.refusal is not None
    assert "DX-2201" in outcome.refusal.problems[0].sentence
    assert "2026-12-13" in outcome.refusal.problems[0].sentence


def test_a_point_that_is_closed_before_the_plan_begins_is_named() -> None:
    for ends, refused in ((date(2026, 12, 1), True), (date(2026, 12, 2), False)):
        outcome = given(PLAN).when(replace(PUBLISH, points=(replace(water, ends=ends),)))
        if refused:
            outcome.refused("command.invalid", "points.0")
        else:
            outcome.then(published)


def test_lists_that_would_make_a_huge_fact_are_refused() -> None:
    publishing(items=tuple(replace(weekly, rule=f"FREQ=DAILY;INTERVAL={n}") for n in range(1, 42))).refused(
        "command.invalid", "items"
    )
    people = tuple(AssigneeV2(account=UUID(int=n)) for n in range(51))
    publishing(assignees=people).refused("command.invalid", "assignees")
    devices = tuple(DeviceV2(name="仪", serial_number=str(n)) for n in range(101))
    publishing(devices=devices).refused("command.invalid", "devices")
    points = tuple(UUID(int=n) for n in range(1000, 1051))
    publishing(points=points).refused("command.invalid", "points")


def test_a_plan_of_too_many_windows_is_refused() -> None:
    long = {"first_day": date(2026, 11, 24), "last_day": date(2027, 12, 31), "devices": ()}
    daily = replace(weekly, rule="FREQ=DAILY", gap_days_max=1)
    publishing(**long, items=(daily,)).refused("command.invalid", "items.0.rule")
    contents = ("patrol", "calibration", "repair", "consumables", "shutdown", "parameter_change")
    items = [
        ItemDraft(content=content, rule=rule)
        for content in contents
        for rule in ("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU")
    ]
    shorter = long | {"last_day": date(2027, 12, 20)}
    publishing(**shorter, items=tuple(items)).refused("command.invalid", "items")


def test_a_period_that_is_too_long_is_refused_without_computing_windows() -> None:
    endless: dict[str, Any] = {"first_day": date(2026, 12, 1), "last_day": date(9999, 12, 31), "devices": ()}
    planned = plan_windows(replace(draft, **endless), agreement, PLACES, NOT_FILED, TODAY)
    assert planned.items == ()
    assert {problem.rule for problem in planned.problems} >= {"too-long", "within-contract"}


def test_an_unreadable_rule_leaves_only_its_own_item_without_windows() -> None:
    planned = plan_windows(
        replace(draft, items=(ItemDraft(content="patrol", rule="每周"), weekly)),
        agreement,
        PLACES,
        NOT_FILED,
        TODAY,
    )
    assert [len(item.windows) for item in planned.items] == [0, 2]
    assert [problem.field for problem in planned.problems] == ["items.0.rule"]


def test_certificates_and_calibrations_without_an_expiry_date_are_noted() -> None:
    noted = rules_noted(
        assignees=(AssigneeV2(account=ACCOUNT),), devices=(DeviceV2(name="pH 计", serial_number="1"),)
    )
    assert noted == [
        ("assignees.0.certificate_to", "certificate-unknown"),
        ("devices.0.calibrated_to", "calibration-unknown"),
    ]


def test_a_year_without_known_holidays_and_a_first_day_in_the_past_are_noted() -> None:
    into_2027 = {"first_day": date(2026, 12, 28), "last_day": date(2027, 1, 10)}
    assert rules_noted(**into_2027) == [("last_day", "calendar")]
    assert rules_noted(first_day=date(2026, 11, 23)) == [("first_day", "past")]


def test_a_gap_that_makes_weekly_work_daily_is_explained_before_it_is_published() -> None:
    weekly = ItemDraft(content="repair", rule="FREQ=WEEKLY", gap_days_max=1)
    assert rules_noted(items=(weekly,), last_day=date(2026, 12, 28)) == [
        ("items.0.gap_days_max", "against-frequency")
    ]
    twice = replace(weekly, gap_days_max=4)
    assert rules_noted(items=(twice,), last_day=date(2026, 12, 28)) == []


@pytest.mark.parametrize(
    ("item", "noted"),
    [
        (ItemDraft(content="patrol", rule="FREQ=WEEKLY", gap_days_max=7, basis="WF-WEEK"), []),
        (ItemDraft(content="patrol", rule="FREQ=WEEKLY;INTERVAL=2"), ["WF-WEEK"]),
        (ItemDraft(content="patrol", rule="FREQ=WEEKLY;INTERVAL=2", gap_days_max=7), []),
        (ItemDraft(content="patrol", rule="FREQ=WEEKLY", gap_days_max=7, basis="WF-DAILY"), ["WF-DAILY"]),
        (ItemDraft(content="repair", rule="FREQ=MONTHLY"), []),
        (ItemDraft(content="patrol", rule="FREQ=MONTHLY;BYMONTHDAY=1"), ["WF-WEEK"]),
    ],
)
def test_work_rarer_than_an_unverified_rule_is_noted_and_published(item: ItemDraft, noted: list[str]) -> None:
    changes = {"items": (item,), "last_day": date(2026, 12, 28)}
    assert [rule for _, rule in rules_noted(**changes)] == noted
    assert publishing(**changes).refusal is None


def test_work_rarer_than_a_rule_read_in_its_standard_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    official = tuple(replace(rule, confidence="OFFICIAL") for rule in INTERVALS if rule.rule_id == "WF-WEEK")
    monkeypatch.setattr(frequency, "intervals", lambda *_: official)
    item = ItemDraft(content="patrol", rule="FREQ=WEEKLY;INTERVAL=2")
    publishing(items=(item,)).refused("command.invalid", "items.0.gap_days_max")


@settings(deadline=None)
@hypothesis_given(
    st.lists(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY"]), min_size=1, max_size=4, unique=True),
    st.integers(1, 6),
    st.none() | st.integers(1, 120),
    st.integers(0, 390),
)
def test_windows_leave_no_gap_longer_than_allowed_and_are_the_same_every_time(
    frequencies: list[str], interval: int, gap: int | None, length: int
) -> None:
    items = tuple(
        ItemDraft(content="repair", rule=f"FREQ={frequency};INTERVAL={interval}", gap_days_max=gap)
        for frequency in frequencies
    )
    last_day = draft.first_day + timedelta(days=length)
    plan = replace(draft, items=items, last_day=last_day, devices=())
    planned = plan_windows(plan, agreement, PLACES, NOT_FILED, TODAY)
    assert planned == plan_windows(plan, agreement, PLACES, NOT_FILED, TODAY)
    for item in planned.items:
        days = [plan.first_day, *(window.closes for window in item.windows), last_day]
        assert gap is None or max((b - a).days for a, b in pairwise(days)) <= gap
