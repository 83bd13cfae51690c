"""WeChat's pushes are the only requests of others that get through; a log-in by WeChat sets the cookie like any other."""

import json

import pytest
from aiohttp import web
from gateway.public import Limits
from serving import Connection, Services, request, running

LIMITS = Limits()
PUSH = "/api/wechat/push?msg_signature=x&timestamp=1&nonce=n"
FOREIGN = {"Sec-Fetch-Site": "cross-site"}


async def sent(services: Services, message: bytes) -> tuple[int, dict[str, str], bytes]:
    async with running(services, LIMITS) as port:
        connection = await Connection.to(port)
        connection.send(message)
        answer = await connection.answer()
        connection.writer.close()
        return answer.status, answer.headers, answer.body


async def test_a_push_of_wechat_reaches_accounts_with_its_query_and_our_token() -> None:
    services = Services()
    status, _, body = await sent(services, request("POST", PUSH, body=b"<xml/>", **FOREIGN))
    assert (status, json.loads(body)) == (200, {"body": "<xml/>"})
    (push,) = services.requests
    assert push.path_qs == PUSH.removeprefix("/api")
    assert push.headers["authorization"].startswith("Bearer ")


@pytest.mark.parametrize(
    "path",
    [
        "/api/session/wechat/beginning",
        "/api/session/wechat",
        "/api/session/wechat/choice",
        "/api/wechat/binding/beginning",
        "/api/wechat/binding/arrival",
        "/api/wechat/binding/confirmation",
        "/api/wechat/js-signature",
    ],
)
async def test_everything_else_comes_from_our_own_pages(path: str) -> None:
    services = Services()
    status, _, body = await sent(services, request("POST", path, body=b"{}", **FOREIGN))
    assert (status, json.loads(body)["code"]) == (403, "origin.foreign")
    assert services.requests == []


@pytest.mark.parametrize("path", ["/api/session/wechat", "/api/session/wechat/choice"])
async def test_the_token_of_a_session_becomes_a_strict_cookie(path: str) -> None:
    async def opened(_request: web.Request) -> web.Response:
        return web.json_response({"account": {}, "token": "t0ken"})

    status, headers, body = await sent(Services(opened), request("POST", path, body=b"{}"))
    assert (status, json.loads(body)) == (200, {"account": {}})
    assert headers["set-cookie"] == "qingyuan=t0ken; HttpOnly; Path=/; SameSite=strict"
