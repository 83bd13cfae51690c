"""Bitemporal data: what held on a day, as it was known at a point in time. Pure.

A belief states particulars that hold from `valid_from` until the day before `valid_to`, and that this was known from
`known_from` until `known_to`. A belief is never changed otherwise than by setting `known_to` when another replaces it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

TICK = timedelta(microseconds=1)
"""The least difference between the times of two facts of a stream, for facts to which the clock gave the same time."""

Particulars = dict[str, Any]
Change = Callable[[Particulars], Particulars]


@dataclass(frozen=True, slots=True)
class Belief:
    valid_from: date
    valid_to: date | None
    known_from: datetime
    known_to: datetime | None
    particulars: Particulars

    @property
    def held(self) -> bool:
        return self.known_to is None

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def known_at(self, instant: datetime) -> bool:
        return self.known_from <= instant and (self.known_to is None or instant < self.known_to)


Beliefs = Sequence[Belief]


def begin(particulars: Particulars, day: date, at: datetime) -> list[Belief]:
    return [Belief(day, None, at, None, particulars)]


def revise(beliefs: Beliefs, day: date, change: Change, at: datetime) -> list[Belief]:
    """Apply `change` to the particulars from `day` on; those before it stay."""
    return _rewrite(beliefs, day, at, lambda belief: replace(belief, particulars=change(belief.particulars)))


def end(beliefs: Beliefs, day: date, at: datetime) -> list[Belief]:
    """End the entry on `day`. One that ends on its first day keeps a belief of zero days, since it did exist."""
    result = _rewrite(beliefs, day, at, lambda _belief: None)
    if not any(belief.held for belief in result):
        last = max(result, key=lambda belief: belief.known_from)
        known = max(belief.known_to or belief.known_from for belief in result)
        result.append(replace(last, valid_from=day, valid_to=day, known_from=known, known_to=None))
    return result


def _rewrite(
    beliefs: Beliefs, day: date, at: datetime, later: Callable[[Belief], Belief | None]
) -> list[Belief]:
    """Replace each belief that is valid after `day` by its part before `day` and the result of `later` for the rest.

    New beliefs are appended, so that a stored belief keeps its number and only its `known_to` changes.
    """
    at = max([at, *(belief.known_from + TICK for belief in beliefs)])
    kept: list[Belief] = []
    new: list[Belief] = []
    for belief in beliefs:
        if belief.held and (belief.valid_to is None or belief.valid_to > day):
            kept.append(replace(belief, known_to=at))
            new += _parts(replace(belief, known_from=at), day, later)
        else:
            kept.append(belief)
    return kept + new


def _parts(belief: Belief, day: date, later: Callable[[Belief], Belief | None]) -> Iterable[Belief]:
    if belief.valid_from < day:
        yield replace(belief, valid_to=day)
    rest = later(replace(belief, valid_from=max(belief.valid_from, day)))
    if rest is not None:
        yield rest


def difference(was: Particulars, now: Particulars) -> Change:
    """The change from `was` to `now`, as a function that can be applied to other particulars, too."""
    changed = {field: value for field, value in now.items() if was.get(field) != value}
    removed = [field for field in was if field not in now]

    def change(particulars: Particulars) -> Particulars:
        kept = {field: value for field, value in particulars.items() if field not in removed}
        return kept | changed

    return change
