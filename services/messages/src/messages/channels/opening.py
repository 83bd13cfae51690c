"""The ways that this installation has, by its settings."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

import httpx
import structlog
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.process.clock import now
from qingyuan_wechat.client import OfficialAccount, WeChat, open_http
from qingyuan_wechat.tokens_postgres import TokensInPostgres

from messages.channels.email import EmailChannel
from messages.channels.folder import FolderChannel
from messages.channels.port import Channel
from messages.channels.wechat import WeChatChannel
from messages.rulebook import MEANS, Means
from messages.settings import MessagesSettings

NEEDS: Final[Mapping[Means, str]] = {
    "wechat": "WECHAT_APP_ID, WECHAT_SECRET_FILE, WECHAT_TEMPLATE",
    "email": "SMTP_HOST",
    "sms": "SMS_FOLDER",
}
log = structlog.get_logger()


@asynccontextmanager
async def open_channels(settings: MessagesSettings, pool: Pool) -> AsyncIterator[Mapping[Means, Channel]]:
    """A way that is not set up is absent, which is logged."""
    async with open_http(settings.wechat_base_url) as http:
        available = channels(settings, pool, http)
        for means in MEANS:
            if means not in available:
                log.warning("channel.absent", channel=means, needs=NEEDS[means])
        yield available


def channels(settings: MessagesSettings, pool: Pool, http: httpx.AsyncClient) -> Mapping[Means, Channel]:
    available: dict[Means, Channel] = {}
    if _has_wechat(settings):
        available["wechat"] = _wechat(settings, pool, http)
    if settings.sms_folder:
        available["sms"] = FolderChannel(settings.sms_folder)
    if settings.smtp_host:
        available["email"] = _email(settings)
    return available


def reaching(settings: MessagesSettings) -> frozenset[Means]:
    """The ways by which something comes to people. A folder of SMS stands in for a provider, and reaches nobody."""
    there: dict[Means, bool] = {"wechat": _has_wechat(settings), "email": bool(settings.smtp_host)}
    return frozenset(means for means, is_there in there.items() if is_there)


def _has_wechat(settings: MessagesSettings) -> bool:
    return bool(settings.wechat_app_id and settings.wechat_secret and settings.wechat_template)


def _wechat(settings: MessagesSettings, pool: Pool, http: httpx.AsyncClient) -> WeChatChannel:
    account = OfficialAccount(settings.wechat_app_id, settings.wechat_secret, settings.wechat_base_url)
    return WeChatChannel(WeChat(account, http, TokensInPostgres(pool, now)), settings.wechat_template)


def _email(settings: MessagesSettings) -> EmailChannel:
    secret = settings.smtp_password_file
    return EmailChannel(
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=settings.mail_from,
        user=settings.smtp_user,
        password=secret.read_text().strip() if secret else "",
        starttls=settings.smtp_starttls,
    )
