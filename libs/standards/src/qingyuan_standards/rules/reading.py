"""Reads a document into a report, or tells why it cannot be checked."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, cast

from qingyuan_standards.factors import FACTORS
from qingyuan_standards.rules.document import (
    BASES,
    CONVENTIONS,
    DOC_TYPES,
    Conclusion,
    Exemption,
    Factor,
    Problem,
    Refused,
    Report,
    Typed,
)
from qingyuan_standards.rules.reading_pairs import read_pairs
from qingyuan_standards.rules.reading_tests import read_test, read_typed
from qingyuan_standards.rules.units import Unit, families_of
from qingyuan_standards.rules.walking import Json, Walker

POINTS_MAX: Final = 20
FACTORS_MAX: Final = 24
TESTS_MAX: Final = 60
EXEMPTIONS_MAX: Final = 200
REASON_MAX: Final = 1_000
CONCLUSIONS: Final = ("pass", "fail", "not_judged")
REPORTED: Final = (
    "pairs",
    "reference_mean",
    "measured_mean",
    "mean_difference",
    "standard_deviation",
    "confidence_coefficient",
    "absolute_error",
    "relative_error",
    "relative_accuracy",
    "pairs_within",
)
PLAIN: Final = frozenset({"pairs", "relative_error", "relative_accuracy", "pairs_within"})
"""Reported figures that are not in the unit of the pairs."""
CAN_BE_NEGATIVE: Final = frozenset({"℃"})
"""Families of units whose values may lie below zero."""


def problems_of(document: Any) -> tuple[Problem, ...]:
    """Everything for which the document is refused, in its order. Never raises."""
    walker = Walker()
    _report(walker, document)
    return tuple(walker.problems)


def read(document: Any) -> Report:
    """Raises `Refused`."""
    walker = Walker()
    report = _report(walker, document)
    if walker.problems or report is None:
        raise Refused(tuple(walker.problems))
    return report


def _report(walker: Walker, document: Any) -> Report | None:
    if not isinstance(document, Mapping):
        walker.tell("", "document.not-object", "应为一份 report.v1 文件（JSON 对象）。")
        return None
    owner = walker.members(
        document,
        "",
        ("document", "doc_type", "basis", "performed", "points"),
        ("number", "convention", "conclusion", "exemptions", "about"),
    )
    walker.choice(owner, "", "document", ("report.v1",))
    walker.text(owner, "", "number")
    doc_type = walker.choice(owner, "", "doc_type", DOC_TYPES)
    basis = walker.choice(owner, "", "basis", BASES)
    start, end = _performed(walker, owner)
    convention = walker.choice(owner, "", "convention", CONVENTIONS) or CONVENTIONS[0]
    concluded = _conclusion(walker, owner, "")
    factors = tuple(_points(walker, owner, basis or BASES[0], convention))
    exemptions = tuple(_exemptions(walker, owner))
    if walker.problems or doc_type is None or basis is None or start is None or end is None:
        return None
    return Report(
        doc_type, basis, start, end, convention, concluded, factors, exemptions, tuple(walker.full_width)
    )


def _performed(walker: Walker, owner: Json) -> tuple[Any, Any]:
    if owner.get("performed") is None:
        return None, None
    performed = walker.members(owner["performed"], "/performed", ("from", "to"))
    start, end = walker.moment(performed, "/performed", "from"), walker.moment(performed, "/performed", "to")
    if start is not None and end is not None and end < start:
        walker.tell("/performed/to", "time.order", "早于开始时间。")
    return start, end


def _conclusion(walker: Walker, owner: Json, at: str) -> Conclusion | None:
    return cast("Conclusion | None", walker.choice(owner, at, "conclusion", CONCLUSIONS))


def _points(walker: Walker, owner: Json, basis: str, convention: str) -> Iterator[Factor]:
    known: set[str] = set()
    for at, value in walker.rows(owner, "", "points", POINTS_MAX, least=1):
        point = walker.members(value, at, ("id", "factors"), ("about",))
        name = walker.text(point, at, "id") or ""
        if name in known:
            walker.tell(f"{at}/id", "point.double", f"“{name}”重复，一个点位只写一次。")
        known.add(name)
        yield from _factors(walker, point, at, name, basis, convention)


def _factors(
    walker: Walker, point: Json, at: str, name: str, basis: str, convention: str
) -> Iterator[Factor]:
    known: set[tuple[str, str]] = set()
    for here, value in walker.rows(point, at, "factors", FACTORS_MAX, least=1):
        factor = _factor(walker, value, here, name, basis, convention)
        if factor is None:
            continue
        if (factor.code, factor.basis) in known:
            walker.tell(f"{here}/factor", "factor.double", f"{FACTORS[factor.code][0]}在本点位重复。")
        known.add((factor.code, factor.basis))
        yield factor


def _factor(walker: Walker, value: Any, at: str, point: str, basis: str, convention: str) -> Factor | None:
    owner = walker.members(
        value,
        at,
        ("factor", "unit"),
        (
            "basis",
            "convention",
            "instrument",
            "reference_method",
            "emission_limit",
            "pairs",
            "tests",
            "reported",
            "conclusion",
            "about",
        ),
    )
    code, unit = _code(walker, owner, at), walker.unit(owner, at, "unit")
    if code is None or unit is None:
        return None
    if unit.family not in families_of(code):
        walker.tell(f"{at}/unit", "unit.unfit", f"“{unit.name}”不是{FACTORS[code][0]}的单位。")
    instrument = _instrument(walker, owner, at)
    range_unit = walker.unit(instrument, f"{at}/instrument", "unit")
    full_scale = walker.number(instrument, f"{at}/instrument", "range")
    pairs = read_pairs(walker, owner, at, unit, signed=unit.family in CAN_BE_NEGATIVE)
    tests = [
        read_test(walker, test, here, range_unit or unit)
        for here, test in walker.rows(owner, at, "tests", TESTS_MAX)
    ]
    if owner.get("pairs") is None and owner.get("tests") is None:
        walker.tell(f"{at}/pairs", "list.empty", "和“试验”至少要有一项。")
    limit = walker.number(owner, at, "emission_limit")
    return Factor(
        at=at,
        point=point,
        code=code,
        unit=unit,
        basis=walker.choice(owner, at, "basis", BASES) or basis,
        convention=walker.choice(owner, at, "convention", CONVENTIONS) or convention,
        principle=walker.text(instrument, f"{at}/instrument", "principle"),
        instrument_range=None if full_scale is None else full_scale * (range_unit or unit).factor,
        instrument_unit=range_unit,
        no2=walker.choice(instrument, f"{at}/instrument", "no2", ("measured", "converted", "none")),
        emission_limit=None if limit is None else limit * unit.factor,
        pairs=pairs,
        tests=tuple(test for test in tests if test is not None),
        reported=_reported(walker, owner, at, unit),
        concluded=_conclusion(walker, owner, at),
    )


def _code(walker: Walker, owner: Json, at: str) -> str | None:
    code = walker.text(owner, at, "factor")
    if code is not None and code not in FACTORS:
        walker.tell(f"{at}/factor", "factor.unknown", "不是 HJ 212 的因子编码，例如 a21026。")
        return None
    return code


def _instrument(walker: Walker, owner: Json, at: str) -> Json:
    method = owner.get("reference_method")
    if method is not None:
        here = f"{at}/reference_method"
        walker.text(walker.members(method, here, (), ("method", "about")), here, "method")
    if owner.get("instrument") is None:
        return {}
    return walker.members(
        owner["instrument"], f"{at}/instrument", (), ("principle", "range", "unit", "no2", "about")
    )


def _reported(walker: Walker, owner: Json, at: str, unit: Unit) -> dict[str, Typed]:
    if owner.get("reported") is None:
        return {}
    here = f"{at}/reported"
    figures = walker.members(owner["reported"], here, (), REPORTED)
    names = [name for name in REPORTED if name in figures]
    scale = {name: Decimal(1) if name in PLAIN else unit.factor for name in names}
    typed = {name: read_typed(walker, figures, here, name, scale[name]) for name in names}
    return {name: figure for name, figure in typed.items() if figure is not None}


def _exemptions(walker: Walker, owner: Json) -> Iterator[Exemption]:
    for at, value in walker.rows(owner, "", "exemptions", EXEMPTIONS_MAX):
        fields = walker.members(value, at, ("rule", "from", "to", "reason"), ("point", "factor"))
        rule = walker.text(fields, at, "rule")
        walker.text(fields, at, "reason", REASON_MAX)
        point, factor = walker.text(fields, at, "point"), walker.text(fields, at, "factor")
        first, last = walker.day(fields, at, "from"), walker.day(fields, at, "to")
        if first is not None and last is not None and last < first:
            walker.tell(f"{at}/to", "time.order", "早于开始日期。")
        if rule is not None and first is not None and last is not None:
            yield Exemption(rule, point, factor, first, last)
