"""How a typed number and a typed unit are read.

Units of one family differ by an exact factor, so values are put on the family's scale before anything is computed.
µmol/mol and mg/m³ are two families: a band is chosen in the one that was read, never after a conversion.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Final

from qingyuan_standards.factors import FACTORS


@dataclass(frozen=True, slots=True)
class Number:
    value: Decimal
    full_width: bool


@dataclass(frozen=True, slots=True)
class Unit:
    """`factor` times a value in this unit is the value in the unit `family`."""

    name: str
    family: str
    factor: Decimal


NUMBER: Final = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")
FULL_WIDTH: Final = str.maketrans("０１２３４５６７８９．－−", "0123456789.--")
SPACE: Final = " \t\r\n\u3000\u00a0"

FAMILIES: Final[Mapping[str, Mapping[str, str]]] = {
    "mg/m³": {"mg/m³": "1", "g/m³": "1000", "µg/m³": "0.001", "ng/m³": "0.000001"},
    "µmol/mol": {"µmol/mol": "1"},
    "%": {"%": "1"},
    "m/s": {"m/s": "1"},
    "℃": {"℃": "1"},
    "mg/L": {"mg/L": "1", "µg/L": "0.001", "ng/L": "0.000001"},
    "无量纲": {"无量纲": "1"},
    "m³": {"m³": "1", "L": "0.001"},
    "m³/h": {"m³/h": "1", "m³/s": "3600", "L/s": "3.6"},
    "mm": {"mm": "1", "cm": "10", "m": "1000"},
    "kPa": {"kPa": "1", "Pa": "0.001"},
}
UNITS: Final = {
    name: Unit(name, family, Decimal(factor))
    for family, units in FAMILIES.items()
    for name, factor in units.items()
}
ALIASES: Final = {"ppm": "µmol/mol", "umol/mol": "µmol/mol", "pH": "无量纲", "pH单位": "无量纲", "": "无量纲"}
SPELLINGS: Final = str.maketrans({"μ": "µ", "％": "%", "／": "/"})
ALSO: Final[Mapping[str, frozenset[str]]] = {
    "w00000": frozenset({"m³", "m³/h"}),
    "a00000": frozenset({"m³", "m³/h"}),
}
GASES: Final = ("a05", "a21", "a24", "a25")
"""Beginnings of the codes of gases, which are also read in µmol/mol."""


def number_of(text: str) -> Number | None:
    """None for what is no plain decimal number. Full-width digits, point and minus are taken."""
    if NUMBER.fullmatch(text):
        return Number(Decimal(text), False)
    written = text.strip(SPACE)
    plain = written.translate(FULL_WIDTH)
    return Number(Decimal(plain), plain != written) if NUMBER.fullmatch(plain) else None


@lru_cache(maxsize=256)
def unit_of(text: str) -> Unit | None:
    written = text.strip(SPACE).translate(SPELLINGS).replace("°C", "℃").replace("m3", "m³")
    return UNITS.get(ALIASES.get(written, written))


@cache
def families_of(factor: str) -> frozenset[str]:
    """The families of units in which a factor is read."""
    unit = unit_of(FACTORS[factor][1])
    usual = frozenset() if unit is None else frozenset({unit.family})
    gas = frozenset({"µmol/mol"}) if factor.startswith(GASES) else frozenset()
    return usual | gas | ALSO.get(factor, frozenset())
