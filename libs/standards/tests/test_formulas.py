"""The arithmetic of sheets, and that no sheet whatsoever makes the check raise."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qingyuan_standards import formulas
from qingyuan_standards.forms import Checked, check, form

pytestmark = pytest.mark.slow

decimals = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        ("0.125", 2, "0.12"),
        ("0.375", 2, "0.38"),
        ("-0.004", 2, "0.00"),
        ("2.5", 0, "2"),
        ("3.5", 0, "4"),
        ("-2.5", 0, "-2"),
    ],
)
def test_half_goes_to_the_even_digit(value: str, digits: int, text: str) -> None:
    assert formulas.shown(Decimal(value), digits) == text


@settings(deadline=None)
@given(decimals, decimals)
def test_a_quotient_is_off_by_half_a_unit_of_its_last_place_at_most(
    dividend: Decimal, divisor: Decimal
) -> None:
    found = formulas.quotient(dividend, divisor)
    if not divisor:
        assert found is None
    else:
        assert found is not None
        assert abs(Fraction(found) - Fraction(dividend) / Fraction(divisor)) <= Fraction(
            1, 2 * 10**formulas.PLACES
        )


@settings(deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, places=20, min_value=0, max_value=10**9))
def test_a_root_is_cut_after_its_last_place(value: Decimal) -> None:
    found, unit = Fraction(formulas.root(value)), Fraction(1, 10**formulas.PLACES)
    assert found**2 <= Fraction(value) < (found + unit) ** 2


@settings(deadline=None)
@given(st.lists(st.tuples(decimals, decimals), min_size=3, max_size=16), st.randoms())
def test_the_order_of_pairs_changes_nothing(pairs: list[tuple[Decimal, Decimal]], random: Any) -> None:
    table = {str(n): "2.306" for n in range(1, 16)}
    mixed = list(pairs)
    random.shuffle(mixed)
    results = []
    for values in (pairs, mixed):
        reference, measured = [a for a, _ in values], [b for _, b in values]
        results.append(formulas.relative_accuracy(reference, measured, table=table))
    assert results[0] == results[1]


@settings(deadline=None)
@given(json_values)
def test_no_value_makes_the_check_raise(values: Any) -> None:
    assert isinstance(check(form("calibration", 1), values), Checked)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["readings", "system", "last_on", "started_at"]), json_values))
def test_nor_do_values_in_known_places(values: Any) -> None:
    checked = check(form("calibration", 1), values)
    assert checked.problems
    assert len({problem.field for problem in checked.problems}) == len(checked.problems)


def test_nor_does_a_sheet_of_great_depth_or_length() -> None:
    deep: Any = "1"
    for _ in range(100_000):
        deep = [deep]
    problems = check(form("calibration", 1), {"last_on": deep, "readings": [{"range": deep}] * 1000}).problems
    assert ("last_on", "type") in {(problem.field, problem.rule) for problem in problems}
    assert ("readings", "too-many") in {(problem.field, problem.rule) for problem in problems}


def test_a_lone_surrogate_in_a_name_is_a_field_like_any_other() -> None:
    problems = check(form("shutdown", 1), {"\ud800": "1"}).problems
    assert ("\ud800", "unknown") in {(problem.field, problem.rule) for problem in problems}
