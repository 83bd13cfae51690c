"""Compares the figures that a report states with those that follow from its numbers."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from qingyuan_standards.formulas import EXACT
from qingyuan_standards.rules.case import Case
from qingyuan_standards.rules.document import Typed
from qingyuan_standards.rules.places import place
from qingyuan_standards.rules.verdict import Finding

SIGNED: Final = frozenset({"mean_difference", "absolute_error", "relative_error"})
HALF: Final = Decimal("0.5")
MAIN: Final[Mapping[str, tuple[str, ...]]] = {
    "zero_drift": ("drift",),
    "span_drift": ("drift",),
    "indication_error": ("indication_of_gas", "indication_of_range"),
    "response_time": ("response_time",),
    "velocity_field": ("field_coefficient",),
    "correlation": ("correlation",),
    "k_coefficient": ("k_coefficient",),
    "qc_sample": ("relative_error",),
    "level": ("largest_absolute",),
    "cumulative_flow": ("relative_error",),
    "oxygen_folding": ("folded",),
    "mass_concentration": ("mass_concentration",),
    "dry_basis": ("dry_basis",),
    "standard_state": ("standard_state",),
}
"""What the reported result of a test may be; the first is shown where it is none of them."""


def arithmetic(case: Case) -> Iterator[Finding]:
    for name, typed in case.factor.reported.items():
        computed = _in_convention(name, case.figures.get(name), case.factor.convention)
        if computed is not None:
            yield from _compared(typed, [computed], signed=name in SIGNED)
    for test, figures in case.tests:
        found = [figures[name] for name in MAIN.get(test.kind, ()) if name in figures]
        if test.reported is not None and found:
            yield from _compared(test.reported, found, signed=False)
    for pair in case.factor.pairs:
        if pair.stated is not None and pair.parallel_mean is not None:
            yield from _compared(pair.stated, [pair.parallel_mean], signed=False)


def _in_convention(name: str, value: Decimal | None, convention: str) -> Decimal | None:
    """The computed d is reference - measured, errors are measured - reference; the report's are all of one sign."""
    if value is None or name not in SIGNED:
        return value
    turned = (name == "mean_difference") == (convention == "measured_minus_reference")
    return -value if turned else value


def _compared(typed: Typed, computed: list[Decimal], *, signed: bool) -> Iterator[Finding]:
    off = min(abs(EXACT.subtract(value, typed.value)) for value in computed)
    half = typed.step * HALF
    if off <= half:
        return
    shown = _shown(computed[0], typed)
    told = f"{place(typed.at)}填写为 {typed.text}，按数据计算为 {shown}"
    if signed and abs(EXACT.add(computed[0], typed.value)) <= half:
        yield Finding(
            "arithmetic.sign",
            "note",
            typed.at,
            f"{told}，只有符号不同，请核对误差的符号约定。",
            (),
            typed.text,
            shown,
        )
    elif off <= typed.step + half:
        yield Finding(
            "arithmetic.differs",
            "note",
            typed.at,
            f"{told}，末位相差一个单位，可能是分步修约。",
            (),
            typed.text,
            shown,
        )
    else:
        yield Finding("arithmetic.differs", "warning", typed.at, f"{told}，两者不符。", (), typed.text, shown)


def _shown(computed: Decimal, typed: Typed) -> str:
    """The computed figure in the unit and with the digits of the typed one."""
    digits = len(typed.text.partition(".")[2]) if "." in typed.text else len(typed.text.partition("．")[2])
    unit = typed.step.scaleb(digits, EXACT)
    rounded = (computed / unit).quantize(Decimal(1).scaleb(-digits), context=EXACT)
    return f"{rounded if rounded else abs(rounded):f}"
