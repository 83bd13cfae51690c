"""What a catalogue must keep to before it is used. Every breach is named; nothing of a bad catalogue loads."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, product
from typing import Final

from qingyuan_standards.factors import FACTORS
from qingyuan_standards.rules.document import BASES, DOC_TYPES
from qingyuan_standards.rules.quantities import BAND_VALUES, QUANTITIES
from qingyuan_standards.rules.reading_tests import SPECS
from qingyuan_standards.rules.records import (
    COMPARISONS,
    CONFIDENCES,
    SEVERITIES,
    BadCatalogue,
    Interval,
    Rule,
)

PLACES: Final = ("pairs", "pair", "report", *SPECS)
VECTORS_MIN: Final = 2
BLOCKING_FROM: Final = CONFIDENCES.index("2SRC")


def require_sound(rules: Sequence[Rule]) -> None:
    """Raises `BadCatalogue`, which names every breach."""
    breaches = [
        *_doubles(rules),
        *(breach for rule in rules for breach in _breaches(rule)),
        *_partitions(rules),
    ]
    if breaches:
        raise BadCatalogue("; ".join(dict.fromkeys(breaches)))


def _doubles(rules: Sequence[Rule]) -> Iterator[str]:
    counted = Counter(rule.id for rule in rules)
    return (f"{rule}: stands {number} times" for rule, number in counted.items() if number > 1)


def _breaches(rule: Rule) -> Iterator[str]:
    yield from (f"{rule.id}: {breach}" for broken, breach in _conditions(rule) if broken)


def _conditions(rule: Rule) -> Iterable[tuple[bool, str]]:
    may_block = (
        CONFIDENCES.index(rule.confidence) >= BLOCKING_FROM if rule.confidence in CONFIDENCES else False
    )
    return [
        (len(rule.vectors) < VECTORS_MIN, "has fewer than two vectors"),
        (not any(vector.get("edge") for vector in rule.vectors), "has no vector at the edge"),
        (rule.confidence not in CONFIDENCES, f"confidence {rule.confidence}"),
        (rule.severity not in SEVERITIES, f"severity {rule.severity}"),
        (rule.severity == "blocking" and not may_block, f"is {rule.confidence} and may warn, never block"),
        (rule.comparison not in COMPARISONS, f"comparison {rule.comparison}"),
        (rule.on not in PLACES, f"on {rule.on}"),
        (rule.quantity not in QUANTITIES, f"quantity {rule.quantity}"),
        (rule.band_by is not None and rule.band_by not in BAND_VALUES, f"band_by {rule.band_by}"),
        (not rule.bands or not rule.prose.strip(), "has no band or no prose"),
        (not rule.factors <= FACTORS.keys(), "unknown factor"),
        (not rule.doc_types <= DOC_TYPES.keys() or not rule.basis <= set(BASES), "unknown doc_type or basis"),
    ]


def _partitions(rules: Sequence[Rule]) -> Iterator[str]:
    """Banded rules for the same value neither overlap nor leave a gap, on any day, for any emission limit."""
    together: dict[tuple[str, ...], list[Rule]] = defaultdict(list)
    for rule in rules:
        if rule.band_by is not None:
            keys: Iterable[tuple[str, ...]] = product(
                rule.basis, rule.doc_types, rule.factors, [rule.on], [rule.band_by], rule.bands
            )
            for key in keys:
                together[key].append(rule)
    for key, group in together.items():
        for beside in _applying_together(group):
            yield from _faults(key, [(rule.id, rule.bands[key[-1]].interval) for rule in beside])


def _applying_together(group: Sequence[Rule]) -> Iterator[list[Rule]]:
    """The rules for each emission limit that some of them name, on each day on which one of them begins."""
    named = {rule.emission_limit for rule in group}
    days = {rule.valid_from for rule in group}
    for limit, day in product(named - {None} or {None}, days):
        yield [rule for rule in group if rule.emission_limit in (None, limit) and rule.holds_on(day)]


def _faults(key: tuple[str, ...], bands: list[tuple[str, Interval]]) -> Iterator[str]:
    where = " ".join(key[2:])
    ordered = sorted(bands, key=lambda band: (band[1].low is not None, band[1].low or 0))
    for (lower_id, lower), (upper_id, upper) in pairwise(ordered):
        meets = lower.high is not None and lower.high == upper.low
        if not meets or lower.high_within == upper.low_within:
            yield f"{lower_id} and {upper_id} overlap or leave a gap ({where})"
