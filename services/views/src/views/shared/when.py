"""Of which day a state is asked, and as it was known at the end of which day. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from qingyuan_runtime.domain.bounds import Day
from qingyuan_standards.days import at_local, local_day

from views.shared.query_models import QueryModel


class WhenQuery(QueryModel):
    """`as_of`: the state on that day; `as_known`: as it was known at the end of that day."""

    as_of: Day | None = None
    as_known: Day | None = None


@dataclass(frozen=True, slots=True)
class When:
    """The day whose state is requested, and the time as of which it is to be known."""

    as_of: date
    as_known: datetime

    @classmethod
    def of(cls, as_of: date | None, as_known: date | None, now: datetime) -> "When":
        today = local_day(now)
        if as_known is None or as_known >= today:
            return cls(as_of or today, now + timedelta(days=1))
        midnight = at_local(as_known + timedelta(days=1), time())
        return cls(as_of or today, midnight.astimezone(UTC) - timedelta(microseconds=1))
