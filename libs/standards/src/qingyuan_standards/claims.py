"""Which day a claimed time speaks of. A device's clock is a claim: kept as it is, and never the law by itself."""

from datetime import date, datetime, timedelta

from qingyuan_standards.dated import setting
from qingyuan_standards.days import local_day


def legal_day(claimed_at: datetime, received_at: datetime) -> date:
    """The claimed day where it can be true, else the day of receipt; never a day after the receipt."""
    received = local_day(received_at)
    return min(local_day(claimed_at), received) if is_plausible(claimed_at, received_at) else received


def is_plausible(claimed_at: datetime, received_at: datetime) -> bool:
    """Whether a clock that goes right can have said so: hardly after the receipt, and not long before it."""
    day = local_day(received_at)
    ahead = timedelta(seconds=int(setting("clock_tolerance_s", day).value))
    behind = timedelta(days=int(setting("claim_age_days", day).value))
    return -behind <= claimed_at - received_at <= ahead
