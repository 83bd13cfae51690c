"""Rules for the fields of register entries (figures 5 to 7 of the guide). Each yields every problem that it finds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, Protocol

from pydantic import BaseModel
from qingyuan_events.registry import (
    NONE,
    EnterpriseParticulars,
    FlueGasAnalyser,
    InstrumentParticulars,
    Medium,
    OutletParticulars,
    PointParticulars,
    Sampler,
    WastewaterAnalyser,
)
from qingyuan_runtime.domain import text
from qingyuan_runtime.domain.decider import Problem
from qingyuan_standards.factors import FACTORS
from qingyuan_standards.uscc import is_uscc

from registry.domain.shared import codes

MAX_LENGTH: Final = 200
PLANNED_AHEAD: Final = timedelta(days=366)
KINDS_OF: Final[dict[Medium, frozenset[str]]] = {
    "wastewater": frozenset({"wastewater_analyser", "sampler"}),
    "flue_gas": frozenset({"flue_gas_analyser"}),
}
COMPANY_FIELDS: Final = (
    "om_operator",
    "om_operator_previous",
    "integrator",
    "installer",
    "manufacturer",
    "maker",
)


@dataclass(frozen=True, slots=True)
class Range:
    """What is physically possible, both ends included. These are not legal limits."""

    low: Decimal
    high: Decimal
    unit: str


RANGES: Final[dict[str, Range]] = {
    "reference_oxygen": Range(Decimal(0), Decimal(21), "%"),
    "velocity_field_coefficient": Range(Decimal("0.01"), Decimal(10), "无量纲"),
    "duct_area": Range(Decimal("0.001"), Decimal(1000), "m²"),
    "detection_limit": Range(Decimal(0), Decimal(100_000), "仪器计量单位"),
    "pitot_coefficient": Range(Decimal("0.1"), Decimal(2), "无量纲"),
}


def texts(particulars: BaseModel, optional: frozenset[str] = frozenset()) -> Iterator[Problem]:
    """No text may be too long or hold control characters, and none may be blank unless the field is in `optional`."""
    for field, value in particulars:
        if isinstance(value, str) and (value.strip() or field not in optional):
            yield from text.problems(field, value, MAX_LENGTH)


def enterprise(particulars: EnterpriseParticulars, day: date) -> Iterator[Problem]:
    yield from texts(particulars)
    if not is_uscc(particulars.uscc):
        yield Problem("uscc", "GB 32100", "统一社会信用代码不正确，请核对 18 位代码和校验位。")
    if not codes.is_permit_number(particulars.permit_number):
        yield Problem("permit_number", "HJ 608", "排污许可证编号应为 22 位；没有许可证请填“无”。")
    if not codes.is_district(particulars.district, day):
        yield Problem("district", "GB/T 2260", "行政区划代码不是上海市现行的区。")


def outlet(particulars: OutletParticulars) -> Iterator[Problem]:
    yield from texts(particulars)
    if not codes.is_outlet_code(particulars.code, particulars.medium):
        yield Problem("code", "HJ 608", "排口编号应为 DW（废水）或 DA（废气）加三位数字；没有编号请填“无”。")


def point(particulars: PointParticulars, medium: Medium, outlet_code: str) -> Iterator[Problem]:
    yield from texts(particulars)
    if particulars.medium != medium:
        yield Problem("medium", "outlet-medium", "测点类型应与排口一致。")
    elif not codes.is_point_code(particulars.code, medium):
        yield Problem("code", "HJ 608", "测点编号应为排口编号，多个测点时加 -01、-02；没有编号请填“无”。")
    elif NONE not in (particulars.code, outlet_code) and particulars.code.partition("-")[0] != outlet_code:
        yield Problem("code", "outlet-code", f"测点编号应以所属排口的编号 {outlet_code} 开头。")
    for code in particulars.factors:
        if not codes.is_factor_of(code, medium):
            yield Problem("factors", "HJ 212", f"因子 {code} 不是该类测点的监测因子。")
    if particulars.mn is not None and not codes.is_mn(particulars.mn):
        yield Problem("mn", "HJ 212", "MN 号应为 24 位数字或字母 A–F。")


def instrument(particulars: InstrumentParticulars, medium: Medium) -> Iterator[Problem]:
    yield from texts(particulars)
    if particulars.kind not in KINDS_OF[medium]:
        yield Problem("kind", "point-medium", "该类测点不能登记这种仪器。")
        return
    match particulars:
        case WastewaterAnalyser() | FlueGasAnalyser():
            yield from _analyser(particulars, medium)
        case Sampler():
            pass
    yield from _numbers(particulars)


def _analyser(particulars: WastewaterAnalyser | FlueGasAnalyser, medium: Medium) -> Iterator[Problem]:
    if not codes.is_factor_of(particulars.factor, medium):
        yield Problem("factor", "HJ 212", "分析因子不是该类测点的监测因子。")
    elif particulars.unit and not codes.unit_fits(particulars.unit, particulars.factor):
        own = FACTORS[particulars.factor][1]
        yield Problem("unit", "HJ 212", f"计量单位与分析因子不符，该因子的单位为 {own}。")


def _numbers(particulars: InstrumentParticulars) -> Iterator[Problem]:
    for field, value in particulars:
        bounds = RANGES.get(field)
        if bounds and value is not None and not bounds.low <= value <= bounds.high:
            sentence = f"数值应在 {bounds.low} 至 {bounds.high} 之间（{bounds.unit}）。"
            yield Problem(field, "possible-range", sentence)


def first_day(valid_from: date, today: date, parent_from: date | None = None) -> Iterator[Problem]:
    """An entry may begin up to a year ahead, and not before its parent does."""
    if valid_from > today + PLANNED_AHEAD:
        yield Problem("valid_from", "not-far-ahead", "日期不能晚于一年之后。")
    if parent_from and valid_from < parent_from:
        yield Problem("valid_from", "not-before-parent", f"日期不能早于上级对象的启用日期 {parent_from}。")


def later_day(field: str, day: date, valid_from: date, today: date) -> Iterator[Problem]:
    """A change lies after the entry began, and at most a year ahead."""
    if day < valid_from:
        yield Problem(field, "not-before-start", f"日期不能早于启用日期 {valid_from}。")
    if day > today + PLANNED_AHEAD:
        yield Problem(field, "not-far-ahead", "日期不能晚于一年之后。")


class Correction(Protocol):
    """What all commands that correct an entry have in common."""

    @property
    def valid_from(self) -> date: ...
    @property
    def reason(self) -> str: ...
    @property
    def today(self) -> date: ...


class Ending(Protocol):
    """What all commands that end an entry have in common: closing, retirement, replacement."""

    @property
    def valid_to(self) -> date: ...
    @property
    def reason(self) -> str: ...
    @property
    def today(self) -> date: ...


def correction(command: Correction, began: date) -> Iterator[Problem]:
    yield from later_day("valid_from", command.valid_from, began, command.today)
    yield from reason(command.reason)


def ending(command: Ending, earliest: date, field: str = "valid_to") -> Iterator[Problem]:
    """`field` is the name of the day in the request."""
    yield from later_day(field, command.valid_to, earliest, command.today)
    yield from reason(command.reason)


def reason(value: str) -> Iterator[Problem]:
    if not value.strip():
        yield Problem("reason", "required", "请填写原因。")
    else:
        yield from text.problems("reason", value, MAX_LENGTH)
