"""The pages of the fake: authorise as a test user, and 微信（演示） with the messages, the menu and the switch of following."""

import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone
from html import escape
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

import httpx
from qingyuan_wechat.pushes import Pushes
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from qingyuan_local.wechat.world import User, World

Endpoint = Callable[[Request], Awaitable[Response]]
SHANGHAI: Final = timezone(timedelta(hours=8))
STYLE: Final = """body{font:16px/1.6 sans-serif;max-width:560px;margin:24px auto;padding:0 16px;color:#1a1a1a}
a.row,button{display:block;width:100%;box-sizing:border-box;margin:8px 0;padding:12px 14px;border:1px solid #ccc;border-radius:8px;
background:#fff;font:inherit;text-align:left;text-decoration:none;color:inherit}
.note{color:#555;font-size:14px}.message{border:1px solid #ccc;border-radius:8px;padding:10px 14px;margin:8px 0}h1{font-size:20px}h2{font-size:17px}"""


def routes(world: World) -> list[Route]:
    return [
        Route("/connect/oauth2/authorize", _authorise(world)),
        Route("/connect/oauth2/agree", _agree(world)),
        Route("/", _users(world)),
        Route("/users/{openid}", _user(world)),
        Route("/users/{openid}/following", _following(world), methods=["POST"]),
    ]


def _page(title: str, content: str) -> HTMLResponse:
    return HTMLResponse(
        f"<!doctype html><html lang='zh-CN'><meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
        f"<title>{title}</title><style>{STYLE}</style><h1>{title}</h1>{content}"
        "<p class='note'>这是本机的演示，不是微信：没有任何内容发送到外部。</p></html>"
    )


def _authorise(world: World) -> Endpoint:
    """A choice of who one is, and of what can go wrong."""

    async def endpoint(request: Request) -> Response:
        asked = dict(request.query_params)
        if problem := _problem(world, asked):
            return _page("微信（演示）", f"<p>{problem}</p>")
        links = "".join(_choice(asked, user, "", user.name) for user in world.users.values())
        first = next(iter(world.users.values()))
        links += _choice(asked, first, "twice", f"{first.name}：回调两次")
        links += _choice(asked, first, "snapshot", "快照页的虚拟用户")
        links += _choice(asked, first, "deny", "拒绝")
        return _page("微信（演示）：授权登录", f"<p>以谁的身份授权？</p>{links}")

    return endpoint


def _problem(world: World, asked: dict[str, str]) -> str | None:
    if asked.get("appid") != world.official.app_id:
        return "appid 参数错误（10013）"
    if not asked.get("redirect_uri", "").startswith(f"{world.official.platform}/"):
        return "redirect_uri 域名与后台配置不一致（10003）"
    return None if asked.get("response_type") == "code" else "response_type 参数错误（10015）"


def _choice(asked: dict[str, str], user: User, how: str, text: str) -> str:
    query = urlencode(
        {
            "redirect_uri": asked["redirect_uri"],
            "state": asked.get("state", ""),
            "openid": user.openid,
            "how": how,
        }
    )
    return f"<a class='row' href='/connect/oauth2/agree?{escape(query)}'>{escape(text)}</a>"


def _agree(world: World) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        asked = request.query_params
        redirect, how = asked.get("redirect_uri", ""), asked.get("how", "")
        if not redirect.startswith(f"{world.official.platform}/") or asked.get("openid") not in world.users:
            return _page("微信（演示）", "<p>参数错误</p>")
        given = {"state": asked.get("state", "")}
        if how != "deny":
            given = {"code": world.agree(asked["openid"], snapshot=how == "snapshot")} | given
        back = f"{redirect}{'&' if urlsplit(redirect).query else '?'}{urlencode(given)}"
        return _twice(back) if how == "twice" else RedirectResponse(back, 302)

    return endpoint


def _twice(back: str) -> Response:
    """The platform's page in two frames would be refused by its policy: two links to open one after the other."""
    link = f"<a class='row' target='_blank' rel='opener' href='{escape(back)}'>第一次回调（新标签页）</a>"
    return _page("微信（演示）：回调两次", f"{link}<a class='row' href='{escape(back)}'>第二次回调</a>")


def _users(world: World) -> Endpoint:
    async def endpoint(_request: Request) -> Response:
        rows = "".join(
            f"<a class='row' href='/users/{quote(user.openid)}'>{escape(user.name)}（消息 {_number(world, user)} 条）</a>"
            for user in world.users.values()
        )
        return _page("微信（演示）", f"<p>您是谁？</p>{rows}")

    return endpoint


def _number(world: World, user: User) -> int:
    return sum(message.openid == user.openid for message in world.messages)


def _user(world: World) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        user = world.users.get(request.path_params["openid"])
        if user is None:
            return RedirectResponse("/", 302)
        menu = f"<h2>公众号菜单：业务管理</h2><a class='row' href='{escape(world.official.platform)}/m/'>污染源运维</a>"
        text = "取消关注公众号" if user.follows else "关注公众号"
        switch = f"<form method='post' action='/users/{quote(user.openid)}/following'><button>{text}</button></form>"
        return _page(
            f"微信（演示）：{escape(user.name)}", f"{menu}{switch}<h2>收到的消息</h2>{_messages(world, user)}"
        )

    return endpoint


def _messages(world: World, user: User) -> str:
    received = [message for message in reversed(world.messages) if message.openid == user.openid]
    if not received:
        return "<p>还没有消息。</p>"
    return "".join(
        f"<div class='message'><p class='note'>{_clock(message.at)}</p>"
        + "".join(f"<p>{escape(name)}：{escape(value)}</p>" for name, value in message.values.items())
        + (f"<a href='{escape(message.link)}'>查看详情</a>" if message.link.startswith("http") else "")
        + "</div>"
        for message in received
    )


def _clock(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).astimezone(SHANGHAI).strftime("%m-%d %H:%M")


def _following(world: World) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        user = world.users.get(request.path_params["openid"])
        if user:
            user.follows = not user.follows
            await _told(world, user.openid, "subscribe" if user.follows else "unsubscribe")
        return RedirectResponse(f"/users/{quote(request.path_params['openid'])}", 303)

    return endpoint


async def _told(world: World, openid: str, event: str) -> None:
    """WeChat keeps what the person did, whether or not the platform answers."""
    try:
        await tell(world, openid, event)
    except httpx.HTTPError:
        return


async def tell(world: World, openid: str, event: str, key: str = "") -> int:
    """Send an event to the platform, encrypted and signed. Returns the status of its answer."""
    official = world.official
    timestamp, nonce = str(int(world.now())), secrets.token_hex(5)
    content = (
        f"<xml><ToUserName><![CDATA[{official.app_id}]]></ToUserName><FromUserName><![CDATA[{openid}]]></FromUserName>"
        f"<CreateTime>{timestamp}</CreateTime><MsgType><![CDATA[event]]></MsgType>"
        f"<Event><![CDATA[{event}]]></Event><EventKey><![CDATA[{key}]]></EventKey></xml>"
    )
    pushes = Pushes(official.app_id, official.push_token, official.push_key)
    body, signed = pushes.sealed(content, timestamp, nonce)
    query = {"msg_signature": signed, "timestamp": timestamp, "nonce": nonce, "encrypt_type": "aes"}
    async with httpx.AsyncClient(trust_env=False, timeout=5) as http:
        answer = await http.post(
            f"{official.platform}/api/wechat/push",
            params=query,
            content=body,
            headers={"content-type": "text/xml"},
        )
    return answer.status_code
