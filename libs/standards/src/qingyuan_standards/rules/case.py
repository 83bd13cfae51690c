"""One factor of a report with everything that rules ask of it, computed once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

from qingyuan_standards.rules.conversions import CONVERSIONS
from qingyuan_standards.rules.document import Factor, Pair, Report, Test
from qingyuan_standards.rules.loading import Catalogue
from qingyuan_standards.rules.quantities import OF_TESTS, Figures, of_pair, pair_figures
from qingyuan_standards.rules.records import Rule

HOUR: Final = Decimal(3600)


@dataclass(frozen=True)
class Within:
    """How many pairs lie within their limit, the band chosen for each pair and for the group. None: not to be computed."""

    by_pair: int
    by_group: int
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Case:
    report: Report
    factor: Factor
    catalogue: Catalogue

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        factor, report = self.factor, self.report
        return self.catalogue.rules_for(factor.basis, report.doc_type, factor.code, report.start.date())

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        return self.factor.counted

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        return tuple(pointer for pair in self.pairs for pointer in pair.inputs)

    @cached_property
    def figures(self) -> Figures:
        within = self.within
        return (
            self._of_pairs if within is None else {**self._of_pairs, "pairs_within": Decimal(within.by_pair)}
        )

    @cached_property
    def _of_pairs(self) -> Figures:
        return pair_figures(self.pairs, self.catalogue.t95) if self.pairs else {"pairs": Decimal(0)}

    @cached_property
    def within(self) -> Within | None:
        """None where no rule limits single pairs, or a pair or their mean lies in no band."""
        rules = [rule for rule in self.rules if rule.on == "pair"]
        mean = self._of_pairs.get("reference_mean")
        if not rules or mean is None:
            return None
        own = [self._of(rules, pair.reference) for pair in self.pairs]
        group = self._of(rules, mean)
        if group is None or None in own:
            return None
        chosen = [rule for rule in own if rule is not None]
        by_pair = [self._is_within(rule, pair) for rule, pair in zip(chosen, self.pairs, strict=True)]
        by_group = [self._is_within(group, pair) for pair in self.pairs]
        if None in by_pair or None in by_group:
            return None
        used = {rule.id: rule for rule in (*chosen, group)}
        return Within(sum(map(bool, by_pair)), sum(map(bool, by_group)), tuple(used.values()))

    def _of(self, rules: Sequence[Rule], reference: Decimal) -> Rule | None:
        for rule in rules:
            band = rule.band(self.factor.unit.family)
            if band is not None and band.interval.has(reference):
                return rule
        return None

    def _is_within(self, rule: Rule, pair: Pair) -> bool | None:
        value, band = of_pair(pair, rule.quantity), rule.band(self.factor.unit.family)
        return None if value is None or band is None else abs(value) <= band.limit

    @cached_property
    def tests(self) -> tuple[tuple[Test, Figures], ...]:
        return tuple((test, self._of_test(test)) for test in self.factor.tests)

    def _of_test(self, test: Test) -> Figures:
        if test.kind in CONVERSIONS:
            name, convert = CONVERSIONS[test.kind]
            figures: Mapping[str, Decimal | None] = {
                name: convert(test, self.factor.code, self.catalogue.molar_masses)
            }
        else:
            figures = OF_TESTS[test.kind](test, self.factor)
        return {name: value for name, value in figures.items() if value is not None}

    def of_report(self, quantity: str) -> Decimal | None:
        """Quantities of the factor that are not of its pairs' values."""
        match quantity:
            case "duration_hours":
                return Decimal((self.report.end - self.report.start).total_seconds()) / HOUR
            case "no2_measured":
                return None if self.factor.no2 is None else Decimal(self.factor.no2 != "none")
            case "parallels":
                return min((Decimal(pair.parallels) for pair in self._samples()), default=None)
            case _:
                return None

    def _samples(self) -> Iterator[Pair]:
        return (pair for pair in self.pairs if not pair.substitute)
