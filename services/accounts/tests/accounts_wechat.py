"""Browsers of people who bind their WeChat or log in with it, and the fake of WeChat that they meet."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from accounts.account import Account
from accounts.service.account_service import AccountService
from accounts.sessions.open_sessions import Origin
from accounts.sessions.tokens import token_hash
from accounts.settings import AccountsSettings
from accounts.wechat.opening import WeChatParts
from accounts_making import PASSWORD, Clock
from accounts_over_http import ACCOUNTS, KEY
from qingyuan_events import Actor
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.tokens.actors import issue
from wechat_serving import OFFICIAL, ZHOU, Fake

SITE = "https://qingyuan.test"
_ORIGIN = Origin("10.0.0.1", "手机")


def settings(folder: Path, fake: Fake) -> AccountsSettings:
    files = {}
    for name, content in (
        ("secret", OFFICIAL.secret),
        ("push_token", OFFICIAL.push_token),
        ("push_key", OFFICIAL.push_key),
    ):
        files[name] = folder / name
        files[name].write_text(f"{content}\n")
    return AccountsSettings(
        public_url=SITE,
        wechat_app_id=OFFICIAL.app_id,
        wechat_secret_file=files["secret"],
        wechat_base_url=fake.url,
        wechat_authorise_url=f"{fake.url}/connect/oauth2/authorize",
        wechat_push_token_file=files["push_token"],
        wechat_push_key_file=files["push_key"],
    )


@dataclass
class Town:
    """Accounts with WeChat, on PostgreSQL."""

    http: httpx.AsyncClient
    accounts: AccountService
    pool: Pool
    clock: Clock
    fake: Fake
    wechat: WeChatParts
    origin: Origin = _ORIGIN

    async def browser(self, name: str) -> "Browser":
        account = ACCOUNTS[name]
        token = await self.accounts.sessions.open(account.id, PASSWORD, _ORIGIN, self.clock())
        assert token
        return Browser(self, account, token)

    def stranger(self) -> "Browser":
        return Browser(self, ACCOUNTS["office"], "")

    async def bound(self, name: str, openid: str = ZHOU) -> "Browser":
        browser = await self.browser(name)
        answer = await browser.arrives(await browser.begins_binding(), openid)
        assert answer.json() == {"outcome": "bound", "number": None}, answer.text
        return browser


class Browser:
    """`token` is that of its session, empty for a stranger."""

    def __init__(self, town: Town, account: Account, token: str) -> None:
        actor = Actor(
            account=account.id,
            kind=account.kind,
            organisation=account.organisation,
            district=account.district,
        )
        self.town = town
        self.account = account
        self._headers = {
            "Authorization": f"Bearer {issue(actor, KEY, now=time.time())}",
            "X-Session-Hash": token_hash(token).hex(),
            "X-Client-Address": "10.0.0.1",
        }

    async def posts(self, path: str, body: object = None) -> httpx.Response:
        return await self.town.http.post(path, json=body, headers=self._headers)

    async def pushes(self, query: dict[str, str], body: bytes) -> httpx.Response:
        return await self.town.http.post("/wechat/push", params=query, content=body, headers=self._headers)

    async def verifies(self, query: dict[str, str]) -> httpx.Response:
        return await self.town.http.get("/wechat/push", params=query, headers=self._headers)

    async def begins_binding(self, name: str = "周敏的微信") -> str:
        answer = await self.posts("/wechat/binding/beginning", {"name": name, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        content: dict[str, str] = answer.json()
        assert content["qr"].startswith("data:image/svg+xml")
        return _state_in(content["url"])

    async def arrives(
        self, state: str, openid: str = ZHOU, *, code: str | None = None, snapshot: bool = False
    ) -> httpx.Response:
        code = code or self.town.fake.world.agree(openid, snapshot=snapshot)
        return await self.posts("/wechat/binding/arrival", {"state": state, "code": code})

    async def confirms(self, state: str, number: str) -> httpx.Response:
        return await self.posts("/wechat/binding/confirmation", {"state": state, "number": number})

    async def bindings(self) -> list[dict[str, Any]]:
        answer = await self.town.http.get("/wechat/bindings", headers=self._headers)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def unbinds(self, binding: str) -> httpx.Response:
        return await self.town.http.delete(f"/wechat/bindings/{binding}", headers=self._headers)

    async def begins_log_in(self) -> dict[str, str]:
        answer = await self.posts("/session/wechat/beginning")
        assert answer.status_code == 200, answer.text
        content: dict[str, str] = answer.json()
        assert _state_in(content["url"]) == content["state"]
        return {"state": content["state"], "secret": content["secret"]}

    async def logs_in(
        self, begun: dict[str, str] | None = None, openid: str = ZHOU, *, code: str | None = None
    ) -> httpx.Response:
        begun = begun or await self.begins_log_in()
        code = code or self.town.fake.world.agree(openid)
        return await self.posts("/session/wechat", begun | {"code": code})

    async def chooses(self, begun: dict[str, str], account: Account) -> httpx.Response:
        return await self.posts("/session/wechat/choice", begun | {"account": str(account.id)})


def _state_in(url: str) -> str:
    query = parse_qs(urlsplit(url).query)
    assert query["redirect_uri"] == [f"{SITE}/wechat/back"]
    return query["state"][0]
