"""A person in two places too far apart in time: both visits are marked, whichever was heard of first."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qingyuan_local.testing import DatabaseServer
from qingyuan_standards.fence import Degrees
from read_models import model_after
from sample_facts import ALL, SampleFacts
from test_work import shuffled
from views.work import answers
from views.work.lists import IMPLAUSIBLE_TRAVEL
from views.work.queries import WorkQueries
from views.work.query_models import VisitQuery
from views.work.travel import Whereabouts, implausible
from working_day_facts import DAY, VisitFacts, sheet

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
KM = 1 / 111.195
"""Degrees of latitude in a kilometre."""


def after(minutes: float, kilometres: float) -> Whereabouts:
    return Whereabouts(NOON + timedelta(minutes=minutes), Degrees(121.0, 31.0 + kilometres * KM))


@pytest.mark.parametrize(
    ("minutes", "kilometres", "marked"),
    [
        (60, 149, False),
        (60, 151, True),
        (1, 4.9, False),  # near: a poor fix or a wrong clock explains it
        (1, 5.1, True),
        (0, 0, False),
        (0, 5.1, True),
        (-60, 151, True),
        (24 * 60, 1000, False),
    ],
)
def test_faster_than_a_fast_car_and_not_near(minutes: float, kilometres: float, marked: bool) -> None:
    assert implausible(after(0, 0), after(minutes, kilometres)) == marked


@given(st.floats(-3000, 3000), st.floats(0, 2000))
def test_it_does_not_matter_which_is_compared_with_which(minutes: float, kilometres: float) -> None:
    first, other = after(0, 0), after(minutes, kilometres)
    assert implausible(first, other) == implausible(other, first)


def three_visits() -> SampleFacts:
    """In the morning in the west; half an hour later 60 km east; in the evening there again."""
    sample = SampleFacts()
    for name, hour, longitude in (("west", 9, "121.10"), ("east", 11, "121.75"), ("evening", 18, "121.75")):
        visit = VisitFacts(sample, name)
        visit.signs_in(hour=hour, place=(longitude, "31.15"))
        visit.records(sheet(f"{name} patrol"))
        visit.signs_out(hour=hour + 1, place=(longitude, "31.15"))
        visit.completes()
    third = VisitFacts(sample, "haste")
    third.signs_in(hour=12, place=("121.10", "31.15"))
    return sample


@pytest.mark.servers
@pytest.mark.parametrize("seed", [0, 1, 2])
async def test_both_visits_are_marked_in_any_order(postgres_server: DatabaseServer, seed: int) -> None:
    facts: Sequence = three_visits().recorded
    model = await model_after(
        postgres_server, shuffled(facts, seed) if seed else facts, size=1 if seed == 1 else 9
    )
    page = await WorkQueries(model.reader).visits(ALL, VisitQuery.model_validate({"from": DAY}))
    rows = [answers.visit_row(row, page.names) for row in page.rows]
    marked = {row["sign_in_at"] for row in rows if IMPLAUSIBLE_TRAVEL in row["marks"]}
    # From east, left at 12:00, one cannot be in the west at 12:00. West at 10:00 to east at 11:00 is 62 km in an hour.
    assert marked == {"2026-11-23T03:00:00+00:00", "2026-11-23T04:00:00+00:00"}
    narrowed = await WorkQueries(model.reader).visits(ALL, VisitQuery(mark=IMPLAUSIBLE_TRAVEL))
    assert len(narrowed.rows) == 2
    await model.close()
