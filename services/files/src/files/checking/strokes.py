"""Measures how much was drawn in the strokes of a signature. Pure.

Two formats are known: that of the pages' signature pad (a list of groups with `points`), and lines of points under
`strokes`. A point is `{"x": …, "y": …}`.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import hypot, isfinite
from typing import Any, Final

DRAWN_MIN: Final = 30.0
"""Total length in pixels of the screen. Less is an accidental touch and no signature."""


def is_blank(content: Any) -> bool:
    return sum(_length(line) for line in _lines(content)) < DRAWN_MIN


def _lines(content: Any) -> Iterator[list[Any]]:
    if isinstance(content, dict):
        content = content.get("strokes")
    for line in content if isinstance(content, list) else []:
        points = line.get("points") if isinstance(line, dict) else line
        if isinstance(points, list):
            yield points


def _length(points: Iterable[Any]) -> float:
    valid = [coordinates for point in points if (coordinates := _coordinates(point))]
    return sum(hypot(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(valid))


def _coordinates(point: Any) -> tuple[float, float] | None:
    match point:
        case {"x": int() | float() as x, "y": int() | float() as y} if _is_plausible(x) and _is_plausible(y):
            return float(x), float(y)
    return None


def _is_plausible(number: int | float) -> bool:
    return abs(number) < 1_000_000 and isfinite(number)
