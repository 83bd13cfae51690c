"""Where a device says it was, against where the point is: datums, distance, and what is noticed.

GCJ-02 and BD-09 are the datums of Chinese map services, some 500 m off in Shanghai. The formulas are the public
approximation (RECALL; agrees with the figures of two towns to the metre). CGCS2000 differs from WGS-84 by
centimetres, which is nothing here. Everything noticed is a mark with its figures; nothing is refused.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final, Literal, NamedTuple, Protocol

from qingyuan_standards.claims import is_plausible, legal_day
from qingyuan_standards.dated import setting
from qingyuan_standards.days import local_day

Mark = Literal["outside_fence", "no_fix", "no_location", "poor_accuracy", "clock_skew", "received_late"]
EARTH_RADIUS_M: Final = 6371008.8
_A: Final = 6378245.0
_EE: Final = 0.00669342162296594323
_BAIDU: Final = math.pi * 3000 / 180
_NEAR_ENOUGH: Final = 1e-8
_TENTH: Final = Decimal("0.1")


class Degrees(NamedTuple):
    longitude: float
    latitude: float


class Located(Protocol):
    """A place with the datum it was measured in."""

    @property
    def longitude(self) -> Decimal: ...
    @property
    def latitude(self) -> Decimal: ...
    @property
    def datum(self) -> str: ...


class Fixed(Located, Protocol):
    """A place that a device told, with the radius of its 68 % circle and its own time."""

    @property
    def accuracy_m(self) -> Decimal: ...
    @property
    def fixed_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Rules:
    """The figures a claim is judged by: metres, and how far times may lie apart."""

    radius_m: Decimal
    poor_accuracy_m: Decimal
    clock_tolerance: timedelta
    fix_age: timedelta


def rules(day: date) -> Rules:
    """The rules of a day, from the dated settings."""
    return Rules(
        radius_m=Decimal(setting("fence_radius_m", day).value),
        poor_accuracy_m=Decimal(setting("poor_accuracy_m", day).value),
        clock_tolerance=timedelta(seconds=int(setting("clock_tolerance_s", day).value)),
        fix_age=timedelta(seconds=int(setting("fix_age_s", day).value)),
    )


def judge(
    fix: Fixed | None, place: Located | None, claimed_at: datetime, received_at: datetime, rules: Rules
) -> tuple[Decimal | None, tuple[Mark, ...]]:
    """Distance from the fix to the place in metres (None without either), and what is noticed."""
    distance = distance_m(_wgs84(fix), _wgs84(place)) if fix and place else None
    marks = (*_of_place(fix, place, distance, rules), *_of_time(fix, claimed_at, received_at, rules))
    return distance, marks


def _of_place(
    fix: Fixed | None, place: Located | None, distance: Decimal | None, rules: Rules
) -> Iterator[Mark]:
    # A poor fix gets the benefit of its own circle: outside is only what is surely outside.
    if fix and distance is not None and distance - fix.accuracy_m > rules.radius_m:
        yield "outside_fence"
    if fix is None:
        yield "no_fix"
    if place is None:
        yield "no_location"
    if fix and fix.accuracy_m > rules.poor_accuracy_m:
        yield "poor_accuracy"


def _of_time(fix: Fixed | None, claimed_at: datetime, received_at: datetime, rules: Rules) -> Iterator[Mark]:
    if not is_plausible(claimed_at, received_at) or (fix and abs(fix.fixed_at - claimed_at) > rules.fix_age):
        yield "clock_skew"
    # By a clock that cannot be right nobody knows how late it is.
    if local_day(received_at) > legal_day(claimed_at, received_at):
        yield "received_late"


def _wgs84(place: Located) -> Degrees:
    return to_wgs84(place.longitude, place.latitude, place.datum)


def to_wgs84(longitude: Decimal | float, latitude: Decimal | float, datum: str) -> Degrees:
    """The same place in WGS-84, right to a tenth of a metre. Raises `ValueError` for an unknown datum."""
    here = Degrees(float(longitude), float(latitude))
    match datum:
        case "WGS-84" | "CGCS2000":
            return here
        case "GCJ-02":
            return _undone(gcj02_of, here)
        case "BD-09":
            return _undone(lambda place: bd09_of(gcj02_of(place)), here)
    raise ValueError(f"unknown datum: {datum}")


def _undone(shift: Callable[[Degrees], Degrees], shifted: Degrees) -> Degrees:
    """The place that the shift brings here. The shift changes slowly, so few rounds are enough."""
    guess = shifted
    for _ in range(20):
        there = shift(guess)
        east, north = shifted.longitude - there.longitude, shifted.latitude - there.latitude
        guess = Degrees(guess.longitude + east, guess.latitude + north)
        if max(abs(east), abs(north)) < _NEAR_ENOUGH:
            break
    return guess


def gcj02_of(place: Degrees) -> Degrees:
    """WGS-84 to GCJ-02. Outside China the two are the same."""
    if not (72.004 <= place.longitude <= 137.8347 and 0.8293 <= place.latitude <= 55.8271):
        return place
    x, y = place.longitude - 105, place.latitude - 35
    latitude = math.radians(place.latitude)
    magic = 1 - _EE * math.sin(latitude) ** 2
    north = math.degrees(_northward(x, y) * magic**1.5 / (_A * (1 - _EE)))
    east = math.degrees(_eastward(x, y) * math.sqrt(magic) / (_A * math.cos(latitude)))
    return Degrees(place.longitude + east, place.latitude + north)


def _northward(x: float, y: float) -> float:
    base = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    waves = _waves(x, (20, 6), (20, 2)) + _waves(y, (20, 1), (40, 1 / 3), (160, 1 / 12), (320, 1 / 30))
    return base + waves * 2 / 3


def _eastward(x: float, y: float) -> float:
    base = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    waves = _waves(x, (20, 6), (20, 2), (20, 1), (40, 1 / 3), (150, 1 / 12), (300, 1 / 30))
    return base + waves * 2 / 3


def _waves(t: float, *terms: tuple[float, float]) -> float:
    return sum(height * math.sin(often * t * math.pi) for height, often in terms)


def bd09_of(place: Degrees) -> Degrees:
    """GCJ-02 to BD-09."""
    x, y = place
    far = math.hypot(x, y) + 0.00002 * math.sin(y * _BAIDU)
    angle = math.atan2(y, x) + 0.000003 * math.cos(x * _BAIDU)
    return Degrees(far * math.cos(angle) + 0.0065, far * math.sin(angle) + 0.006)


def distance_m(a: Degrees, b: Degrees) -> Decimal:
    """Along a great circle of the mean earth, metres to one decimal."""
    north, east = math.radians(b.latitude - a.latitude), math.radians(b.longitude - a.longitude)
    squeeze = math.cos(math.radians(a.latitude)) * math.cos(math.radians(b.latitude))
    half = math.sin(north / 2) ** 2 + squeeze * math.sin(east / 2) ** 2
    return Decimal(2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(half)))).quantize(_TENTH)
