"""The settings of accounts in addition to those of all services."""

from pydantic import PositiveInt
from qingyuan_runtime.process.settings import Settings


class AccountsSettings(Settings):
    session_idle_minutes: int = 30
    session_absolute_hours: int = 12
    sessions_most: int = 10
    failures_before_lock: int = 5
    failures_per_address: int = 100
    """Within `lock_minutes`, for all names together. Higher, since many people of an office may share one address."""
    lock_minutes: int = 15
    security_log_months: PositiveInt = 12
    """How long lines of the security log are kept. Our own choice; the database keeps the six months required by law anyway."""
