"""Datums and distances against known figures, and the marks on a claimed position and time."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qingyuan_standards.fence import (
    Degrees,
    Mark,
    bd09_of,
    distance_m,
    gcj02_of,
    judge,
    rules,
    to_wgs84,
)

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
RULES = rules(date(2026, 11, 24))


@dataclass(frozen=True)
class Place:
    longitude: Decimal = Decimal("121.4737")
    latitude: Decimal = Decimal("31.2304")
    datum: str = "WGS-84"


@dataclass(frozen=True)
class Fix(Place):
    accuracy_m: Decimal = Decimal(10)
    fixed_at: datetime = NOON


def north(metres: int) -> Decimal:
    return Decimal("31.2304") + Decimal(metres) / Decimal(111_195)


@pytest.mark.parametrize(
    ("place", "shifted", "metres"),
    [
        (Degrees(121.4737, 31.2304), Degrees(121.478223, 31.228458), 481),
        (Degrees(121.5447, 31.2212), Degrees(121.548982, 31.219054), 472),
    ],
)
def test_gcj02_is_shifted_as_published_for_two_towns(place: Degrees, shifted: Degrees, metres: int) -> None:
    assert gcj02_of(place) == pytest.approx(shifted, abs=1e-6)
    assert round(distance_m(place, gcj02_of(place))) == metres
    assert distance_m(place, to_wgs84(*shifted, "GCJ-02")) <= Decimal("0.1")


shanghai = st.builds(Degrees, st.floats(120.8, 122.2), st.floats(30.6, 31.9))
china = st.builds(Degrees, st.floats(74, 134), st.floats(4, 53))


@settings(deadline=None)
@given(st.one_of(shanghai, china))
def test_every_shift_is_undone_to_a_tenth_of_a_metre(place: Degrees) -> None:
    assert distance_m(place, to_wgs84(*gcj02_of(place), "GCJ-02")) <= Decimal("0.1")
    assert distance_m(place, to_wgs84(*bd09_of(gcj02_of(place)), "BD-09")) <= Decimal("0.1")


@settings(deadline=None)
@given(shanghai)
def test_the_three_datums_of_one_place_are_hundreds_of_metres_apart(place: Degrees) -> None:
    gcj = gcj02_of(place)
    assert 300 < distance_m(place, gcj) < 700
    assert 500 < distance_m(gcj, bd09_of(gcj)) < 1500
    assert to_wgs84(*place, "CGCS2000") == place


def test_outside_china_nothing_is_shifted_and_an_unknown_datum_is_an_error() -> None:
    assert gcj02_of(Degrees(2.35, 48.85)) == Degrees(2.35, 48.85)
    with pytest.raises(ValueError, match="Krassowsky"):
        to_wgs84(121, 31, "Krassowsky")


def test_distances_are_those_of_a_sphere() -> None:
    assert distance_m(Degrees(0, 0), Degrees(1, 0)) == Decimal("111195.1")
    assert distance_m(Degrees(121, 31), Degrees(121, 31)) == 0
    assert distance_m(Degrees(0, 0), Degrees(180, 0)) == Decimal("20015114.4")


def marks(
    fix: Fix | None, place: Place | None = Place(), *, claimed: datetime = NOON, received: datetime = NOON
) -> tuple[Mark, ...]:
    return judge(fix, place, claimed, received, RULES)[1]


def test_at_the_point_no_mark_is_set() -> None:
    assert judge(Fix(), Place(), NOON, NOON, RULES) == (Decimal("0.0"), ())


def test_a_fix_and_a_place_of_different_datums_are_compared_in_wgs84() -> None:
    amap = Fix(longitude=Decimal("121.478223"), latitude=Decimal("31.228458"), datum="GCJ-02")
    assert judge(amap, Place(), NOON, NOON, RULES) == (Decimal("0.0"), ())
    mixed = replace(amap, datum="WGS-84")
    distance, found = judge(mixed, Place(), NOON, NOON, RULES)
    assert (round(distance or 0), found) == (481, ("outside_fence",))


@pytest.mark.parametrize(
    ("metres", "accuracy", "expected"),
    [
        (199, 0, ()),
        (202, 0, ("outside_fence",)),
        (250, 60, ()),
        (300, 60, ("outside_fence",)),
        (300, 101, ("poor_accuracy",)),
        (900, 101, ("outside_fence", "poor_accuracy")),
    ],
)
def test_outside_is_only_what_is_surely_outside(
    metres: int, accuracy: int, expected: tuple[Mark, ...]
) -> None:
    assert marks(Fix(latitude=north(metres), accuracy_m=Decimal(accuracy))) == expected


def test_without_a_fix_or_a_place_there_is_no_distance() -> None:
    assert judge(None, Place(), NOON, NOON, RULES) == (None, ("no_fix",))
    assert judge(Fix(), None, NOON, NOON, RULES) == (None, ("no_location",))
    assert marks(None, None) == ("no_fix", "no_location")


@pytest.mark.parametrize(
    ("claimed", "fixed", "expected"),
    [
        (NOON + timedelta(seconds=300), NOON, ()),
        (NOON + timedelta(seconds=301), NOON, ("clock_skew",)),
        (NOON, NOON - timedelta(seconds=900), ()),
        (NOON, NOON - timedelta(seconds=901), ("clock_skew",)),
        (NOON, NOON + timedelta(seconds=901), ("clock_skew",)),
    ],
)
def test_clocks_that_cannot_be_right_are_marked(
    claimed: datetime, fixed: datetime, expected: tuple[Mark, ...]
) -> None:
    assert marks(Fix(fixed_at=fixed), claimed=claimed) == expected


def test_what_was_sent_hours_later_on_the_same_day_is_neither_late_nor_skewed() -> None:
    assert marks(Fix(), received=NOON + timedelta(hours=3)) == ()


def test_late_is_a_later_day_in_shanghai() -> None:
    last = datetime(2026, 11, 24, 15, 59, 59, tzinfo=UTC)
    midnight = last + timedelta(seconds=1)
    at = Fix(fixed_at=last)
    assert marks(at, claimed=last, received=last) == ()
    assert marks(at, claimed=last, received=midnight) == ("received_late",)
    assert marks(at, claimed=last - timedelta(minutes=10), received=last) == ()
