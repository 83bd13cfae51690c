"""Everything that accounts does with WeChat, opened from the settings; nothing where WeChat is not configured."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import segno
from qingyuan_runtime.database.connections import Pool
from qingyuan_wechat.authorising import authorise_url
from qingyuan_wechat.client import OfficialAccount, WeChat, open_http
from qingyuan_wechat.pushes import Pushes
from qingyuan_wechat.tokens_postgres import TokensInPostgres

from accounts.security_log.writing import SecurityLog
from accounts.service.account_service import AccountService
from accounts.settings import AccountsSettings
from accounts.wechat.binding import WeChatBinding
from accounts.wechat.followers import WeChatFollowers
from accounts.wechat.log_in import WeChatLogIn

BACK = "/wechat/back"
"""Our page to which WeChat leads back. It posts code and state from our own site: the cookie is sent to nobody who comes from another."""


@dataclass(frozen=True)
class WeChatParts:
    settings: AccountsSettings
    client: WeChat
    pushes: Pushes
    binding: WeChatBinding
    log_in: WeChatLogIn
    followers: WeChatFollowers

    def authorise_url(self, state: str) -> str:
        settings = self.settings
        back = f"{settings.public_url}{BACK}"
        return authorise_url(settings.wechat_app_id, back, state, at=settings.wechat_authorise_url)

    def is_own_page(self, url: str) -> bool:
        return url.startswith(f"{self.settings.public_url}/")


def qr_of(url: str) -> str:
    """A picture as a data URI, for an `img`."""
    return str(segno.make(url, error="m").svg_data_uri(scale=4, border=2))


@asynccontextmanager
async def open_wechat(
    settings: AccountsSettings, pool: Pool, accounts: AccountService
) -> AsyncIterator[WeChatParts | None]:
    if not settings.wechat_app_id:
        yield None
        return
    async with open_http(settings.wechat_base_url) as http:
        yield parts_of(settings, pool, accounts, http)


def parts_of(
    settings: AccountsSettings, pool: Pool, accounts: AccountService, http: httpx.AsyncClient
) -> WeChatParts:
    official = OfficialAccount(settings.wechat_app_id, settings.wechat_secret, settings.wechat_base_url)
    client = WeChat(official, http, TokensInPostgres(pool, accounts.now))
    log = SecurityLog(pool, settings)
    return WeChatParts(
        settings,
        client,
        Pushes(settings.wechat_app_id, settings.wechat_push_token, settings.wechat_push_key),
        WeChatBinding(pool, accounts, log, client),
        WeChatLogIn(pool, accounts, log, client),
        WeChatFollowers(pool),
    )
