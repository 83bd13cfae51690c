"""The legal day of a time that a device claims. Such a time is stored unchanged, but it alone does not decide the day."""

from datetime import date, datetime, timedelta

from qingyuan_standards.dated import setting
from qingyuan_standards.days import local_day


def legal_day(claimed_at: datetime, received_at: datetime) -> date:
    """The claimed day if it is plausible, else the day of receipt; never later than the day of receipt."""
    received = local_day(received_at)
    return min(local_day(claimed_at), received) if is_plausible(claimed_at, received_at) else received


def is_plausible(claimed_at: datetime, received_at: datetime) -> bool:
    """Whether a correct clock can have shown this time: at most slightly after the receipt, and not long before it."""
    day = local_day(received_at)
    ahead_max = timedelta(seconds=int(setting("clock_tolerance_s", day).value))
    age_max = timedelta(days=int(setting("claim_age_days", day).value))
    return -age_max <= claimed_at - received_at <= ahead_max
