"""One factor of a report with everything that rules ask of it, computed once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from qingyuan_standards.rules.conversions import CONVERSIONS
from qingyuan_standards.rules.document import Factor, Pair, Report, Test
from qingyuan_standards.rules.loading import Catalogue
from qingyuan_standards.rules.quantities import OF_TESTS, Figures, of_pair, pair_figures
from qingyuan_standards.rules.records import Rule

HOUR: Final = Decimal(3600)


@dataclass(frozen=True)
class Within:
    """How many pairs lie within their limit, the band chosen for each pair and for the group; and the rules of these bands."""

    by_pair: int
    by_group: int
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Case:
    """`pairs`: those that count. `inputs`: the places of their values. `within`: None where it cannot be computed."""

    report: Report
    factor: Factor
    catalogue: Catalogue
    rules: tuple[Rule, ...]
    pairs: tuple[Pair, ...]
    inputs: tuple[str, ...]
    figures: Figures
    within: Within | None
    tests: tuple[tuple[Test, Figures], ...]

    def of_report(self, quantity: str) -> Decimal | None:
        """Quantities of the factor that are not of its pairs' values."""
        match quantity:
            case "duration_hours":
                return Decimal((self.report.end - self.report.start).total_seconds()) / HOUR
            case "no2_measured":
                return None if self.factor.no2 is None else Decimal(self.factor.no2 != "none")
            case "parallels":
                samples = (Decimal(pair.parallels) for pair in self.pairs if not pair.substitute)
                return min(samples, default=None)
            case _:
                return None


def case_of(report: Report, factor: Factor, catalogue: Catalogue) -> Case:
    rules = catalogue.rules_for(factor.basis, report.doc_type, factor.code, report.start.date())
    pairs = factor.counted
    figures = pair_figures(pairs, catalogue.t95) if pairs else {"pairs": Decimal(0)}
    within = within_of(rules, pairs, figures, factor.unit.family)
    if within is not None:
        figures["pairs_within"] = Decimal(within.by_pair)
    return Case(
        report,
        factor,
        catalogue,
        rules,
        pairs,
        tuple(pointer for pair in pairs for pointer in pair.inputs),
        figures,
        within,
        tuple((test, _of_test(test, factor, catalogue)) for test in factor.tests),
    )


def within_of(rules: Sequence[Rule], pairs: Sequence[Pair], figures: Figures, family: str) -> Within | None:
    """None where no rule limits single pairs, or a pair or the mean of all lies in no band."""
    of_pairs, mean = [rule for rule in rules if rule.on == "pair"], figures.get("reference_mean")
    if not of_pairs or mean is None:
        return None
    own = [_banded(of_pairs, pair.reference, family) for pair in pairs]
    group = _banded(of_pairs, mean, family)
    chosen = [rule for rule in own if rule is not None]
    if group is None or len(chosen) < len(own):
        return None
    by_pair = [_is_within(rule, pair, family) for rule, pair in zip(chosen, pairs, strict=True)]
    by_group = [_is_within(group, pair, family) for pair in pairs]
    if None in by_pair or None in by_group:
        return None
    used = {rule.id: rule for rule in (*chosen, group)}
    return Within(sum(map(bool, by_pair)), sum(map(bool, by_group)), tuple(used.values()))


def _banded(rules: Sequence[Rule], reference: Decimal, family: str) -> Rule | None:
    for rule in rules:
        band = rule.band(family)
        if band is not None and band.interval.has(reference):
            return rule
    return None


def _is_within(rule: Rule, pair: Pair, family: str) -> bool | None:
    value, band = of_pair(pair, rule.quantity), rule.band(family)
    return None if value is None or band is None else abs(value) <= band.limit


def _of_test(test: Test, factor: Factor, catalogue: Catalogue) -> Figures:
    if test.kind in CONVERSIONS:
        name, convert = CONVERSIONS[test.kind]
        figures: Mapping[str, Decimal | None] = {name: convert(test, factor.code, catalogue.molar_masses)}
    else:
        figures = OF_TESTS[test.kind](test, factor)
    return {name: value for name, value in figures.items() if value is not None}
