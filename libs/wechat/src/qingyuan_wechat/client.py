"""The calls to WeChat's servers that we need, each one request. Raises `WeChatRefused` and `WeChatAway`."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, TypeVar

import httpx

from qingyuan_wechat.refusals import TokenRefused, WeChatAway, WeChatUnreached, refusal
from qingyuan_wechat.tokens import Fresh, SharedTokens

BASE_URL: Final = "https://api.weixin.qq.com"
SECONDS: Final = 5.0

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class OfficialAccount:
    app_id: str
    secret: str
    base_url: str = BASE_URL


@dataclass(frozen=True, slots=True)
class Authorised:
    """Who agreed. `snapshot`: a virtual user of WeChat's snapshot page, who is nobody and must never be bound."""

    openid: str
    snapshot: bool


class WeChat:
    def __init__(self, account: OfficialAccount, http: httpx.AsyncClient, tokens: SharedTokens) -> None:
        self.account = account
        self._http = http
        self._tokens = tokens

    async def authorised(self, code: str) -> Authorised:
        """Exchange the code of an authorisation, which WeChat accepts once. Raises `CodeRefused`."""
        account = self.account
        answer = await self._get(
            "/sns/oauth2/access_token",
            {
                "appid": account.app_id,
                "secret": account.secret,
                "code": code,
                "grant_type": "authorization_code",
            },
        )
        return Authorised(str(answer["openid"]), answer.get("is_snapshotuser") == 1)

    async def send_template(
        self, openid: str, template: str, values: Mapping[str, str], *, link: str | None = None
    ) -> str:
        """Send a template message and return its number. Raises `NotFollowing`, `TemplateRefused`, `QuotaUsedUp`."""
        message = {
            "touser": openid,
            "template_id": template,
            "data": _values(values),
            **({"url": link} if link else {}),
        }
        answer = await self._with_token(
            lambda token: self._post("/cgi-bin/message/template/send", token, message)
        )
        return str(answer.get("msgid", ""))

    async def send_subscribed(
        self, openid: str, template: str, values: Mapping[str, str], *, page: str | None = None
    ) -> None:
        """Send a subscription message. Raises `MessageRefused` where the person did not agree to it."""
        message = {
            "touser": openid,
            "template_id": template,
            "data": _values(values),
            **({"page": page} if page else {}),
        }
        await self._with_token(lambda token: self._post("/cgi-bin/message/subscribe/bizsend", token, message))

    async def media(self, media_id: str) -> bytes:
        """A picture or a voice that a page has uploaded by the JS-SDK."""
        return await self._with_token(lambda token: self._media(token, media_id))

    async def js_ticket(self) -> str:
        return await self._tokens.valid(f"ticket {self.account.app_id}", self._fetch_ticket)

    async def token(self, *, instead_of: str | None = None) -> str:
        """The global token, which all processes share."""
        key = f"token {self.account.app_id}"
        return await self._tokens.valid(key, lambda: self._fetch_token(instead_of), instead_of=instead_of)

    async def _with_token(self, call: Callable[[str], Awaitable[Answer]]) -> Answer:
        """Call with the global token; if WeChat refuses that token, once more with a new one."""
        token = await self.token()
        try:
            return await call(token)
        except TokenRefused:
            return await call(await self.token(instead_of=token))

    async def _fetch_token(self, instead_of: str | None) -> Fresh:
        """WeChat gives the present token again while it is valid; only where just that one was refused, a new one is forced."""
        fresh = await self._stable_token(force=False)
        return await self._stable_token(force=True) if fresh.value == instead_of else fresh

    async def _stable_token(self, *, force: bool) -> Fresh:
        body = {
            "grant_type": "client_credential",
            "appid": self.account.app_id,
            "secret": self.account.secret,
            "force_refresh": force,
        }
        answer = await self._ask("POST", "/cgi-bin/stable_token", json=body)
        return Fresh(str(answer["access_token"]), timedelta(seconds=int(answer["expires_in"])))

    async def _fetch_ticket(self) -> Fresh:
        answer = await self._with_token(
            lambda token: self._get("/cgi-bin/ticket/getticket", {"access_token": token, "type": "jsapi"})
        )
        return Fresh(str(answer["ticket"]), timedelta(seconds=int(answer["expires_in"])))

    async def _media(self, token: str, media_id: str) -> bytes:
        response = await self._response(
            "GET", "/cgi-bin/media/get", params={"access_token": token, "media_id": media_id}
        )
        if "json" in response.headers.get("content-type", "") or response.content[:1] == b"{":
            _answer(response)
        return response.content

    async def _get(self, path: str, parameters: Mapping[str, str]) -> dict[str, Any]:
        return await self._ask("GET", path, params=dict(parameters))

    async def _post(self, path: str, token: str, message: Mapping[str, object]) -> dict[str, Any]:
        return await self._ask("POST", path, params={"access_token": token}, json=message)

    async def _ask(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        return _answer(await self._response(method, path, **request))

    async def _response(self, method: str, path: str, **request: Any) -> httpx.Response:
        try:
            response = await self._http.request(method, f"{self.account.base_url}{path}", **request)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise WeChatUnreached(type(error).__name__) from None
        except httpx.HTTPError as error:
            raise WeChatAway(type(error).__name__) from None  # its text may hold the secret
        if response.status_code != 200:
            raise WeChatAway(str(response.status_code))
        return response


def open_http(base_url: str) -> httpx.AsyncClient:
    """A client that goes by the machine's proxy, but to this machine itself directly."""
    return httpx.AsyncClient(timeout=SECONDS, trust_env=not base_url.startswith("http://127.0.0.1"))


def _values(values: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {name: {"value": value} for name, value in values.items()}


def _answer(response: httpx.Response) -> dict[str, Any]:
    """WeChat calls its JSON text/plain."""
    try:
        answer = json.loads(response.content)
    except ValueError:
        raise WeChatAway("not JSON") from None
    if not isinstance(answer, dict):
        raise WeChatAway("not an object")
    if code := answer.get("errcode"):
        raise refusal(int(code), str(answer.get("errmsg", "")))
    return answer
