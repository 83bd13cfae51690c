"""The named quantities of reports: of the pairs of a factor, of one pair, and of one test. Exact decimals, never raises.

A quantity that cannot be computed (no divisor above zero, no t for so many pairs) has no value.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from qingyuan_standards.formulas import EXACT, drift, mean, quotient, relative_error, root, total
from qingyuan_standards.rules.document import Factor, Pair, Test

HUNDRED: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class Quantity:
    """How a quantity is called and shown. `unit` None: the unit of the pairs."""

    title: str
    formula: str
    unit: str | None
    digits: int


QUANTITIES: Final[Mapping[str, Quantity]] = {
    "pairs": Quantity("数据对数", "n", "对", 0),
    "reference_mean": Quantity("参比方法平均值", "mean", None, 3),
    "measured_mean": Quantity("仪器平均值", "mean", None, 3),
    "mean_difference": Quantity("数据对差的平均值", "F-d", None, 4),
    "standard_deviation": Quantity("标准偏差", "F-Sd", None, 4),
    "confidence_coefficient": Quantity("置信系数", "F-cc", None, 4),
    "absolute_error": Quantity("绝对误差", "F-AE", None, 2),
    "relative_error": Quantity("相对误差", "F-RE", "%", 2),
    "relative_accuracy": Quantity("相对准确度", "F-RA", "%", 2),
    "pairs_within": Quantity("在限值内的数据对数", "n", "对", 0),
    "parallels": Quantity("平行测定次数", "n", "次", 0),
    "duration_hours": Quantity("实施时长", "to - from", "h", 1),
    "no2_measured": Quantity("二氧化氮已测量或转换", "is", "", 0),
    "tested_before": Quantity("示值误差和响应时间先行检测合格", "is", "", 0),
    "drift": Quantity("漂移", "F-ZD, F-SD", "% F.S.", 2),
    "drift_absolute": Quantity("漂移量", "before - after_last", None, 3),
    "indication_of_gas": Quantity("示值误差（对标准气体）", "F-IE", "%", 2),
    "indication_of_range": Quantity("示值误差（对满量程）", "F-IE", "% F.S.", 2),
    "response_time": Quantity("系统响应时间", "F-RT", "s", 1),
    "analysis_cycle": Quantity("分析周期", "as stated", "min", 1),
    "converter_efficiency": Quantity("转换效率", "as stated", "%", 1),
    "field_coefficient": Quantity("速度场系数", "F-Kv", "", 4),
    "field_precision": Quantity("速度场系数精密度", "F-KvP", "%", 2),
    "correlation": Quantity("相关系数", "F-PMcorr", "", 4),
    "slope": Quantity("相关校准曲线斜率", "F-PMcorr", "", 4),
    "intercept": Quantity("相关校准曲线截距", "F-PMcorr", "", 4),
    "k_coefficient": Quantity("K 系数", "F-K", "", 4),
    "largest_absolute": Quantity("最大绝对误差", "max |measured - reference|", None, 2),
    "folded": Quantity("折算浓度", "F-fold", None, 3),
    "mass_concentration": Quantity("质量浓度", "F-mass", "mg/m³", 3),
    "dry_basis": Quantity("干基浓度", "F-dry", None, 3),
    "standard_state": Quantity("标准状态浓度", "F-Csn", None, 3),
}
BAND_VALUES: Final = ("reference_mean", "reference", "range", "pairs")

Figures = Mapping[str, Decimal]


def pair_figures(pairs: Sequence[Pair], t95: Mapping[str, str]) -> dict[str, Decimal]:
    """Of the counted pairs together. d is reference - measured, errors are measured - reference, as the formulas have it."""
    n = Decimal(len(pairs))
    reference, measured = total([p.reference for p in pairs]), total([p.measured for p in pairs])
    excess = EXACT.subtract(measured, reference)
    error, reference_mean = quotient(excess, n), quotient(reference, n)
    deviation = _deviation(pairs, n, excess)
    coefficient = _coefficient(deviation, n, t95)
    figures = {
        "pairs": n,
        "reference_mean": reference_mean,
        "measured_mean": quotient(measured, n),
        "mean_difference": quotient(-excess, n),
        "absolute_error": error,
        "relative_error": quotient(EXACT.multiply(excess, HUNDRED), reference) if reference > 0 else None,
        "standard_deviation": deviation,
        "confidence_coefficient": coefficient,
        "relative_accuracy": _accuracy(error, coefficient, reference_mean),
    }
    return {name: value for name, value in figures.items() if value is not None}


def _deviation(pairs: Sequence[Pair], n: Decimal, excess: Decimal) -> Decimal | None:
    """F-Sd as (n Σd² - (Σd)²) / (n (n-1)): the same figure with a single quotient."""
    if n < 2:
        return None
    squares = total([EXACT.power(EXACT.subtract(p.reference, p.measured), 2) for p in pairs])
    spread = EXACT.subtract(EXACT.multiply(n, squares), EXACT.multiply(excess, excess))
    variance = quotient(spread, n * (n - 1))
    return None if variance is None else root(variance)


def _coefficient(deviation: Decimal | None, n: Decimal, t95: Mapping[str, str]) -> Decimal | None:
    t = t95.get(str(n - 1))
    if deviation is None or t is None:
        return None
    return quotient(EXACT.multiply(Decimal(t), deviation), root(n))


def _accuracy(
    error: Decimal | None, coefficient: Decimal | None, reference_mean: Decimal | None
) -> Decimal | None:
    if error is None or coefficient is None or reference_mean is None or reference_mean <= 0:
        return None
    return quotient(EXACT.multiply(EXACT.add(abs(error), coefficient), HUNDRED), reference_mean)


def of_pair(pair: Pair, quantity: str) -> Decimal | None:
    if quantity == "absolute_error":
        return EXACT.subtract(pair.measured, pair.reference)
    return relative_error(pair.measured, pair.reference)


# Of one test. Each gets the test and its factor.


def _drift(test: Test, factor: Factor) -> dict[str, Decimal | None]:
    before, after_last = test.numbers["before"], test.numbers["after_last"]
    span = full_scale(test, factor)
    return {
        "drift": None if span is None else drift(before, after_last, span),
        "drift_absolute": EXACT.subtract(before, after_last),
    }


def full_scale(test: Test, factor: Factor) -> Decimal | None:
    return test.numbers.get("range", factor.instrument_range)


def _indication(test: Test, factor: Factor) -> dict[str, Decimal | None]:
    gas, span = test.numbers["gas"], full_scale(test, factor)
    shown = mean([row["reading"] for row in test.rows])
    if shown is None:
        return {}
    return {
        "indication_of_gas": relative_error(shown, gas),
        "indication_of_range": drift(shown, gas, span) if span is not None else None,
    }


def _response(test: Test, _factor: Factor) -> dict[str, Decimal | None]:
    return {"response_time": mean([EXACT.add(row["transport"], row["rise"]) for row in test.rows])}


def _field(test: Test, _factor: Factor) -> dict[str, Decimal | None]:
    """F-Kv of each set: the ratio of areas times the ratio of velocities; F-KvP: their deviation as a share of their mean."""
    every = [
        quotient(
            EXACT.multiply(row["reference_area"], row["reference_velocity"]),
            EXACT.multiply(row["area"], row["velocity"]),
        )
        for row in test.rows
    ]
    found = [value for value in every if value is not None]
    middle = mean(found) if len(found) == len(every) else None
    if middle is None or len(found) < 2 or middle <= 0:
        return {"field_coefficient": middle}
    squares = total([EXACT.power(EXACT.subtract(value, middle), 2) for value in found])
    variance = quotient(squares, Decimal(len(found) - 1))
    spread = root(variance) if variance is not None else None
    return {
        "field_coefficient": middle,
        "field_precision": None if spread is None else quotient(EXACT.multiply(spread, HUNDRED), middle),
    }


def _correlation(test: Test, _factor: Factor) -> dict[str, Decimal | None]:
    """F-PMcorr, Y = a + bX: X is the display, Y the reference."""
    n = Decimal(len(test.rows))
    x, y = [row["measured"] for row in test.rows], [row["reference"] for row in test.rows]
    sum_x, sum_y = total(x), total(y)
    xx = EXACT.subtract(EXACT.multiply(n, _products(x, x)), EXACT.multiply(sum_x, sum_x))
    yy = EXACT.subtract(EXACT.multiply(n, _products(y, y)), EXACT.multiply(sum_y, sum_y))
    xy = EXACT.subtract(EXACT.multiply(n, _products(x, y)), EXACT.multiply(sum_x, sum_y))
    rest = EXACT.subtract(EXACT.multiply(sum_y, xx), EXACT.multiply(xy, sum_x))
    return {
        "pairs": n,
        "slope": quotient(xy, xx),
        "intercept": quotient(rest, EXACT.multiply(n, xx)),
        "correlation": quotient(xy, root(EXACT.multiply(xx, yy))),
    }


def _products(first: Sequence[Decimal], second: Sequence[Decimal]) -> Decimal:
    return total([EXACT.multiply(a, b) for a, b in zip(first, second, strict=True)])


def _coefficient_k(test: Test, _factor: Factor) -> dict[str, Decimal | None]:
    reference, measured = (total([row[name] for row in test.rows]) for name in ("reference", "measured"))
    return {"pairs": Decimal(len(test.rows)), "k_coefficient": quotient(reference, measured)}


def _level(test: Test, _factor: Factor) -> dict[str, Decimal | None]:
    errors = [abs(EXACT.subtract(row["measured"], row["reference"])) for row in test.rows]
    return {"pairs": Decimal(len(errors)), "largest_absolute": max(errors, default=None)}


def _compared(of: str) -> Callable[[Test, Factor], dict[str, Decimal | None]]:
    return lambda test, _factor: {
        "relative_error": relative_error(test.numbers["measured"], test.numbers[of])
    }


def _stated(field: str, quantity: str) -> Callable[[Test, Factor], dict[str, Decimal | None]]:
    return lambda test, _factor: {quantity: test.numbers[field]}


OF_TESTS: Final[Mapping[str, Callable[[Test, Factor], dict[str, Decimal | None]]]] = {
    "zero_drift": _drift,
    "span_drift": _drift,
    "indication_error": _indication,
    "response_time": _response,
    "analysis_cycle": _stated("minutes", "analysis_cycle"),
    "converter_efficiency": _stated("percent", "converter_efficiency"),
    "velocity_field": _field,
    "correlation": _correlation,
    "k_coefficient": _coefficient_k,
    "qc_sample": _compared("standard"),
    "level": _level,
    "cumulative_flow": _compared("reference"),
}
