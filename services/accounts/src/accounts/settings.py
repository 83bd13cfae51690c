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
