"""The routes of WeChat: bind and unbind, log in, the signature of the JS-SDK, and what WeChat sends to us."""

import secrets
from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import Depends, FastAPI, Query, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from qingyuan_runtime.domain.decider import Invalid, Missing, Problem
from qingyuan_runtime.domain.text import AsItIs, Text
from qingyuan_runtime.edge.dependencies import ActorDep, from_state
from qingyuan_runtime.edge.problems import Forbidden, problem
from qingyuan_wechat.js_signature import js_signature
from qingyuan_wechat.pushes import PushRefused
from qingyuan_wechat.refusals import CodeRefused, WeChatAway, WeChatRefused

from accounts.http import response_models, wechat_models
from accounts.http.identity_routes import AgainBody, Identity, show_again
from accounts.http.parts import From, Hashed, Service, shown
from accounts.wechat.binding import SnapshotUser, WrongNumber
from accounts.wechat.log_in import SeveralAccounts, Unbound
from accounts.wechat.opening import WeChatParts, qr_of
from accounts.wechat.states import StateGone, TooManyOfAccount, TooManyStates

Token = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]
Code = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9_-]+$")]
Word = Annotated[str, AsItIs(200), Query()]
MOST_PUSH_BYTES = 32 * 1024


class NotConfigured(Exception):
    pass


async def configured(found: Annotated[WeChatParts | None, Depends(from_state("wechat"))]) -> WeChatParts:
    if found is None:
        raise NotConfigured
    return found


Parts = Annotated[WeChatParts, Depends(configured)]
MaybeParts = Annotated[WeChatParts | None, Depends(from_state("wechat"))]


class BeginningBody(AgainBody):
    """`name`: by what the person will know this WeChat in the list, such as “张三的微信”; and who asks shows once more who they are."""

    name: Annotated[str, Text(40, least=1)]


class ArrivalBody(BaseModel):
    model_config = ConfigDict(extra="forbid")
    state: Token
    code: Code


class NumberBody(BaseModel):
    model_config = ConfigDict(extra="forbid")
    state: Token
    number: Annotated[str, Field(pattern="^[0-9]{4}$")]


class LogInBody(BaseModel):
    model_config = ConfigDict(extra="forbid")
    state: Token
    secret: Token
    code: Code


class ChoiceBody(BaseModel):
    model_config = ConfigDict(extra="forbid")
    state: Token
    secret: Token
    account: UUID


class PageBody(BaseModel):
    """`url`: the address of the page as the browser has it."""

    model_config = ConfigDict(extra="forbid")
    url: Annotated[str, AsItIs(2_000, least=1)]


def add_routes(app: FastAPI) -> None:
    for kind, answer in _ANSWERS.items():
        app.add_exception_handler(kind, answer)
    app.add_exception_handler(SeveralAccounts, _several)
    app.add_exception_handler(WrongNumber, _wrong_number)
    _add_log_in(app)
    _add_binding(app)
    _add_bindings(app)
    _add_js_signature(app)
    _add_pushes(app)


def _add_log_in(app: FastAPI) -> None:
    @app.post("/session/wechat/beginning", response_model=wechat_models.LogInBeginning, tags=["微信"])
    async def begin_log_in(_by: ActorDep, parts: Parts, origin: From) -> JSONResponse:
        """The address of WeChat's page that asks the person for consent. Good for five minutes, in this browser."""
        state, secret = await parts.log_in.begin(origin)
        content = {"url": parts.authorise_url(state.token), "state": state.token, "secret": secret}
        return JSONResponse(content | {"expires_at": state.expires_at.isoformat()})

    @app.post("/session/wechat", response_model=response_models.Session, tags=["微信"])
    async def log_in_by_wechat(body: LogInBody, _by: ActorDep, parts: Parts, origin: From) -> JSONResponse:
        """Open a session. 409 `wechat.choice` with `accounts` where this WeChat user has several.

        `token` is for the gateway only, which turns it into a cookie.
        """
        session = await parts.log_in.log_in(body.state, body.secret, body.code, origin)
        return JSONResponse(shown(session, app.state.idle_minutes) | {"token": session.token})

    @app.post("/session/wechat/choice", response_model=response_models.Session, tags=["微信"])
    async def choose_account(body: ChoiceBody, _by: ActorDep, parts: Parts, origin: From) -> JSONResponse:
        """Open a session for one of the accounts that the log-in has offered."""
        session = await parts.log_in.choose(body.state, body.secret, body.account, origin)
        return JSONResponse(shown(session, app.state.idle_minutes) | {"token": session.token})


def _add_binding(app: FastAPI) -> None:
    @app.post("/wechat/binding/beginning", response_model=wechat_models.BindingBeginning, tags=["微信"])
    async def begin_binding(
        body: BeginningBody,
        by: ActorDep,
        parts: Parts,
        service: Service,
        identity: Identity,
        origin: From,
        hashed: Hashed,
    ) -> JSONResponse:
        """The address of WeChat's page, and the same as a code to scan. It belongs to the session that asks.

        A new way in asks for the password, a code of the app or the certificate, as second steps do: a session left open is not enough.
        """
        if by.kind not in ("enterprise", "operator"):
            raise Forbidden
        await show_again(body, by, service, identity)
        state = await parts.binding.begin(by.account, hashed, body.name, origin)
        url = parts.authorise_url(state.token)
        content = {"url": url, "qr": qr_of(url), "state": state.token}
        return JSONResponse(content | {"expires_at": state.expires_at.isoformat()})

    @app.post("/wechat/binding/arrival", response_model=wechat_models.Arrival, tags=["微信"])
    async def arrive(body: ArrivalBody, _by: ActorDep, parts: Parts, hashed: Hashed) -> JSONResponse:
        """Where WeChat leads back to. The same again is answered like the first time."""
        arrival = await parts.binding.arrive(body.state, body.code, hashed)
        return JSONResponse({"outcome": arrival.outcome, "number": arrival.number})

    @app.post("/wechat/binding/confirmation", status_code=204, tags=["微信"])
    async def confirm(body: NumberBody, _by: ActorDep, parts: Parts, hashed: Hashed) -> Response:
        """The number that the phone shows, typed in where the binding was begun."""
        await parts.binding.confirm(body.state, body.number, hashed)
        return Response(status_code=204)


def _add_bindings(app: FastAPI) -> None:
    @app.get("/wechat/bindings", response_model=wechat_models.Bindings, tags=["微信"])
    async def bindings(by: ActorDep, parts: MaybeParts) -> JSONResponse:
        """The WeChat users that are bound to the own account."""
        rows = await parts.binding.bindings.of(by.account) if parts else ()
        items = [
            {
                "id": str(row["binding_id"]),
                "name": row["name"],
                "bound_at": row["bound"].isoformat(),
                "following": row["following"],
            }
            for row in rows
        ]
        return JSONResponse({"configured": parts is not None, "items": items})

    @app.delete("/wechat/bindings/{binding_id}", status_code=204, tags=["微信"])
    async def unbind(binding_id: UUID, by: ActorDep, parts: Parts) -> Response:
        if not await parts.binding.unbind(by.account, binding_id):
            raise Missing("wechat-binding")
        return Response(status_code=204)


def _add_js_signature(app: FastAPI) -> None:
    @app.post("/wechat/js-signature", response_model=wechat_models.JsSignature, tags=["微信"])
    async def sign_page(body: PageBody, _by: ActorDep, parts: Parts, service: Service) -> JSONResponse:
        """Lets a page of ours use WeChat's JS-SDK. What follows # does not count."""
        if not parts.is_own_page(body.url):
            raise Invalid((Problem("url", "own-site", "只能为本站页面签名。"),))
        ticket, nonce = await parts.client.js_ticket(), secrets.token_hex(8)
        timestamp = int(service.now().timestamp())
        signature = js_signature(ticket, nonce, timestamp, body.url)
        signed = {"timestamp": timestamp, "nonce": nonce, "signature": signature}
        return JSONResponse({"app_id": parts.settings.wechat_app_id} | signed)


def _add_pushes(app: FastAPI) -> None:
    @app.get("/wechat/push", response_class=PlainTextResponse, tags=["微信"])
    async def verify_address(
        _by: ActorDep,
        parts: Parts,
        signature: Word = "",
        timestamp: Word = "",
        nonce: Word = "",
        echostr: Word = "",
    ) -> Response:
        """WeChat verifies our address once, when it is configured."""
        return PlainTextResponse(parts.pushes.answers(signature, timestamp, nonce, echostr))

    @app.post("/wechat/push", response_class=PlainTextResponse, tags=["微信"])
    async def push(
        request: Request,
        _by: ActorDep,
        parts: Parts,
        msg_signature: Word = "",
        timestamp: Word = "",
        nonce: Word = "",
    ) -> Response:
        """An event, signed and encrypted by WeChat. It may come several times."""
        body = (await request.body())[:MOST_PUSH_BYTES]
        await parts.followers.record(parts.pushes.opened(body, msg_signature, timestamp, nonce))
        return PlainTextResponse("success")


def _says(
    status: int, code: str, title: str, **headers: str
) -> Callable[[Request, Exception], Awaitable[JSONResponse]]:
    async def answer(_request: Request, _error: Exception) -> JSONResponse:
        return problem(status, code, title, headers=headers)

    return answer


_ANSWERS = {
    NotConfigured: _says(409, "wechat.not-configured", "本平台没有配置微信公众号，请用其他方式登录。"),
    StateGone: _says(409, "wechat.gone", "本次微信授权已使用或超过五分钟，请重新发起。"),
    TooManyStates: _says(
        429, "log-in.too-often", "来自此网络的微信请求过多，请五分钟后再试。", **{"Retry-After": "300"}
    ),
    TooManyOfAccount: _says(
        429, "wechat.too-often", "本账户开始绑定的次数过多，请五分钟后再试。", **{"Retry-After": "300"}
    ),
    SnapshotUser: _says(
        409, "wechat.snapshot", "当前是微信的快照页，无法识别您的身份；请点页面下方的“使用完整服务”后重试。"
    ),
    Unbound: _says(
        409, "wechat.unbound", "此微信没有绑定可用的账户；请先用其他方式登录，在“我的信息”中绑定。"
    ),
    CodeRefused: _says(409, "wechat.code", "微信授权已失效，请重新发起。"),
    WeChatRefused: _says(503, "wechat.refused", "微信拒绝了本平台的请求，请稍后重试或联系管理员。"),
    WeChatAway: _says(503, "wechat.away", "暂时连不上微信，请稍后重试。", **{"Retry-After": "5"}),
    PushRefused: _says(400, "push.refused", "不是微信发来的内容。"),
}


async def _several(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, SeveralAccounts)
    accounts = [
        {
            "id": str(account.id),
            "label": account.label,
            "name": account.name,
            "organisation_name": account.organisation_name,
        }
        for account in error.accounts
    ]
    return problem(409, "wechat.choice", "此微信绑定了多个账户，请选择一个。", accounts=accounts)


async def _wrong_number(_request: Request, _error: Exception) -> JSONResponse:
    wrong = Problem("number", "wrong", "与手机上显示的数字不一致。")
    return problem(422, "wechat.number", wrong.sentence, errors=(wrong,))
