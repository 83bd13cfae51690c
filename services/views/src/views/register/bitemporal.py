"""What was so on a day, and what was believed of it at an instant. Pure.

A belief says: from `valid_from` until the day before `valid_to` these were the particulars; and this
was believed from `known_from` until `known_to`. Beliefs are never changed, only no longer held.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

TICK = timedelta(microseconds=1)
"""Two facts of one stream are never known at the same instant, even if the clock says so."""

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
    """From `day` on, what was believed is changed by `change`; before it, nothing changes."""
    return _rewrite(beliefs, day, at, lambda belief: replace(belief, particulars=change(belief.particulars)))


def end(beliefs: Beliefs, day: date, at: datetime) -> list[Belief]:
    """From `day` on there is nothing any more. What ends on its first day leaves an empty belief: it did exist."""
    result = _rewrite(beliefs, day, at, lambda _belief: None)
    if not any(belief.held for belief in result):
        last = max(result, key=lambda belief: belief.known_from)
        known = max(belief.known_to or belief.known_from for belief in result)
        result.append(replace(last, valid_from=day, valid_to=day, known_from=known, known_to=None))
    return result


def _rewrite(
    beliefs: Beliefs, day: date, at: datetime, later: Callable[[Belief], Belief | None]
) -> list[Belief]:
    """Give up each belief that reaches beyond `day`; hold its part before `day` and what `later` makes of the rest.

    Old beliefs keep their place and new ones follow, so a stored belief changes in `known_to` alone.
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
    """The change that turns `was` into `now`, as something that can be done to other particulars too."""
    changed = {field: value for field, value in now.items() if was.get(field) != value}
    gone = [field for field in was if field not in now]

    def change(particulars: Particulars) -> Particulars:
        kept = {field: value for field, value in particulars.items() if field not in gone}
        return kept | changed

    return change
