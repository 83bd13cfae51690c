"""The longest interval between two works of a kind, rule by rule, each with its source and our confidence in it.

Nothing here was verified against the full text of HJ 75, HJ 355 or HJ 1286, which was not available. `confidence` is
OFFICIAL (the standard's own text), 2SRC (two independent sources), SEEN (one source) or RECALL (general knowledge). A rule
that is not OFFICIAL may suggest a plan or cause a warning, but must never be a reason to refuse anything.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any, Literal

Confidence = Literal["OFFICIAL", "2SRC", "SEEN", "RECALL"]


@dataclass(frozen=True)
class Interval:
    """At most `days_max` days between two works of this content.

    `principle` is extractive, dilution, direct or nmhc; None means any. `automatic`: whether the rule is for instruments
    that calibrate themselves (True), for those that do not (False) or for all (None). `about` describes the rule in
    Chinese, including conflicts between sources. `valid_to` is the last day.
    """

    rule_id: str
    content: str
    medium: str
    principle: str | None
    days_max: int
    source: str
    confidence: Confidence
    valid_from: date
    valid_to: date | None
    about: str
    automatic: bool | None = None

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def _load() -> Iterator[Interval]:
    for row in json.loads((files("qingyuan_standards") / "intervals.json").read_text("utf-8")):
        yield Interval(**{**row, **_days(row)})


def _days(row: dict[str, Any]) -> dict[str, date | None]:
    return {name: row[name] and date.fromisoformat(row[name]) for name in ("valid_from", "valid_to")}


INTERVALS: tuple[Interval, ...] = tuple(_load())


def intervals(content: str, medium: str, day: date) -> tuple[Interval, ...]:
    """The rules for one kind of work at one kind of point on a day, strictest first."""
    valid = (
        rule for rule in INTERVALS if rule.content == content and rule.medium == medium and rule.holds_on(day)
    )
    return tuple(sorted(valid, key=lambda rule: (rule.days_max, rule.rule_id)))
