"""Compares the position that a device reports with the monitoring point: conversion of datums, distance, and marks.

GCJ-02 and BD-09 are the datums of Chinese map services; in Shanghai they differ from WGS-84 by about 500 m and 1200 m.
The formulas are the publicly known approximation (RECALL; correct to the metre for the published figures of two towns).
CGCS2000 differs from WGS-84 by centimetres, which does not matter here. The result is a distance and marks; nothing is
refused.
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
"""Semi-major axis in metres and squared eccentricity of the Krassowsky ellipsoid, on which GCJ-02 is computed."""

_BAIDU: Final = math.pi * 3000 / 180
_NEAR_ENOUGH: Final = 1e-8
_TENTH: Final = Decimal("0.1")


class Degrees(NamedTuple):
    longitude: float
    latitude: float


class Located(Protocol):
    """A location with the datum of its coordinates."""

    @property
    def longitude(self) -> Decimal: ...
    @property
    def latitude(self) -> Decimal: ...
    @property
    def datum(self) -> str: ...


class Fixed(Located, Protocol):
    """A location reported by a device, with the radius of its 68 % circle and the time by its clock."""

    @property
    def accuracy_m(self) -> Decimal: ...
    @property
    def fixed_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Rules:
    """The limits for a claimed place and time: distances in metres, and differences of times."""

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
    """The distance from the fix to the place in metres (None if one of them is missing), and the marks."""
    distance = distance_m(_wgs84(fix), _wgs84(place)) if fix and place else None
    marks = (*_of_place(fix, place, distance, rules), *_of_time(fix, claimed_at, received_at, rules))
    return distance, marks


def _of_place(
    fix: Fixed | None, place: Located | None, distance: Decimal | None, rules: Rules
) -> Iterator[Mark]:
    # Outside only if the whole circle of uncertainty is outside, in favour of the technician.
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
    # If the clock cannot be right, the legal day is the day of receipt, so this mark is not set.
    if local_day(received_at) > legal_day(claimed_at, received_at):
        yield "received_late"


def _wgs84(place: Located) -> Degrees:
    return to_wgs84(place.longitude, place.latitude, place.datum)


def to_wgs84(longitude: Decimal | float, latitude: Decimal | float, datum: str) -> Degrees:
    """The same place in WGS-84, accurate to a tenth of a metre. Raises `ValueError` for an unknown datum."""
    here = Degrees(float(longitude), float(latitude))
    match datum:
        case "WGS-84" | "CGCS2000":
            return here
        case "GCJ-02":
            return _inverse(gcj02_of, here)
        case "BD-09":
            return _inverse(lambda place: bd09_of(gcj02_of(place)), here)
    raise ValueError(f"unknown datum: {datum}")


def _inverse(shift: Callable[[Degrees], Degrees], shifted: Degrees) -> Degrees:
    """The place that `shift` maps to `shifted`, by iteration. The shift varies slowly, so it converges quickly."""
    guess = shifted
    for _ in range(20):
        image = shift(guess)
        east, north = shifted.longitude - image.longitude, shifted.latitude - image.latitude
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
    return sum(amplitude * math.sin(frequency * t * math.pi) for amplitude, frequency in terms)


def bd09_of(place: Degrees) -> Degrees:
    """GCJ-02 to BD-09."""
    x, y = place
    radius = math.hypot(x, y) + 0.00002 * math.sin(y * _BAIDU)
    angle = math.atan2(y, x) + 0.000003 * math.cos(x * _BAIDU)
    return Degrees(radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006)


def distance_m(a: Degrees, b: Degrees) -> Decimal:
    """The great-circle distance by the haversine formula, in metres to one decimal."""
    north, east = math.radians(b.latitude - a.latitude), math.radians(b.longitude - a.longitude)
    cosines = math.cos(math.radians(a.latitude)) * math.cos(math.radians(b.latitude))
    haversine = math.sin(north / 2) ** 2 + cosines * math.sin(east / 2) ** 2
    return Decimal(2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(haversine)))).quantize(_TENTH)
