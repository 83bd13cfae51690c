"""In all that the seeds invent a technician is at one point at a time, and needs some time to get to the next."""

import json
from collections import defaultdict
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from qingyuan_cli.seeding import todays_visits
from qingyuan_cli.seeding.city import points, year
from qingyuan_cli.seeding.history import planning
from qingyuan_cli.seeding.todays_visits import POINTS, stay_at
from qingyuan_events.tasks import VisitSignedIn, VisitSignedOutV2
from qingyuan_standards.days import SHANGHAI, local_day

MONDAY = date(2026, 11, 30)
HOURS = [datetime(2026, 11, 30, 0, 56, tzinfo=SHANGHAI) + timedelta(minutes=37 * n) for n in range(36)]
"""All through a day, so that a town is begun at whatever hour."""
IN_TOWN = timedelta(hours=1)
"""To another enterprise."""

Spans = dict[str, list[tuple[datetime, datetime]]]


def closest(spans: Spans) -> timedelta:
    """The shortest time between two visits of anybody; negative where two overlap."""
    return min(later[0] - earlier[1] for own in spans.values() for earlier, later in pairwise(sorted(own)))


def spans_of_today(now: datetime) -> Spans:
    stays = [stay_at(code, now) for code in POINTS]
    return {"demo-technician": [(stay.began, stay.ended) for stay in stays]}


def spans_of_history(today: date) -> Spans:
    spans: Spans = defaultdict(list)
    for visit in planning.visits(today):
        spans[visit.agreement.technician].append((visit.began, visit.ended))
    return spans


def spans_of_city(enterprises: int, rounds: int) -> Spans:
    spans: Spans = defaultdict(list)
    for visit, _ in year.visits(list(points.points(enterprises)), MONDAY, rounds, Random(7)):
        facts = {type_: json.loads(data) for type_, data, _ in visit.facts}
        sign_in = facts[VisitSignedIn.type]["sign_in"]
        sign_out = facts[VisitSignedOutV2.type]["sign_out"]
        assert sign_in["by"] == sign_out["by"]
        span = datetime.fromisoformat(sign_in["claimed_at"]), datetime.fromisoformat(sign_out["claimed_at"])
        spans[sign_in["by"]].append(span)
    return spans


@pytest.mark.parametrize("now", HOURS, ids=str)
def test_the_working_day_goes_from_point_to_point(now: datetime) -> None:
    spans = spans_of_today(now)
    assert closest(spans) >= todays_visits.ON_THE_WAY * todays_visits.SHORTEST
    moments = [moment for own in spans.values() for span in own for moment in span]
    assert max(moments) < now
    assert {local_day(moment) for moment in moments} == {local_day(now)}


@pytest.mark.parametrize("today", [MONDAY + timedelta(days=offset) for offset in range(7)], ids=str)
def test_the_history_is_of_people_who_travel(today: date) -> None:
    spans = spans_of_history(today)
    assert set(spans) == {agreement.technician for agreement in planning.AGREEMENTS}
    assert closest(spans) > IN_TOWN


def test_nobody_of_a_small_city_is_at_two_points() -> None:
    assert closest(spans_of_city(300, 2)) > IN_TOWN


@pytest.mark.slow
@pytest.mark.parametrize("enterprises", [3_000, 4_000])
def test_nobody_of_a_city_is_at_two_points(enterprises: int) -> None:
    assert closest(spans_of_city(enterprises, 1)) > IN_TOWN
