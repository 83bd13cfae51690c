"""The settings of messages in addition to those of all services."""

from functools import cached_property
from pathlib import Path

from pydantic import PositiveInt
from qingyuan_runtime.process.settings import Settings
from qingyuan_wechat.client import BASE_URL


class MessagesSettings(Settings):
    source_database_url: str = ""
    tasks_database_url: str = ""
    signoff_database_url: str = ""
    filing_database_url: str = ""
    reports_database_url: str = ""
    """The logs of registry, tasks, signoff, filing and reports, read only."""
    accounts_url: str = ""
    """The accounts service, which says whom an audience is and how it is reached."""
    public_url: str = ""
    """The address of this system in a browser; links in what is sent begin with it."""

    smtp_host: str = ""
    smtp_port: PositiveInt = 25
    smtp_user: str = ""
    smtp_password_file: Path | None = None
    smtp_starttls: bool = False
    mail_from: str = ""
    """Without `smtp_host` no e-mail is sent."""
    sms_folder: Path | None = None
    """Where the stand-in for an SMS provider writes what it was given. Without it no SMS is sent."""
    wechat_app_id: str = ""
    """The official account, as accounts has it. Without it, its secret and the template nothing is sent by WeChat."""
    wechat_secret_file: Path | None = None
    wechat_base_url: str = BASE_URL
    wechat_template: str = ""
    """The id that WeChat gave the one template of all kinds."""

    tries_max: PositiveInt = 6
    """After so many tries a delivery has failed. Our own choice: with the pauses between them, about an hour."""
    streams_per_account: PositiveInt = 5
    """How many open pages of one account are told of new messages at once; further ones ask in intervals."""

    @cached_property
    def wechat_secret(self) -> str:
        file = self.wechat_secret_file
        return file.read_text().strip() if file else ""
