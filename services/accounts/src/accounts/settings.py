"""What the accounts service is told from outside, beside what all services are told."""

from pydantic import PositiveInt
from qingyuan_runtime.process.settings import Settings


class AccountsSettings(Settings):
    session_idle_minutes: int = 30
    session_absolute_hours: int = 12
    sessions_most: int = 10
    failures_before_lock: int = 5
    failures_per_address: int = 100
    """Within `lock_minutes`, whatever the names: an office of many people behind one address mistypes, too."""
    lock_minutes: int = 15
    security_log_months: PositiveInt = 12
    """So long a line of the security log is kept. Our choice; the database keeps six months at least, as the law asks."""
