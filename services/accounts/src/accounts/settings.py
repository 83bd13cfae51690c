"""What the accounts service is told from outside, beside what all services are told."""

from qingyuan_runtime.settings import Settings


class AccountsSettings(Settings):
    session_idle_minutes: int = 30
    session_absolute_hours: int = 12
    failures_before_lock: int = 5
    lock_minutes: int = 15
