"""The one place that reads the machine's clock. Composition roots hand `now` on; everything else is told the time.

No setting moves it: what is recorded is evidence. A test that needs another hour replaces this function from outside.
"""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
