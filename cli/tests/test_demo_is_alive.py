"""What the demo invents differs from visit to visit, as real work does, and is the same each time."""

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random
from statistics import pstdev
from typing import Any

import pytest
from qingyuan_cli.seeding.history import sentences, wandering
from qingyuan_cli.seeding.history.commands import steps
from qingyuan_cli.seeding.history.planning import visits
from qingyuan_cli.seeding.history.playing import facts_of
from qingyuan_events import tasks
from qingyuan_standards.fence import Degrees, distance_m
from test_demo_history import MONDAY, TOWN, played

Json = dict[str, Any]
NOON = datetime(2026, 11, 30, 12)


def sheets() -> list[Json]:
    return [step.body["sheet"] for step in steps(MONDAY, TOWN) if "sheet" in step.body]


def distance_of(name: str, *, outside: bool) -> Decimal:
    place = Degrees(121.1124, 31.1512)
    found = wandering.away_from("121.1124", "31.1512", name, outside=outside)
    return distance_m(Degrees(float(found["longitude"]), float(found["latitude"])), place)


@pytest.mark.parametrize(("outside", "span"), [(False, wandering.INSIDE_M), (True, wandering.OUTSIDE_M)])
def test_a_phone_is_as_far_away_as_is_meant(outside: bool, span: tuple[int, int]) -> None:
    distances = [distance_of(str(number), outside=outside) for number in range(200)]
    nearest, farthest = span
    assert nearest - 1 <= min(distances) < max(distances) <= farthest + 1
    assert len(set(distances)) > 150


@pytest.mark.slow
async def test_each_visit_is_at_a_place_of_its_own_and_a_few_are_outside() -> None:
    facts = list(facts_of((await played(MONDAY)).tasks.journal))
    judged = [fact.sign_in.judged for fact in facts if isinstance(fact, tasks.VisitSignedIn)]
    distances = [each.distance_m for each in judged if each.distance_m is not None]
    assert len(set(distances)) > 0.9 * len(distances)
    outside = [each for each in judged if "outside_fence" in each.marks]
    assert len(outside) == sum(visit.is_far for visit in visits(MONDAY)) == 3


def test_sheets_of_one_kind_do_not_all_say_the_same() -> None:
    remarks: dict[str, set[str | None]] = defaultdict(set)
    for sheet in sheets():
        remarks[sheet["form"]].add(sheet["values"].get("remark"))
    for form in ("patrol_wastewater", "patrol_extractive", "standard_check"):
        assert None in remarks[form]
        assert len(remarks[form]) > 3


def test_each_dispute_is_about_another_matter() -> None:
    reasons = [step.body["reason"] for step in steps(MONDAY, TOWN) if step.path.endswith("/dispute")]
    assert len(set(reasons)) == len(reasons) == 3
    assert sentences.DISPUTED[0][0] not in reasons


def test_measured_values_of_an_analyser_differ_from_week_to_week() -> None:
    measured: dict[str, list[str]] = defaultdict(list)
    for sheet in sheets():
        for number, row in enumerate(sheet["values"].get("checks", ())):
            (analyser,) = (
                each["instrument_id"]
                for each in sheet["taken"]
                if f"checks.{number}.factor" in each["fields"]
            )
            measured[analyser].append(row["measured"])
    assert all(len(set(values)) > 0.7 * len(values) for values in measured.values())
    assert max(len(values) for values in measured.values()) >= 5


def test_an_error_drifts_and_does_not_only_jump() -> None:
    """From week to week it changes less than it does over the whole time."""
    weeks = [NOON - timedelta(weeks=number) for number in range(30)]
    for analyser in ("COD 1", "COD 2", "SO2"):
        errors = [wandering.error_of(analyser, week, Random(str(week))) for week in weeks]
        assert all(-1 <= error <= 1 for error in errors)
        steps_taken = [later - earlier for earlier, later in pairwise(errors)]
        assert pstdev(steps_taken) < 1.3 * pstdev(errors)
        assert pstdev(errors) > 0.2
