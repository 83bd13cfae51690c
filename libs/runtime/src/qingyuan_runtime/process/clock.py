"""The one place that reads the machine's clock. Composition roots pass `now` on; everything else gets the time as argument.

No setting changes it, since recorded times are evidence. A test that needs another time replaces this function.
"""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
