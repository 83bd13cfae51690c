"""What a report shows beside its rules: other arithmetic, another conclusion, odd times, copied or odd numbers."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Final

from qingyuan_standards.formulas import EXACT
from qingyuan_standards.rules.arithmetic import arithmetic
from qingyuan_standards.rules.case import Case
from qingyuan_standards.rules.document import Factor, Pair, Report
from qingyuan_standards.rules.loading import Bounds
from qingyuan_standards.rules.places import place
from qingyuan_standards.rules.verdict import FactorVerdict, Finding, Result, worst

UNCOMPARED: Final = frozenset({"℃", "无量纲"})
"""Families in which a ratio says nothing."""
CONCLUDED: Final = {"pass": "合格", "fail": "不合格"}


def findings_of(
    report: Report, cases: Sequence[Case], verdicts: Sequence[FactorVerdict], bounds: Bounds
) -> tuple[Finding, ...]:
    """By factor in the order of the document; then those about several factors and the whole."""
    each = [
        finding
        for case, verdict in zip(cases, verdicts, strict=True)
        for finding in (
            *arithmetic(case),
            *_conclusion(case.factor.at, case.factor.concluded, verdict.result),
            *_times(report, case.factor),
            *_magnitude(case, bounds),
            *_implausible(case, bounds),
        )
    ]
    whole = worst([verdict.result for verdict in verdicts])
    return (*each, *_copied(cases, bounds), *_conclusion("", report.concluded, whole), *_full_width(report))


def _conclusion(at: str, concluded: str | None, result: Result) -> Iterator[Finding]:
    if concluded in CONCLUDED and result in CONCLUDED and concluded != result:
        told = f"{place(at)}的结论为{CONCLUDED[concluded]}，按规则计算为{CONCLUDED[result]}。"
        yield Finding("conclusion.differs", "warning", at, told, typed=concluded, computed=result)


def _times(report: Report, factor: Factor) -> Iterator[Finding]:
    timed = [pair for pair in factor.counted if pair.start is not None]
    if len(timed) < len(factor.counted):
        yield Finding(
            "pair.no-time", "note", factor.at, f"{place(factor.at)}有数据对没有填写时间，未核对时间。"
        )
    for pair in timed:
        if not _is_inside(report, pair):
            yield Finding(
                "pair.outside-time", "warning", pair.at, f"{place(pair.at)}的时间不在报告的实施时间内。"
            )
    for earlier, later in pairwise(sorted(timed, key=lambda pair: (pair.start or report.start, pair.at))):
        if _overlap(earlier, later):
            told = f"{place(later.at)}与{place(earlier.at)}的时间相同或重叠。"
            yield Finding("pair.same-time", "warning", later.at, told, others=(earlier.at,))


def _is_inside(report: Report, pair: Pair) -> bool:
    end = pair.end or pair.start
    return pair.start is not None and end is not None and report.start <= pair.start and end <= report.end


def _overlap(earlier: Pair, later: Pair) -> bool:
    if earlier.start is None or later.start is None:
        return False
    return earlier.start == later.start or (earlier.end is not None and later.start < earlier.end)


def _magnitude(case: Case, bounds: Bounds) -> Iterator[Finding]:
    if case.factor.unit.family in UNCOMPARED:
        return
    odd = [pair for pair in case.pairs if _ratio_is_odd(pair, bounds.magnitude)]
    told = f"的参比值与仪器值相差 {bounds.magnitude} 倍以上，数量级异常，请核对单位和小数点。"
    if odd and len(odd) == len(case.pairs):
        yield Finding("magnitude.odd", "warning", case.factor.at, f"{place(case.factor.at)}{told}")
    else:
        yield from (Finding("magnitude.odd", "warning", pair.at, f"{place(pair.at)}{told}") for pair in odd)


def _ratio_is_odd(pair: Pair, magnitude: Decimal) -> bool:
    low, high = sorted((pair.reference, pair.measured))
    return low > 0 and high >= EXACT.multiply(low, magnitude)


def _implausible(case: Case, bounds: Bounds) -> Iterator[Finding]:
    if case.factor.unit.family in UNCOMPARED:
        return
    share = bounds.implausible_percent / 100
    close = [
        pair.reference > 0 and abs(pair.measured - pair.reference) <= pair.reference * share
        for pair in case.pairs
    ]
    if len(close) >= bounds.implausible_pairs and all(close):
        told = f"{place(case.factor.at)}的 {len(close)} 对数据两值相差都不超过 {bounds.implausible_percent}%，一致得少见；仅作提示，不影响判定。"
        yield Finding("agreement.implausible", "note", case.factor.at, told)


def _copied(cases: Sequence[Case], bounds: Bounds) -> Iterator[Finding]:
    same: dict[tuple[tuple[Decimal, Decimal], ...], list[str]] = defaultdict(list)
    for case in cases:
        values = tuple((pair.reference, pair.measured) for pair in case.pairs)
        if len(values) >= bounds.copied_pairs:
            same[values].append(case.factor.at)
    for first, *others in same.values():
        if others:
            told = f"{place(first)}与{'、'.join(map(place, others))}的数据对完全相同。"
            yield Finding("pairs.copied", "warning", first, told, others=tuple(others))


def _full_width(report: Report) -> Iterator[Finding]:
    for at, text in report.full_width:
        told = f"{place(at)}“{text}”用了全角字符，已按半角数字读取。"
        yield Finding("number.full-width", "note", at, told, typed=text)
