"""The settings of accounts in addition to those of all services."""

from functools import cached_property
from pathlib import Path

from pydantic import NonNegativeInt, PositiveInt
from qingyuan_runtime.process.settings import Settings
from qingyuan_wechat.authorising import AUTHORISE_URL
from qingyuan_wechat.client import BASE_URL


class AccountsSettings(Settings):
    session_idle_minutes: int = 30
    session_absolute_hours: int = 12
    sessions_most: int = 10
    failures_before_lock: int = 5
    failures_per_address: int = 100
    """Within `lock_minutes`, for all names together. Higher, since many people of an office may share one address."""
    lock_minutes: int = 15
    invitation_hours: PositiveInt = 72
    """How long an invitation is good. Our own choice: over a weekend, and not much longer."""
    second_step_demanded: tuple[str, ...] = ()
    """Kinds (`regulator`) or kinds with a role (`administrator:security`) whose accounts must have a second step. JSON list."""
    password_expires_days: PositiveInt | None = None
    """Instead of what `passwords/policy.json` says, for an installation whose assessment demands that passwords expire."""
    key_encryption_key_file: Path | None = None
    """Encrypts the secrets of authenticator apps. Without it nobody can enrol one."""
    security_log_months: PositiveInt = 12
    """How long lines of the security log are kept. Our own choice; the database keeps the six months required by law anyway."""
    certificate_trust_dir: Path | None = None
    """Roots, authorities between and revocation lists (`certificates/trust.py`). Without it nobody logs in with a certificate."""
    certificate_list_grace_hours: NonNegativeInt = 0
    """How long after its next one was due the last revocation list of an authority is still believed."""
    certificate_without_list: bool = False
    """Whether certificates of an authority without any revocation list are believed."""
    certificate_demo_roots: bool = False
    """Whether roots that the demo made are believed. Never where records are evidence."""
    certificate_list_urls: str = ""
    """Where the sweeper fetches revocation lists from, separated by blanks. Written into the folder above; empty: not at all."""
    certificate_between_urls: str = ""
    """The same for authorities between root and organisation. Roots are never fetched."""
    certificate_fetch_minutes: PositiveInt = 60
    """How often. Our own choice; authorities publish lists daily or more often."""
    lost_key_requests_per_address: PositiveInt = 5
    """Within an hour. Our own choice."""
    lost_key_code_hours: PositiveInt = 24
    """How long the code of an approved request is good. Our own choice."""
    lost_key_again_days: PositiveInt = 7
    """How long after its approval an unused code may be given again; after that the request is reviewed anew. Our own choice."""
    lost_key_kept_days: PositiveInt = 180
    """How long requests are kept, which hold a name and a telephone number. Our own choice."""
    certificate_demand_suspended_days: PositiveInt = 30
    """After a lost key was approved, the organisation's demand of the certificate rests so long. Our own choice: a new key
    takes days to be issued."""
    public_url: str = ""
    """The address of the pages, without a slash at the end: WeChat leads back to it, and signs its pages only."""
    wechat_app_id: str = ""
    """The official account. Without it nobody binds or logs in with WeChat."""
    wechat_secret_file: Path | None = None
    wechat_base_url: str = BASE_URL
    wechat_authorise_url: str = AUTHORISE_URL
    wechat_push_token_file: Path | None = None
    wechat_push_key_file: Path | None = None
    """EncodingAESKey, 43 characters. WeChat has to be told to encrypt what it sends (安全模式)."""

    @cached_property
    def wechat_secret(self) -> str:
        return _content(self.wechat_secret_file)

    @cached_property
    def wechat_push_token(self) -> str:
        return _content(self.wechat_push_token_file)

    @cached_property
    def wechat_push_key(self) -> str:
        return _content(self.wechat_push_key_file)


def _content(file: Path | None) -> str:
    return file.read_text().strip() if file else ""
