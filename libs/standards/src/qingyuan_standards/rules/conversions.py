"""Conversions of concentrations (HJ 212-2017 annex D). They have no limit: a report's own result is compared with them."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from qingyuan_standards.formulas import EXACT, quotient
from qingyuan_standards.rules.document import Test

AIR_OXYGEN: Final = Decimal(21)
MOLAR_VOLUME: Final = Decimal("22.4")
STANDARD_PRESSURE: Final = Decimal(101325)
ICE_POINT: Final = Decimal(273)
HUNDRED: Final = Decimal(100)

Masses = Mapping[str, Decimal]


def _folded(test: Test, _code: str, _masses: Masses) -> Decimal | None:
    """F-fold, eq. 26-28."""
    above = EXACT.subtract(AIR_OXYGEN, test.numbers["oxygen_reference"])
    below = EXACT.subtract(AIR_OXYGEN, test.numbers["oxygen"])
    return quotient(EXACT.multiply(test.numbers["value"], above), below) if below > 0 else None


def _mass(test: Test, code: str, masses: Masses) -> Decimal | None:
    """F-mass, eq. 20."""
    mass = masses.get(code)
    return None if mass is None else quotient(EXACT.multiply(mass, test.numbers["value"]), MOLAR_VOLUME)


def _dry(test: Test, _code: str, _masses: Masses) -> Decimal | None:
    """F-dry, eq. 19."""
    rest = EXACT.subtract(HUNDRED, test.numbers["moisture"])
    return quotient(EXACT.multiply(test.numbers["value"], HUNDRED), rest) if rest > 0 else None


def _standard(test: Test, _code: str, _masses: Masses) -> Decimal | None:
    """F-Csn, eq. 18."""
    warmth = EXACT.add(ICE_POINT, test.numbers["temperature"])
    pressure = test.numbers["pressure"]
    above = EXACT.multiply(EXACT.multiply(test.numbers["value"], STANDARD_PRESSURE), warmth)
    return quotient(above, EXACT.multiply(pressure, ICE_POINT)) if pressure > 0 and warmth > 0 else None


CONVERSIONS: Final[Mapping[str, tuple[str, Callable[[Test, str, Masses], Decimal | None]]]] = {
    "oxygen_folding": ("folded", _folded),
    "mass_concentration": ("mass_concentration", _mass),
    "dry_basis": ("dry_basis", _dry),
    "standard_state": ("standard_state", _standard),
}
"""Kind of test → name of its quantity, and how it is computed."""
