"""Measures how much was drawn in the strokes of a signature. Pure.

Two formats are known: that of the pages' signature pad (a list of groups with `points`), and lines of points under
`strokes`. A point is `{"x": …, "y": …}`.
"""

from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise
from math import hypot, isfinite
from typing import Any, Final

Point = tuple[float, float]
DRAWN_MIN: Final = 30.0
"""Total length in pixels of the screen. Less is an accidental touch and no signature."""
EXTENT_MIN: Final = 20.0
"""Width or height in pixels, whichever is larger. A finger that trembles on one spot draws length, but no extent."""
POINTS_MIN: Final = 3
"""Different points: fewer are a straight line or a touch."""


def is_blank(content: Any) -> bool:
    lines = [_valid(line) for line in _lines(content)]
    points = {point for line in lines for point in line}
    return sum(map(_length, lines)) < DRAWN_MIN or len(points) < POINTS_MIN or _extent(points) < EXTENT_MIN


def _lines(content: Any) -> Iterator[list[Any]]:
    if isinstance(content, dict):
        content = content.get("strokes")
    for line in content if isinstance(content, list) else []:
        points = line.get("points") if isinstance(line, dict) else line
        if isinstance(points, list):
            yield points


def _valid(points: Iterable[Any]) -> list[Point]:
    return [coordinates for point in points if (coordinates := _coordinates(point))]


def _length(points: Iterable[Point]) -> float:
    return sum(hypot(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(points))


def _extent(points: Collection[Point]) -> float:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return max(max(xs) - min(xs), max(ys) - min(ys))


def _coordinates(point: Any) -> Point | None:
    match point:
        case {"x": int() | float() as x, "y": int() | float() as y} if _is_plausible(x) and _is_plausible(y):
            return float(x), float(y)
    return None


def _is_plausible(number: int | float) -> bool:
    return abs(number) < 1_000_000 and isfinite(number)
