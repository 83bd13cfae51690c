"""Checks of codes by the standards that define them; each names its standard."""

import re
from datetime import date
from typing import Final

from qingyuan_events.registry import NONE, Medium
from qingyuan_standards.districts import DISTRICTS
from qingyuan_standards.factors import FACTORS

_PERMIT = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}[0-9]{3}[0-9A-Z]")
_PERMIT_WITHOUT_USCC = re.compile(r"H9[0-9]{6}.{9}[a-hj-np-z][0-9]{3}[0-9A-Za-z]")
_OUTLET: Final = {"wastewater": re.compile(r"(DW|YS)[0-9]{3}"), "flue_gas": re.compile(r"DA[0-9]{3}")}
_MN = re.compile(r"[0-9A-F]{24}")


def is_permit_number(text: str) -> bool:
    """HJ 608-2017: 22 characters, or 无. The last one is no check character."""
    return text == NONE or any(p.fullmatch(text) for p in (_PERMIT, _PERMIT_WITHOUT_USCC))


def is_outlet_code(text: str, medium: Medium) -> bool:
    """HJ 608-2017: DW### for water, DA### for air (YS### for rain water by permit practice), or 无."""
    return text == NONE or bool(_OUTLET[medium].fullmatch(text))


def is_point_code(text: str, medium: Medium) -> bool:
    """The outlet's code, followed by -## where an outlet has several points."""
    outlet, _, number = text.partition("-")
    return is_outlet_code(outlet, medium) and (not number or bool(re.fullmatch(r"[0-9]{2}", number)))


def is_mn(text: str) -> bool:
    """HJ 212-2017: 24 characters 0-9 A-F."""
    return bool(_MN.fullmatch(text))


def is_district(code: str, day: date) -> bool:
    """A district of Shanghai that exists on `day`."""
    if code not in DISTRICTS:
        return False
    _, first, end = DISTRICTS[code]
    return (first is None or first <= day) and (end is None or day < end)


_MEDIUM_LETTER: Final[dict[Medium, str]] = {"wastewater": "w", "flue_gas": "a"}


def is_factor_of(code: str, medium: Medium) -> bool:
    return code in FACTORS and code.startswith(_MEDIUM_LETTER[medium])


SPELLINGS: Final = {
    "毫克/升": "mg/L",
    "mg/l": "mg/L",
    "毫克/立方米": "mg/m³",
    "mg/m3": "mg/m³",
    "微克/升": "µg/L",
    "μg/L": "µg/L",
    "ug/L": "µg/L",
    "纳克/立方米": "ng/m³",
    "摄氏度": "℃",
    "°C": "℃",
    "千帕": "kPa",
    "米/秒": "m/s",
    "立方米/秒": "m³/s",
    "升/秒": "L/s",
    "ppm": "µmol/mol",
    "μmol/mol": "µmol/mol",
}
_SAME_QUANTITY: Final = (
    frozenset({"mg/m³", "µg/m³", "ng/m³", "µmol/mol"}),
    frozenset({"mg/L", "µg/L", "ng/L"}),
    frozenset({"m³/s", "L/s", "m³/h"}),
)


def unit_symbol(text: str) -> str:
    """One spelling for each unit."""
    return SPELLINGS.get(text, text)


def unit_fits(unit: str, factor: str) -> bool:
    """The factor's own unit, or another one of the same quantity."""
    own = FACTORS[factor][1]
    return unit == own or any({unit, own} <= family for family in _SAME_QUANTITY)
