"""What holds of every report, whatever its numbers."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qingyuan_standards import formulas
from qingyuan_standards.rules import Refused, Verdict, catalogue, check, problems_of
from qingyuan_standards.rules.quantities import pair_figures
from qingyuan_standards.rules.reading import read

pytestmark = pytest.mark.slow

RULES = catalogue("2026.1")
ERRORS = {"relative_accuracy", "relative_error", "absolute_error"}
UNITS = {"a19001": "%", "a01011": "m/s", "a01012": "℃", "a01014": "%", "w01001": "无量纲", "w01010": "℃"}
GROUPS = sorted(
    {
        (basis, doc_type, factor, unit, limit)
        for rule in RULES.rules
        if rule.band_by in ("reference_mean", "reference") and rule.quantity in ERRORS
        for basis in rule.basis
        for doc_type in rule.doc_types
        for factor in rule.factors - {"w01020"}
        for unit in rule.bands
        for limit in (("49.99", "50") if factor == "a24088" else ("",))
    }
)
EDGES = sorted(
    {
        edge
        for rule in RULES.rules
        for band in rule.bands.values()
        for edge in (band.interval.low, band.interval.high)
        if edge is not None
    }
)


def numbers(most: int = 1000, places: int = 3) -> st.SearchStrategy[Decimal]:
    return st.integers(1, most * 10**places).map(lambda n: Decimal(n).scaleb(-places))


def document(
    pairs: list[tuple[Decimal, Decimal]],
    factor: str = "a21026",
    unit: str = "mg/m³",
    doc_type: str = "verification",
    basis: str = "HJ 75-2017",
    emission_limit: str = "",
) -> dict[str, Any]:
    of_factor = {
        "factor": factor,
        "unit": unit,
        "pairs": [{"reference": f"{r:f}", "measured": f"{m:f}"} for r, m in pairs],
        **({"emission_limit": emission_limit} if emission_limit else {}),
    }
    return {
        "document": "report.v1",
        "doc_type": doc_type,
        "basis": basis,
        "performed": {"from": "2026-11-03T08:00", "to": "2026-11-03T18:00"},
        "points": [{"id": "1", "factors": [of_factor]}],
    }


def said(verdict: Verdict) -> Counter[tuple[Any, ...]]:
    """What a verdict says of rules, whatever the place of the pairs."""
    return Counter(
        (judged.rule.id, judged.result, judged.value, judged.near_limit, judged.blocking)
        for judged in verdict.judged
    )


def pairs_of(least: int = 1, most: int = 16) -> st.SearchStrategy[list[tuple[Decimal, Decimal]]]:
    return st.lists(st.tuples(numbers(), numbers()), min_size=least, max_size=most)


@settings(deadline=None)
@given(
    pairs_of(),
    st.sampled_from([("a34013", "HJ 75-2017", "verification"), ("a21026", "HJ 75-2017", "verification")]),
)
def test_another_unit_of_the_same_scale_changes_no_verdict(
    pairs: list[tuple[Decimal, Decimal]], of: tuple[str, str, str]
) -> None:
    factor, basis, doc_type = of
    by_unit = [
        check(
            document([(r * scale, m * scale) for r, m in pairs], factor, unit, doc_type, basis),
            RULES,
        )
        for unit, scale in (("mg/m³", Decimal(1)), ("µg/m³", Decimal(1000)), ("g/m³", Decimal("0.001")))
    ]
    assert said(by_unit[0]) == said(by_unit[1]) == said(by_unit[2])
    assert [f.code for f in by_unit[0].findings] == [f.code for f in by_unit[1].findings]


@settings(deadline=None)
@given(pairs_of(), st.sampled_from(["w01018", "w21003", "w21011", "w21001"]))
def test_nor_does_it_for_water(pairs: list[tuple[Decimal, Decimal]], factor: str) -> None:
    plain = document(pairs, factor, "mg/L", "sample_comparison", "HJ 355-2019")
    thousand = [(r * 1000, m * 1000) for r, m in pairs]
    scaled = document(thousand, factor, "µg/L", "sample_comparison", "HJ 355-2019")
    assert said(check(plain, RULES)) == said(check(scaled, RULES))


@settings(deadline=None)
@given(
    pairs_of(),
    st.randoms(),
    st.sampled_from(
        [
            ("a21026", "mg/m³", "verification", "HJ 75-2017"),
            ("w01018", "mg/L", "sample_comparison", "HJ 355-2019"),
        ]
    ),
)
def test_the_order_of_pairs_changes_no_verdict(
    pairs: list[tuple[Decimal, Decimal]], random: Any, of: tuple[str, str, str, str]
) -> None:
    mixed = list(pairs)
    random.shuffle(mixed)
    assert said(check(document(pairs, *of), RULES)) == said(check(document(mixed, *of), RULES))


@settings(deadline=None)
@given(
    st.sampled_from(GROUPS),
    st.sampled_from([*EDGES, *(edge + Decimal("0.0001") for edge in EDGES)]) | numbers(1000, 4),
)
def test_every_level_lies_in_exactly_one_band(group: tuple[str, str, str, str, str], level: Decimal) -> None:
    basis, doc_type, factor, unit, limit = group
    level = max(level, Decimal(0))
    pairs = [(level, level)] * 9
    verdict = check(document(pairs, factor, unit, doc_type, basis, limit), RULES)
    banded = [
        judged
        for judged in verdict.judged
        if judged.rule.quantity in ERRORS and judged.rule.band_by in ("reference_mean", "reference")
    ]
    assert {judged.rule.id for judged in banded if judged.at == banded[0].at} == {banded[0].rule.id}
    assert len(banded) == (9 if banded[0].rule.on == "pair" else 1)


def test_the_groups_are_those_of_the_catalogue() -> None:
    assert {group[2] for group in GROUPS} >= {"a21026", "a21002", "a34013", "a19001", "a24088", "w01018"}
    assert len(EDGES) >= 20


@settings(deadline=None)
@given(numbers(400), numbers(400), st.integers(5, 12), st.integers(1, 10))
def test_a_worse_pair_never_turns_a_failed_error_into_a_passed_one(
    level: Decimal, off: Decimal, n: int, worse: int
) -> None:
    pairs = [(level, level + off)] * n
    more = [*pairs, (level, level + off * (1 + worse))]
    for factor, unit in (("a34013", "mg/m³"), ("a01014", "%"), ("a01011", "m/s"), ("a01012", "℃")):
        before, after = (check(document(each, factor, unit), RULES) for each in (pairs, more))
        if before.result == "fail":
            assert after.result == "fail"


BANDS = (
    (Fraction(100), "RE", Fraction(15)),
    (Fraction(60), "RE", Fraction(20)),
    (Fraction(30), "RE", Fraction(30)),
    (Fraction(0), "AE", Fraction(5)),
)


def limit_for(level: Fraction) -> tuple[str, Fraction]:
    return next((kind, limit) for low, kind, limit in BANDS if level >= low)


def is_within(reference: Fraction, measured: Fraction, by: tuple[str, Fraction]) -> bool:
    kind, limit = by
    off = abs(measured - reference)
    return off <= limit if kind == "AE" else off * 100 <= limit * reference


near_limits = st.sampled_from([Decimal(n) for n in (30, 58, 60, 61, 62, 99, 100, 101, 120)])


@settings(deadline=None, max_examples=300)
@given(
    st.lists(
        st.tuples(near_limits | numbers(150, 1), st.integers(-40, 40)),
        min_size=1,
        max_size=12,
    )
)
def test_n_of_m_is_what_counting_by_hand_gives(rows: list[tuple[Decimal, int]]) -> None:
    """By pair and by group, in fractions, with the numbers of the text: 3 → 2, 4 → 3, 5 and more → 4."""
    pairs = [(level, max(Decimal(0), level + level * share / 100)) for level, share in rows]
    exact = [(Fraction(r), Fraction(m)) for r, m in pairs]
    mean = sum(r for r, _ in exact) / len(exact)
    by_pair = sum(is_within(r, m, limit_for(r)) for r, m in exact)
    by_group = sum(is_within(r, m, limit_for(mean)) for r, m in exact)
    verdict = check(document(pairs, "w01018", "mg/L", "sample_comparison", "HJ 355-2019"), RULES)
    judged = [each for each in verdict.judged if each.rule.quantity == "pairs_within"]
    if len(pairs) < 3:
        assert judged == []
        assert verdict.blocking
        return
    needed = {3: 2, 4: 3}.get(len(pairs), 4)
    (group,) = judged
    assert [(way.way, way.within, way.needed) for way in group.ways] == [
        ("by_pair", by_pair, needed),
        ("by_group", by_group, needed),
    ]
    ways = {by_pair >= needed, by_group >= needed}
    assert group.result == ("review" if len(ways) == 2 else "pass" if ways == {True} else "fail")


@settings(deadline=None)
@given(st.lists(st.tuples(near_limits, st.integers(-40, 40)), min_size=3, max_size=12), near_limits)
def test_one_more_pair_beyond_its_limit_passes_no_group_that_failed(
    rows: list[tuple[Decimal, int]], level: Decimal
) -> None:
    """Where both readings agree before and after: the band of a group may change with its mean."""
    pairs = [(each, each + each * share / 100) for each, share in rows]
    of = ("w01018", "mg/L", "sample_comparison", "HJ 355-2019")
    before, after = (check(document(each, *of), RULES) for each in (pairs, [*pairs, (level, level * 2)]))
    by_pair = [
        next(each.ways[0].result for each in verdict.judged if each.rule.quantity == "pairs_within")
        for verdict in (before, after)
    ]
    assert by_pair != ["fail", "pass"]


@settings(deadline=None)
@given(pairs_of(2, 16))
def test_the_figures_are_those_of_the_sheets(pairs: list[tuple[Decimal, Decimal]]) -> None:
    """A report and the sheet of the same pairs (`formulas`, by which forms compute) say the same."""
    report = read(document(pairs))
    figures = pair_figures(report.factors[0].counted, RULES.t95)
    reference, measured = [r for r, _ in pairs], [m for _, m in pairs]
    assert figures["standard_deviation"] == formulas.standard_deviation(reference, measured)
    assert figures.get("relative_accuracy") == formulas.relative_accuracy(
        reference, measured, table=RULES.t95
    )
    assert figures["relative_error"] == formulas.group_relative_error(reference, measured)
    assert figures["absolute_error"] == formulas.group_absolute_error(reference, measured)


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
GOOD = {
    **document([(Decimal(100), Decimal(101))] * 3, "w01018", "mg/L", "sample_comparison", "HJ 355-2019"),
    "exemptions": [{"rule": "W-N", "from": "2026-01-01", "to": "2026-12-31", "reason": "x"}],
}
TESTS = [
    {"test": "zero_drift", "before": "1", "after_last": "0", "range": "0"},
    {"test": "indication_error", "gas": "0", "readings": ["1", "0"]},
    {
        "test": "velocity_field",
        "sets": [{"reference_area": "0", "area": "0", "reference_velocity": "0", "velocity": "0"}],
    },
    {"test": "correlation", "pairs": [{"reference": "0", "measured": "0"}]},
    {"test": "k_coefficient", "pairs": [{"reference": "0", "measured": "0"}]},
    {"test": "standard_state", "value": "0", "pressure": "0", "temperature": "-300"},
    {"test": "oxygen_folding", "value": "0", "oxygen": "21", "oxygen_reference": "21"},
    {"test": "dry_basis", "value": "0", "moisture": "100"},
]


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for name, each in inside for place in places(each, (*at, name)))]


def with_value(owner: Any, at: tuple[Any, ...], value: Any) -> Any:
    if not at:
        return value
    changed = with_value(owner[at[0]], at[1:], value)
    if isinstance(owner, dict):
        return {**owner, at[0]: changed}
    return [changed if index == at[0] else each for index, each in enumerate(owner)]


@settings(deadline=None)
@given(json_values)
def test_no_value_makes_the_check_raise(value: Any) -> None:
    assert problems_of(value)


@settings(deadline=None)
@given(st.sampled_from(places(GOOD)), json_values)
def test_nor_does_any_value_at_any_place(at: tuple[Any, ...], value: Any) -> None:
    changed = with_value(GOOD, at, value)
    problems = problems_of(changed)
    if problems:
        with pytest.raises(Refused) as refused:
            check(changed, RULES)
        assert refused.value.problems == problems
    else:
        assert check(changed, RULES).as_json()


@pytest.mark.parametrize("test", TESTS, ids=lambda test: test["test"])
def test_nor_do_zeros_in_a_test(test: dict[str, Any]) -> None:
    factor = {"factor": "a21026", "unit": "mg/m³", "tests": [{**test, "reported": "1"}]}
    verdict = check({**GOOD, "points": [{"id": "1", "factors": [factor]}], "basis": "HJ 75-2017"}, RULES)
    assert verdict.as_json()["factors"][0]["result"] == "not_judged"
