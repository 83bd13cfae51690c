"""Reads the items of testing: drift, indication error, response time and what is like a sheet."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from qingyuan_standards.rules.document import Test, Typed
from qingyuan_standards.rules.places import step_to
from qingyuan_standards.rules.units import SPACE, UNITS, Unit
from qingyuan_standards.rules.walking import Json, Walker

ROWS_MAX: Final = 200


@dataclass(frozen=True)
class Spec:
    """The fields of a kind of test. `signed`: those that may lie below zero. `texts`: a list of single numbers.

    `scaled`: numbers are in the test's unit; `reported_scaled`: so is the report's own result.
    """

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    signed: frozenset[str] = frozenset()
    rows: str | None = None
    columns: tuple[str, ...] = ()
    texts: bool = False
    scaled: bool = True
    reported_scaled: bool = False


DRIFT: Final = Spec(("before", "after_last"), ("range",), frozenset({"before", "after_last"}))
SPECS: Final[Mapping[str, Spec]] = {
    "zero_drift": DRIFT,
    "span_drift": DRIFT,
    "indication_error": Spec(("gas",), rows="readings", columns=("reading",), texts=True),
    "response_time": Spec(rows="repeats", columns=("transport", "rise"), scaled=False),
    "analysis_cycle": Spec(("minutes",), scaled=False),
    "converter_efficiency": Spec(("percent",), scaled=False),
    "velocity_field": Spec(
        rows="sets", columns=("reference_area", "area", "reference_velocity", "velocity"), scaled=False
    ),
    "correlation": Spec(rows="pairs", columns=("reference", "measured")),
    "k_coefficient": Spec(rows="pairs", columns=("reference", "measured")),
    "qc_sample": Spec(("standard", "measured")),
    "level": Spec(rows="pairs", columns=("reference", "measured"), reported_scaled=True),
    "cumulative_flow": Spec(("reference", "measured"), ("minutes",), scaled=False),
    "oxygen_folding": Spec(("value", "oxygen", "oxygen_reference"), scaled=False),
    "mass_concentration": Spec(("value",), scaled=False),
    "dry_basis": Spec(("value", "moisture"), scaled=False),
    "standard_state": Spec(
        ("value", "pressure", "temperature"), signed=frozenset({"temperature"}), scaled=False
    ),
}


def read_test(walker: Walker, value: Any, at: str, unit: Unit) -> Test | None:
    """`unit`: of the instrument. A level is read in millimetres where nothing else is said."""
    kind = walker.choice(value, at, "test", SPECS) if isinstance(value, Mapping) else None
    if kind is None:
        if not isinstance(value, Mapping) or value.get("test") is None:
            walker.members(value if not isinstance(value, Mapping) else {}, at, ("test",))
        return None
    spec = SPECS[kind]
    rows = (spec.rows,) if spec.rows else ()
    fields = walker.members(
        value, at, ("test", *spec.required, *rows), (*spec.optional, "at", "reported", "unit")
    )
    unit = _unit(walker, fields, at, kind, unit)
    scale = unit.factor if spec.scaled else Decimal(1)
    numbers = _numbers(walker, fields, at, spec, (*spec.required, *spec.optional), scale)
    found = _rows(walker, fields, at, spec, scale)
    moment = walker.moment(fields, at, "at")
    reported = read_typed(walker, fields, at, "reported", unit.factor if spec.reported_scaled else Decimal(1))
    return Test(at, kind, moment, unit, numbers, found, _inputs(fields, at, spec), reported)


def _unit(walker: Walker, fields: Json, at: str, kind: str, unit: Unit) -> Unit:
    usual = UNITS["mm"] if kind == "level" else unit
    stated = walker.unit(fields, at, "unit")
    if stated is not None and stated.family != usual.family:
        walker.tell(f"{at}/unit", "unit.unfit", f"“{stated.name}”与 {usual.name} 不能换算。")
        return usual
    return stated or usual


def _numbers(
    walker: Walker, fields: Json, at: str, spec: Spec, names: tuple[str, ...], scale: Decimal
) -> dict[str, Decimal]:
    found = {name: walker.number(fields, at, name, signed=name in spec.signed) for name in names}
    return {name: value * scale for name, value in found.items() if value is not None}


def _rows(
    walker: Walker, fields: Json, at: str, spec: Spec, scale: Decimal
) -> tuple[Mapping[str, Decimal], ...]:
    if spec.rows is None:
        return ()
    result = []
    for here, row in walker.rows(fields, at, spec.rows, ROWS_MAX, least=1):
        if spec.texts:
            owner, base, columns = (
                {here.rsplit("/", 1)[1]: row},
                here.rsplit("/", 1)[0],
                (here.rsplit("/", 1)[1],),
            )
            read = _numbers(walker, owner, base, spec, columns, scale)
            result.append(dict(zip(spec.columns, read.values(), strict=False)))
        else:
            result.append(
                _numbers(walker, walker.members(row, here, spec.columns), here, spec, spec.columns, scale)
            )
    return tuple(result)


def _inputs(fields: Json, at: str, spec: Spec) -> tuple[str, ...]:
    """Pointers to every number of the test."""
    single = [at + step_to(name) for name in (*spec.required, *spec.optional) if fields.get(name) is not None]
    rows = fields.get(spec.rows) if spec.rows else None
    if not isinstance(rows, list):
        return tuple(single)
    ends = [""] if spec.texts else [step_to(name) for name in spec.columns]
    return (*single, *(f"{at}/{spec.rows}/{index}{end}" for index in range(len(rows)) for end in ends))


def read_typed(
    walker: Walker, owner: Json, at: str, name: str, scale: Decimal, *, signed: bool = True
) -> Typed | None:
    """A figure of the report, with how finely it was typed."""
    value = walker.number(owner, at, name, signed=signed)
    if value is None:
        return None
    exponent = value.as_tuple().exponent
    step = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0) * scale
    return Typed(at + step_to(name), str(owner[name]).strip(SPACE), value * scale, step)
