"""The settings of accounts in addition to those of all services."""

from pathlib import Path

from pydantic import NonNegativeInt, PositiveInt
from qingyuan_runtime.process.settings import Settings


class AccountsSettings(Settings):
    session_idle_minutes: int = 30
    session_absolute_hours: int = 12
    sessions_most: int = 10
    failures_before_lock: int = 5
    failures_per_address: int = 100
    """Within `lock_minutes`, for all names together. Higher, since many people of an office may share one address."""
    lock_minutes: int = 15
    second_step_demanded: tuple[str, ...] = ()
    """Kinds (`regulator`) or kinds with a role (`administrator:security`) whose accounts must have a second step. JSON list."""
    password_expires_days: PositiveInt | None = None
    """Instead of what `password_policy.json` says, for an installation whose assessment demands that passwords expire."""
    key_encryption_key_file: Path | None = None
    """Encrypts the secrets of authenticator apps. Without it nobody can enrol one."""
    security_log_months: PositiveInt = 12
    """How long lines of the security log are kept. Our own choice; the database keeps the six months required by law anyway."""
    certificate_trust_dir: Path | None = None
    """Roots, authorities between and revocation lists (`certificate_trust`). Without it nobody logs in with a certificate."""
    certificate_list_grace_hours: NonNegativeInt = 0
    """How long after its next one was due the last revocation list of an authority is still believed."""
    certificate_without_list: bool = False
    """Whether certificates of an authority without any revocation list are believed."""
    certificate_demo_roots: bool = False
    """Whether roots that the demo made are believed. Never where records are evidence."""
