"""Applies the rules of a catalogue to one factor: each rule that holds gives one judgement at each place it is for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from qingyuan_standards.formulas import distinct_text
from qingyuan_standards.rules.case import Case
from qingyuan_standards.rules.conversions import CONVERSIONS
from qingyuan_standards.rules.document import DOC_TYPES, Pair, Test
from qingyuan_standards.rules.inputs import inputs_beside
from qingyuan_standards.rules.places import place
from qingyuan_standards.rules.quantities import QUANTITIES, Figures, full_scale, of_pair
from qingyuan_standards.rules.records import CONFIDENCES, Band, Interval, Rule
from qingyuan_standards.rules.saying import lacking_of_pairs, lacking_of_test, sentence
from qingyuan_standards.rules.verdict import BandUsed, FactorVerdict, Judged, Result, Way

BLOCKING_FROM: Final = CONFIDENCES.index("2SRC")
NO_LIMITS: Final = frozenset({"pairs", "parallels", "duration_hours", "no2_measured", "tested_before"})
"""Quantities whose rules say nothing of how well the instrument agrees."""
WITHOUT_RULES: Final = frozenset({*CONVERSIONS, "k_coefficient"})
TESTED_FIRST: Final = frozenset({"indication_error", "response_time"})


@dataclass(frozen=True)
class Measure:
    """What a rule is held against: the place, the value, the value that chooses the band, and how many pairs there are."""

    at: str
    inputs: tuple[str, ...]
    value: Decimal | None
    by: Decimal | None
    by_unit: str
    pairs: int
    alternative: Decimal | None = None
    substitute: bool = False
    ways: tuple[tuple[str, int], ...] = ()
    stands_on: tuple[Rule, ...] = ()


def judge(case: Case) -> FactorVerdict:
    of_tests = [judged for test, figures in case.tests for judged in _of_test(case, test, figures)]
    of_pairs = [judged for pair in case.pairs for judged in _of_pair(case, pair)]
    of_factor = list(_of_factor(case, of_tests))
    judged = (*of_factor, *of_pairs, *of_tests)
    factor, report = case.factor, case.report
    known = [m.what for m in case.catalogue.missing if m.concerns(factor.basis, report.doc_type, factor.code)]
    return FactorVerdict(
        factor, case.figures, case.tests, judged, tuple(_lacking(case, judged)), tuple(known)
    )


def _lacking(case: Case, judged: Sequence[Judged]) -> Iterator[str]:
    """What was typed and no rule of the catalogue limits."""
    limited = any(
        each.at == case.factor.at and each.rule.quantity not in NO_LIMITS and each.rule.on == "pairs"
        for each in judged
    )
    if case.factor.pairs and not limited:
        yield lacking_of_pairs(case.factor, DOC_TYPES[case.report.doc_type])
    tested = {each.at for each in judged}
    for test in case.factor.tests:
        if test.at not in tested and test.kind not in WITHOUT_RULES:
            yield lacking_of_test(place(test.at), case.factor)


def _of_factor(case: Case, of_tests: Sequence[Judged]) -> Iterator[Judged]:
    for rule in case.rules:
        if rule.on == "report" or (rule.on == "pairs" and case.factor.pairs):
            yield from _judged(case, rule, _factor_measure(case, rule, of_tests))


def _factor_measure(case: Case, rule: Rule, of_tests: Sequence[Judged]) -> Measure:
    if rule.quantity == "pairs_within":
        return _group_measure(case)
    if rule.quantity == "tested_before":
        value, inputs = _tested_before(case, of_tests), tuple(test.at for test, _ in case.tests)
    elif rule.quantity in case.figures:
        value, inputs = case.figures[rule.quantity], case.inputs
    else:
        value, inputs = case.of_report(rule.quantity), case.inputs if rule.on == "pairs" else ()
    by = case.figures.get(rule.band_by) if rule.band_by else None
    inputs = (*inputs, *inputs_beside(rule, case.factor))
    return Measure(case.factor.at, inputs, value, by, case.factor.unit.family, len(case.pairs))


def _group_measure(case: Case) -> Measure:
    """n of m: the band chosen for each pair, and for the group. Both are kept."""
    within, count = case.within, len(case.pairs)
    ways = () if within is None else (("by_pair", within.by_pair), ("by_group", within.by_group))
    value = None if within is None else Decimal(within.by_pair)
    rules = () if within is None else within.rules
    return Measure(
        case.factor.at, case.inputs, value, Decimal(count), "对", count, ways=ways, stands_on=rules
    )


def _tested_before(case: Case, of_tests: Sequence[Judged]) -> Decimal | None:
    """1 where indication error and response time were tested before the first pair and failed nothing."""
    tests = [test for test, _ in case.tests if test.kind in TESTED_FIRST]
    starts = [pair.start for pair in case.pairs if pair.start is not None]
    whens = [test.when for test in tests if test.when is not None]
    if {test.kind for test in tests} != TESTED_FIRST or len(whens) < len(tests) or not starts:
        return None
    places = {test.at for test in tests}
    failed = any(judged.result == "fail" for judged in of_tests if judged.at in places)
    return Decimal(not failed and max(whens) <= min(starts))


def _of_pair(case: Case, pair: Pair) -> Iterator[Judged]:
    for rule in case.rules:
        if rule.on == "pair":
            value = of_pair(pair, rule.quantity)
            measure = Measure(
                pair.at,
                pair.inputs,
                value,
                pair.reference,
                case.factor.unit.family,
                1,
                substitute=pair.substitute,
            )
            yield from _judged(case, rule, measure)


def _of_test(case: Case, test: Test, figures: Figures) -> Iterator[Judged]:
    for rule in case.rules:
        if rule.on == test.kind:
            alternative = None if rule.alternative is None else figures.get(rule.alternative.quantity)
            unit = case.factor.instrument_unit
            measure = Measure(
                test.at,
                (*test.inputs, *inputs_beside(rule, case.factor, test)),
                figures.get(rule.quantity),
                full_scale(test, case.factor) if rule.band_by == "range" else None,
                "" if unit is None else unit.family,
                len(test.rows),
                alternative,
            )
            yield from _judged(case, rule, measure)


def _judged(case: Case, rule: Rule, measure: Measure) -> Iterator[Judged]:
    """Nothing where the rule is for another band, unit, principle or emission limit."""
    conditions = [_has(rule.emission_limit, case.factor.emission_limit), _is_of(rule, case.factor.principle)]
    band = rule.band(measure.by_unit) if rule.band_by else next(iter(rule.bands.values()))
    if rule.band_by == "range" and (measure.by is None or not measure.by_unit):
        band, conditions = next(iter(rule.bands.values())), [None]
    elif band is None or (rule.band_by and (measure.by is None or not band.interval.has(measure.by))):
        return
    if False not in conditions:
        yield _judgement(case, rule, measure, band, known=None not in conditions)


def _has(interval: Interval | None, value: Decimal | None) -> bool | None:
    if interval is None:
        return True
    return None if value is None else interval.has(value)


def _is_of(rule: Rule, principle: str | None) -> bool | None:
    if not rule.principles:
        return True
    return None if principle is None else principle in rule.principles


def _judgement(case: Case, rule: Rule, measure: Measure, band: Band, *, known: bool) -> Judged:
    few = measure.pairs < rule.pairs_min.get(case.report.doc_type, 0)
    ways = tuple(_way(way, within, measure.pairs, band.limit) for way, within in measure.ways)
    result, by_alternative = _result(rule, measure, band, ways)
    if few or not known:
        result = "missing_data"
    exempted = _is_exempted(case, rule)
    marks = {
        "exempted": exempted,
        "by_alternative": by_alternative,
        "few_pairs": few,
        "substitute_expected": rule.substitute is not None and not measure.substitute,
    }
    unit = case.factor.unit.family if rule.unit == "*" else rule.unit
    near = result in ("pass", "fail") and _is_near(rule, measure.value, band)
    shown = None if measure.value is None else distinct_text(measure.value, rule.digits, band.limit)
    return Judged(
        rule=rule,
        at=measure.at,
        inputs=measure.inputs,
        value=measure.value,
        shown=shown,
        unit=unit,
        limit=band.limit_text,
        band=_band_used(rule, measure, band),
        result=result,
        severity="note" if exempted else _severity(rule, measure.stands_on, by_alternative),
        near_limit=near,
        marks=tuple(mark for mark, holds in marks.items() if holds),
        stands_on=tuple(other.id for other in measure.stands_on),
        ways=ways,
        sentence=sentence(rule, shown, unit, band.limit_text, result, near=near, few=few, known=known),
    )


def _way(way: str, within: int, pairs: int, limit: Decimal) -> Way:
    return Way(
        "by_pair" if way == "by_pair" else "by_group",
        within,
        int(limit),
        pairs,
        "pass" if within >= limit else "fail",
    )


def _result(rule: Rule, measure: Measure, band: Band, ways: tuple[Way, ...]) -> tuple[Result, bool]:
    """And whether it passes by the second way alone."""
    if measure.value is None:
        return "missing_data", False
    if len({way.result for way in ways}) > 1:
        return "review", False
    if _holds(rule.comparison, measure.value, band.limit):
        return "pass", False
    other = rule.alternative
    by_alternative = (
        other is not None and measure.alternative is not None and abs(measure.alternative) <= other.limit
    )
    return ("pass", True) if by_alternative else ("fail", False)


def _holds(comparison: str, value: Decimal, limit: Decimal) -> bool:
    match comparison:
        case "absolute_at_most":
            return abs(value) <= limit
        case "at_most":
            return value <= limit
        case "at_least":
            return value >= limit
        case _:
            return value == limit


def _is_near(rule: Rule, value: Decimal | None, band: Band) -> bool:
    """Numbers of things are exact, so they are never near."""
    if value is None or rule.comparison == "is" or QUANTITIES[rule.quantity].digits == 0:
        return False
    compared = abs(value) if rule.comparison == "absolute_at_most" else value
    return abs(compared - band.limit) < Decimal(1).scaleb(-rule.digits)


def _severity(rule: Rule, stands_on: Sequence[Rule], by_alternative: bool) -> str:
    weakest = min((CONFIDENCES.index(other.confidence) for other in stands_on), default=BLOCKING_FROM)
    unsure = weakest < BLOCKING_FROM or by_alternative
    return "warning" if rule.severity == "blocking" and unsure else rule.severity


def _is_exempted(case: Case, rule: Rule) -> bool:
    day, factor = case.report.start.date(), case.factor
    return any(
        exemption.rule == rule.id
        and exemption.point in (None, factor.point)
        and exemption.factor in (None, factor.code)
        and exemption.first <= day <= exemption.last
        for exemption in case.report.exemptions
    )


def _band_used(rule: Rule, measure: Measure, band: Band) -> BandUsed | None:
    if rule.band_by is None or measure.by is None:
        return None
    return BandUsed(rule.band_by, measure.by, measure.by_unit, band.interval.text(measure.by_unit))
