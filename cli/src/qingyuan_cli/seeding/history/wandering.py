"""How an analyser's error and a phone's place vary from visit to visit: invented, and the same each time for the same names."""

import math
from datetime import datetime
from random import Random
from typing import Final

INSIDE_M: Final = (4, 120)
OUTSIDE_M: Final = (420, 900)
"""How far a phone is from the point; the second is outside of the fence by more than its accuracy."""
METRES_OF_A_DEGREE: Final = 111_195
PERIODS: Final = (38, 80)
"""The days in which an analyser's error goes up and down once."""


def error_of(analyser: str, at: datetime, random: Random) -> float:
    """Between -1 and 1: most of it drifts slowly, each analyser in its own time, and the rest is chance."""
    own = Random(f"error {analyser}")  # noqa: S311 - invented data, the same each time
    turn = at.date().toordinal() / own.uniform(*PERIODS) + own.random()
    return 0.65 * math.sin(2 * math.pi * turn) + random.uniform(-0.35, 0.35)


def away_from(longitude: str, latitude: str, name: str, *, outside: bool) -> dict[str, str]:
    """A place near a point, or outside of its fence, with the phone's accuracy."""
    random = Random(f"place {name}")  # noqa: S311 - invented data, the same each time
    distance, bearing = random.uniform(*(OUTSIDE_M if outside else INSIDE_M)), random.uniform(0, 2 * math.pi)
    north = distance * math.cos(bearing) / METRES_OF_A_DEGREE
    east = distance * math.sin(bearing) / METRES_OF_A_DEGREE / math.cos(math.radians(float(latitude)))
    return {
        "longitude": f"{float(longitude) + east:.6f}",
        "latitude": f"{float(latitude) + north:.6f}",
        "accuracy_m": str(random.randrange(5, 40)),
    }
