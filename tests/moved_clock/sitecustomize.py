"""On the PYTHONPATH of one test's system: its services read a clock that is ahead by the seconds in a file.

What is recorded is evidence, so no service has a setting for this. PostgreSQL's own clock, which stamps `recorded_at`,
stays as it is: the clock is only ever moved forward.
"""

import email.utils
import os
from datetime import datetime, timedelta
from pathlib import Path

from qingyuan_runtime.process import clock

AHEAD = Path(os.environ["MOVED_CLOCK"])
real = clock.now
formatdate = email.utils.formatdate


def moved() -> datetime:
    return real() + timedelta(seconds=float(AHEAD.read_text()))


def moved_date(timeval: float | None = None, localtime: bool = False, usegmt: bool = False) -> str:
    """The `Date` of every answer, by which a phone tells what day it is."""
    moment = datetime.now().timestamp() if timeval is None else timeval
    return formatdate(moment + float(AHEAD.read_text()), localtime, usegmt)


# Before anything else of ours is imported: whoever imports `now` afterwards has this one.
clock.now = moved
email.utils.formatdate = moved_date
