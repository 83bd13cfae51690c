"""The named formulas of record sheets, on exact decimals.

Rounding is the same here and on the page (`web/src/sheets/formulas.ts`): sums, differences and products are exact; a
quotient is rounded half-even (GB/T 8170) to 20 places; a root is truncated after 20 places; a displayed value is rounded
half-even to its digits. Limits are compared with the value before that last rounding.
A formula of single values with a blank argument, and one that would divide by zero, has no value. None of them raises.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal
from math import isqrt
from typing import Literal

PLACES = 20
SHOWN_DIGITS_MAX = 6
EXACT = Context(prec=2000, rounding=ROUND_HALF_EVEN)
"""Enough digits that only quotients and roots are ever rounded."""

Value = Decimal | str
Column = Sequence[Value | None]
Table = Mapping[str, str]


def shown(value: Decimal, digits: int) -> str:
    """The value as displayed on the sheet: rounded half-even, and never -0."""
    rounded = value.quantize(Decimal(1).scaleb(-digits), context=EXACT)
    return f"{rounded if rounded else rounded.copy_abs():f}"


def distinct_text(value: Decimal, digits: int, limit: Decimal | None) -> str:
    """The value as displayed, with more digits where rounding would make it look equal to the limit."""
    while (
        limit is not None
        and digits < SHOWN_DIGITS_MAX
        and value.copy_abs() != limit == Decimal(shown(value.copy_abs(), digits))
    ):
        digits += 1
    return shown(value, digits)


def quotient(dividend: Decimal, divisor: Decimal) -> Decimal | None:
    if not divisor:
        return None
    (above, below), (over, under) = dividend.as_integer_ratio(), divisor.as_integer_ratio()
    return Decimal(_half_even(above * under * 10**PLACES, below * over)).scaleb(-PLACES, EXACT)


def _half_even(dividend: int, divisor: int) -> int:
    """Whole numbers, since a fraction would first look for the greatest common divisor."""
    if divisor < 0:
        dividend, divisor = -dividend, -divisor
    whole, rest = divmod(dividend, divisor)
    return whole + (2 * rest > divisor or (2 * rest == divisor and whole % 2 == 1))


def root(value: Decimal) -> Decimal:
    return Decimal(isqrt(int(value.scaleb(2 * PLACES, EXACT)))).scaleb(-PLACES, EXACT)


def total(values: Sequence[Decimal]) -> Decimal:
    result = Decimal(0)
    for value in values:
        result = EXACT.add(result, value)
    return result


# Of single numbers


def difference(minuend: Decimal, subtrahend: Decimal) -> Decimal:
    return EXACT.subtract(minuend, subtrahend)


def drift(before: Decimal, after_last: Decimal, span: Decimal) -> Decimal | None:
    """F-ZD, F-SD: drift from the reading after the last calibration to the one before this one, in % of full scale."""
    return _percent(EXACT.subtract(before, after_last), span) if span > 0 else None


def relative_error(measured: Decimal, reference: Decimal) -> Decimal | None:
    """F-RE, W-RE: % of the reference; None where the reference is not above zero."""
    return _percent(EXACT.subtract(measured, reference), reference) if reference > 0 else None


def value(of: Decimal) -> Decimal:
    """The value as written. Forms use it as a default that a later computation of the same field replaces."""
    return of


def sum_of_two(first: Decimal, second: Decimal) -> Decimal:
    return EXACT.add(first, second)


def mean_of_two(first: Decimal, second: Decimal) -> Decimal | None:
    return mean((first, second))


def mean_of_three(first: Decimal, second: Decimal, third: Decimal) -> Decimal | None:
    return mean((first, second, third))


def share(part: Decimal, whole: Decimal) -> Decimal | None:
    return _percent(part, whole) if whole > 0 else None


def verdict(by_pair: Decimal, by_group: Decimal, needed: Decimal) -> str:
    """W-BAND. The limits depend on each pair's value or on the mean; where the two results differ, a person decides."""
    if (by_pair >= needed) != (by_group >= needed):
        return "需人工复核"
    return "符合" if by_pair >= needed else "不符合"


def _percent(part: Decimal, whole: Decimal) -> Decimal | None:
    return quotient(EXACT.multiply(part, Decimal(100)), whole)


# Of the rows of a table


def mean(of: Column) -> Decimal | None:
    numbers = _numbers(of)
    return quotient(total(numbers), Decimal(len(numbers)))


def largest_absolute(of: Column) -> Decimal | None:
    return max((number.copy_abs() for number in _numbers(of)), default=None)


def count(of: Column) -> Decimal:
    return Decimal(sum(value is not None for value in of))


def count_yes(of: Column) -> Decimal:
    return Decimal(sum(value == "是" for value in of))


def pairs(reference: Column, measured: Column) -> Decimal | None:
    """The number of rows with both values; rows with only one are ignored everywhere. None where there is no pair."""
    return Decimal(len(_pairs(reference, measured))) or None


def reference_mean(reference: Column, measured: Column) -> Decimal | None:
    return mean([true for true, _ in _pairs(reference, measured)])


def measured_mean(reference: Column, measured: Column) -> Decimal | None:
    return mean([reading for _, reading in _pairs(reference, measured)])


def group_absolute_error(reference: Column, measured: Column) -> Decimal | None:
    """F-AE: mean of the instrument's readings minus mean of the reference."""
    complete = _pairs(reference, measured)
    return quotient(_excess(complete), Decimal(len(complete)))


def group_relative_error(reference: Column, measured: Column) -> Decimal | None:
    """F-RE of the means, %. Calculated from the sums, since the number of pairs cancels out."""
    complete = _pairs(reference, measured)
    reference_total = total([true for true, _ in complete])
    return _percent(_excess(complete), reference_total) if reference_total > 0 else None


def standard_deviation(reference: Column, measured: Column) -> Decimal | None:
    """F-Sd of the differences reference - measured."""
    complete = _pairs(reference, measured)
    n = Decimal(len(complete))
    if n < 2:
        return None
    differences = [EXACT.subtract(true, reading) for true, reading in complete]
    # (n Σd² - (Σd)²) / (n (n-1)): the same figure with a single quotient.
    square = EXACT.multiply(total(differences), total(differences))
    spread = EXACT.subtract(EXACT.multiply(n, total([EXACT.multiply(d, d) for d in differences])), square)
    variance = quotient(spread, n * (n - 1))
    return None if variance is None else root(variance)


def confidence(reference: Column, measured: Column, *, table: Table) -> Decimal | None:
    """F-cc: t(n-1) Sd / √n, with t from the form's table."""
    deviation = standard_deviation(reference, measured)
    n = len(_pairs(reference, measured))
    t = table.get(str(n - 1))
    if deviation is None or t is None:
        return None
    return quotient(EXACT.multiply(Decimal(t), deviation), root(Decimal(n)))


def relative_accuracy(reference: Column, measured: Column, *, table: Table) -> Decimal | None:
    """F-RA, %: (|mean difference| + |cc|) / mean of the reference."""
    complete = _pairs(reference, measured)
    error, mean_reference = group_absolute_error(reference, measured), reference_mean(reference, measured)
    coefficient = confidence(reference, measured, table=table)
    if not complete or error is None or coefficient is None or mean_reference is None or mean_reference <= 0:
        return None
    return _percent(EXACT.add(error.copy_abs(), coefficient.copy_abs()), mean_reference)


def needed(of: Column, *, table: Table) -> Decimal | None:
    """How many pairs must be within their limit: the table's entry for the greatest number of pairs that is reached."""
    n = count(of)
    reached = [Decimal(pairs) for pairs in table if Decimal(pairs) <= n]
    return Decimal(table[str(max(reached))]) if reached else None


def _numbers(of: Column) -> list[Decimal]:
    return [value for value in of if isinstance(value, Decimal)]


def _pairs(reference: Column, measured: Column) -> list[tuple[Decimal, Decimal]]:
    both = zip(reference, measured, strict=True)
    return [(a, b) for a, b in both if isinstance(a, Decimal) and isinstance(b, Decimal)]


def _excess(complete: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
    return EXACT.subtract(
        total([measured for _, measured in complete]), total([reference for reference, _ in complete])
    )


# Of days and local times


def days_between(earlier: datetime, later: datetime) -> Decimal:
    return Decimal((later.date() - earlier.date()).days)


def minutes_between(earlier: datetime, later: datetime) -> Decimal:
    difference = later - earlier
    return Decimal(difference.days * 1440 + difference.seconds // 60)


def hours_between(earlier: datetime, later: datetime) -> Decimal | None:
    return quotient(minutes_between(earlier, later), Decimal(60))


@dataclass(frozen=True)
class Formula:
    """`takes`: how its arguments are read. With numbers and moments a blank argument means that there is no value.

    `table`: it also needs the form's table.
    """

    takes: Literal["numbers", "columns", "moments"]
    function: Callable[..., Value | None]
    table: bool = False


FORMULAS: Mapping[str, Formula] = {
    "difference": Formula("numbers", difference),
    "drift": Formula("numbers", drift),
    "relative_error": Formula("numbers", relative_error),
    "value": Formula("numbers", value),
    "sum_of_two": Formula("numbers", sum_of_two),
    "mean_of_two": Formula("numbers", mean_of_two),
    "mean_of_three": Formula("numbers", mean_of_three),
    "share": Formula("numbers", share),
    "verdict": Formula("numbers", verdict),
    "mean": Formula("columns", mean),
    "largest_absolute": Formula("columns", largest_absolute),
    "count": Formula("columns", count),
    "count_yes": Formula("columns", count_yes),
    "pairs": Formula("columns", pairs),
    "reference_mean": Formula("columns", reference_mean),
    "measured_mean": Formula("columns", measured_mean),
    "group_absolute_error": Formula("columns", group_absolute_error),
    "group_relative_error": Formula("columns", group_relative_error),
    "standard_deviation": Formula("columns", standard_deviation),
    "confidence": Formula("columns", confidence, table=True),
    "relative_accuracy": Formula("columns", relative_accuracy, table=True),
    "needed": Formula("columns", needed, table=True),
    "days_between": Formula("moments", days_between),
    "minutes_between": Formula("moments", minutes_between),
    "hours_between": Formula("moments", hours_between),
}
"""By the names that forms use. The formula `within` is in `checking_computed`, since it needs the form's bands."""
