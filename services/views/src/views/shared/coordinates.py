"""How a place is written on pages and paper: docs/glossary.md, "One wording". The pages have the same in `web/src/coordinates.ts`."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

DIGITS: Final = 6


def coordinates(place: Mapping[str, Any]) -> str:
    """Longitude before latitude, with six decimals (about 0.1 m) whatever was entered."""
    longitude, latitude = (f"{Decimal(place[name]):.{DIGITS}f}" for name in ("longitude", "latitude"))
    return f"{longitude}, {latitude}（{place['datum']}）"
