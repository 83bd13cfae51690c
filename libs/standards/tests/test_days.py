"""How a deadline is said. The pages say it by the same examples (`web/src/days.test.ts`)."""

from datetime import UTC, datetime

import pytest
from qingyuan_standards.days import until_text


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 11, 24, 16, tzinfo=UTC), "2026-11-24 24:00"),
        (datetime(2026, 12, 31, 16, tzinfo=UTC), "2026-12-31 24:00"),
        (datetime(2026, 11, 24, 15, 59, tzinfo=UTC), "2026-11-24 23:59"),
    ],
)
def test_a_day_that_ends_at_midnight_ends_at_24_of_that_day(moment: datetime, said: str) -> None:
    assert until_text(moment) == said
