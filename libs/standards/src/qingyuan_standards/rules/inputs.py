"""Which values of a factor, beside its pairs and tests, went into a judgement."""

from collections.abc import Iterator
from typing import Final

from qingyuan_standards.rules.document import Factor, Test
from qingyuan_standards.rules.records import Rule

OF_RANGE: Final = frozenset({"drift", "indication_of_range"})


def inputs_beside(rule: Rule, factor: Factor, test: Test | None = None) -> Iterator[str]:
    """JSON pointers. Only to what was typed."""
    needs_range = rule.quantity in OF_RANGE or rule.band_by == "range"
    if needs_range and factor.instrument_range is not None and (test is None or "range" not in test.numbers):
        yield f"{factor.at}/instrument/range"
    if rule.emission_limit is not None and factor.emission_limit is not None:
        yield f"{factor.at}/emission_limit"
    if rule.principles and factor.principle is not None:
        yield f"{factor.at}/instrument/principle"
    if rule.quantity == "no2_measured" and factor.no2 is not None:
        yield f"{factor.at}/instrument/no2"
    if rule.quantity == "duration_hours":
        yield from ("/performed/from", "/performed/to")
