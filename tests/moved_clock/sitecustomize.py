"""On the PYTHONPATH of one test's system: its services read a clock that is ahead by the seconds in a file.

What is recorded is evidence, so no service has a setting for this. PostgreSQL's own clock, which stamps `recorded_at`,
stays as it is: the clock is only ever moved forward.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path

from qingyuan_runtime import clock

AHEAD = Path(os.environ["MOVED_CLOCK"])
real = clock.now


def moved() -> datetime:
    return real() + timedelta(seconds=float(AHEAD.read_text()))


# Before anything else of ours is imported: whoever imports `now` afterwards has this one.
clock.now = moved
