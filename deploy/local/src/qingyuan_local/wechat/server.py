"""The paths of WeChat's servers, and those by which a test orders faults."""

import json
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from qingyuan_local.wechat import pages
from qingyuan_local.wechat.world import Refusal, World

Endpoint = Callable[[Request], Awaitable[Response]]
Call = Callable[[World, Request], Awaitable[dict[str, Any]]]


def build_app(world: World) -> Starlette:
    calls = [
        ("GET", "/sns/oauth2/access_token", _exchange),
        ("POST", "/cgi-bin/stable_token", _stable_token),
        ("GET", "/cgi-bin/ticket/getticket", _ticket),
        ("POST", "/cgi-bin/message/template/send", _template),
        ("POST", "/cgi-bin/message/subscribe/bizsend", _subscribed),
    ]
    routes = [Route(path, _endpoint(world, path, call), methods=[method]) for method, path, call in calls]
    routes += [
        Route("/cgi-bin/media/get", _media(world)),
        Route("/demo/faults", _faults(world), methods=["POST"]),
        Route("/demo/push", _push(world), methods=["POST"]),
        Route("/readyz", _ready),
        Route("/metrics", _metrics),
        *pages.routes(world),
    ]
    return Starlette(routes=routes)


def _endpoint(world: World, path: str, call: Call) -> Endpoint:
    """WeChat answers 200 in any case and calls its JSON text/plain."""

    async def endpoint(request: Request) -> Response:
        try:
            world.call(path)
            answer = await call(world, request)
        except Refusal as refusal:
            answer = {"errcode": refusal.code, "errmsg": refusal.message}
        return PlainTextResponse(json.dumps(answer, ensure_ascii=False))

    return endpoint


async def _exchange(world: World, request: Request) -> dict[str, Any]:
    world.require_secret(request.query_params)
    code = world.exchange(request.query_params.get("code", ""))
    answer = {
        "access_token": secrets.token_hex(8),
        "expires_in": 7200,
        "openid": code.openid,
        "scope": "snsapi_base",
    }
    return answer | ({"is_snapshotuser": 1} if code.snapshot else {})


async def _stable_token(world: World, request: Request) -> dict[str, Any]:
    body = await request.json()
    world.require_secret(body)
    token, left = world.stable_token(force=bool(body.get("force_refresh")))
    return {"access_token": token, "expires_in": left}


async def _ticket(world: World, request: Request) -> dict[str, Any]:
    world.require_token(request.query_params.get("access_token", ""))
    return {"errcode": 0, "errmsg": "ok", "ticket": world.ticket, "expires_in": 7200}


async def _template(world: World, request: Request) -> dict[str, Any]:
    world.require_token(request.query_params.get("access_token", ""))
    world.send(await request.json(), subscription=False)
    return {"errcode": 0, "errmsg": "ok", "msgid": len(world.messages)}


async def _subscribed(world: World, request: Request) -> dict[str, Any]:
    world.require_token(request.query_params.get("access_token", ""))
    world.send(await request.json(), subscription=True)
    return {"errcode": 0, "errmsg": "ok"}


def _media(world: World) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        try:
            world.call("/cgi-bin/media/get")
            world.require_token(request.query_params.get("access_token", ""))
            content = world.media.get(request.query_params.get("media_id", ""))
            if content is None:
                raise Refusal(40007, "invalid media_id")
        except Refusal as refusal:
            return PlainTextResponse(json.dumps({"errcode": refusal.code, "errmsg": refusal.message}))
        return Response(content, media_type="image/jpeg")

    return endpoint


def _faults(world: World) -> Endpoint:
    """`{path, codes}`: the next calls of the path answer these numbers, one each. `{skew}`: seconds by which its clock is off."""

    async def endpoint(request: Request) -> Response:
        body = await request.json()
        if "skew" in body:
            world.skew = float(body["skew"])
        if "path" in body:
            world.faults[body["path"]] = [int(code) for code in body["codes"]]
        return JSONResponse({"calls": dict(world.calls)})

    return endpoint


def _push(world: World) -> Endpoint:
    """`{openid, event, key}`: WeChat tells the platform of an event."""

    async def endpoint(request: Request) -> Response:
        body = await request.json()
        try:
            status = await pages.tell(world, body["openid"], body["event"], body.get("key", ""))
        except httpx.HTTPError:
            status = 0
        return JSONResponse({"status": status})

    return endpoint


async def _ready(_request: Request) -> Response:
    return PlainTextResponse("ok")


async def _metrics(_request: Request) -> Response:
    return PlainTextResponse("")
