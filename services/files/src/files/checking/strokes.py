"""How much was drawn, by the strokes of a signature. Pure.

Two shapes are known: what the pad of the pages gives out (a list of groups with points), and lines of points under
`strokes`. A point is `{"x": …, "y": …}`.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import hypot, isfinite
from typing import Any, Final

DRAWN_MIN: Final = 30.0
"""In points of the screen: less is a slip of the finger, and no name."""


def is_blank(held: Any) -> bool:
    return sum(_length(line) for line in _lines(held)) < DRAWN_MIN


def _lines(held: Any) -> Iterator[list[Any]]:
    if isinstance(held, dict):
        held = held.get("strokes")
    for line in held if isinstance(held, list) else []:
        points = line.get("points") if isinstance(line, dict) else line
        if isinstance(points, list):
            yield points


def _length(points: Iterable[Any]) -> float:
    known = [place for point in points if (place := _place(point))]
    return sum(hypot(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(known))


def _place(point: Any) -> tuple[float, float] | None:
    match point:
        case {"x": int() | float() as x, "y": int() | float() as y} if _is_on_a_screen(x) and _is_on_a_screen(
            y
        ):
            return float(x), float(y)
    return None


def _is_on_a_screen(number: int | float) -> bool:
    return abs(number) < 1_000_000 and isfinite(number)
