"""Handles each request of a browser: finds the route, checks the session, signs the actor's token, forwards the request."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from qingyuan_runtime.edge.hang_ups import while_connected
from qingyuan_runtime.process.telemetry import traceparent
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from gateway.naming import ids_in, view_of
from gateway.request_parts import (
    Network,
    Refused,
    address_of,
    body_of,
    forwarded,
    hosts,
    is_asked_by_page,
    is_for_another,
    is_own_page,
    path_of,
    printable,
    site_of,
)
from gateway.route import Route as TableRow
from gateway.security_lines import SecurityLines, line_of
from gateway.sessions import ActiveSession, Sessions, hash_of
from gateway.settings import GatewaySettings
from gateway.upstream import Reply, StreamReply, Upstream

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OPENING = frozenset(
    {
        "/api/session",
        "/api/session/step",
        "/api/session/certificate",
        "/api/session/wechat",
        "/api/session/wechat/choice",
        "/api/invitations/acceptance",
    }
)
RESTRICTED = {
    "password": "请先修改密码，再使用系统。",
    "factor": "请先启用两步验证，再使用系统。",
}
"""By the first of what the session must do."""
WHOSE = "/api/session"
"""By this a page learns for whom it is, and logs out whoever is there."""
OTHER_ACCOUNT = "这个浏览器已换成另一账户登录，本页没有提交或读取任何内容。请刷新页面。"
HANDOVER = "/api/organisation/handover"
ENDING_OTHERS = frozenset(
    {
        "/api/sessions",
        "/api/sessions/others",
        "/api/sessions/{session_id}",
        "/api/password",
        "/api/password/first",
    }
)
ENDING_SOMEBODYS = frozenset(
    {
        "/api/security/sessions/{session_id}",
        "/api/session/lost-key/password",
        "/api/organisation/certificate-demand",
        "/api/admin/organisations/{organisation_id}/certificate-demand",
    }
)
"""Sessions end there of accounts that the request does not name."""
SMALL_BYTES = 4 * 1024
"""Enough for a name and a password. The log-in is read before the client is known, so it must be small."""
PROOF_BYTES = 32 * 1024
"""Enough for signed data with a chain of certificates."""


Headers = Mapping[str, str]


@dataclass(frozen=True)
class UpstreamRequest:
    """The path and the headers of the request to a service."""

    path: str
    headers: dict[str, str]


@dataclass(frozen=True)
class Gateway:
    settings: GatewaySettings
    upstream: Upstream
    sessions: Sessions
    proxies: Sequence[Network] = ()

    @cached_property
    def lines(self) -> SecurityLines:
        return SecurityLines(self.upstream, self.sessions)

    @cached_property
    def hosts(self) -> frozenset[str]:
        return hosts(self.settings.public_url, self.settings.allowed_hosts)

    @property
    def cookie(self) -> str:
        return "__Host-qingyuan" if self.settings.cookie_secure else "qingyuan"

    async def answer(self, route: TableRow, request: Request) -> Response:
        """All checks of one request, the cheapest first, then the service's response."""
        if request.method not in SAFE and not route.foreign and not is_own_page(request):
            raise Refused(403, "origin.foreign", "请求来自其他网站，已拒绝。")
        self._require_own_host(route, request)
        token = request.cookies.get(self.cookie, "")
        used = not (route.asked_by_page or is_asked_by_page(request))
        session = await self._permitted(route, request, token, used=used)
        upstream = UpstreamRequest(path_of(route, request), self._headers(route, request, session))
        body = await self._body(route, request)
        if route.path in OPENING and request.method == "POST":
            return await self._log_in(upstream, body)
        if route.who is None and route.service == "accounts":
            upstream.headers.update(self.sessions.own_headers())
        if route.path == "/api/account-labels":
            upstream.headers.update(await self._vouched(request, session, upstream.headers))
        forwarding = self._forward(route, request.method, upstream, body)
        reply = await (while_connected(request, forwarding) if request.method in SAFE else forwarding)
        if route.audit and session:
            await self._tell(route, request, session, reply.status)
        if isinstance(reply, StreamReply):
            return self._streaming_response(route, token, session, reply)
        self._forget_changed(route, request, session, reply)
        return self._after(route, session, token, reply)

    def _require_own_host(self, route: TableRow, request: Request) -> None:
        """A challenge names the host, so one that is not ours would be signed for somebody else and brought here."""
        if not route.path.endswith("/challenges") or not self.hosts:
            return
        if request.headers.get("host", "").lower() not in self.hosts:
            raise Refused(403, "host.other", "请从本平台的地址访问后重试。")

    def _forget_changed(
        self, route: TableRow, request: Request, session: ActiveSession | None, reply: Reply
    ) -> None:
        """After a change of an account by an administrator its sessions are asked for anew, with their new role."""
        if route.method in SAFE or reply.status >= 300:
            return
        if changed := request.path_params.get("account_id"):
            self.sessions.forget_account(UUID(changed))
        if route.path == HANDOVER and session:
            self.sessions.forget_account(session.actor.account)
        if route.path in ENDING_SOMEBODYS:
            self.sessions.forget_all()

    async def _forward(
        self, route: TableRow, method: str, request: UpstreamRequest, body: bytes
    ) -> Reply | StreamReply:
        if route.answer != "whole":
            lasts = route.answer == "events"
            return await self.upstream.stream(
                route.service, request.path, headers=request.headers, lasts=lasts
            )
        return await self.upstream.ask(
            route.service, method, request.path, headers=request.headers, body=body or None
        )

    async def _permitted(
        self, route: TableRow, request: Request, token: str, *, used: bool
    ) -> ActiveSession | None:
        if route.who is None:
            return None
        session = await self.sessions.of(token, used=used) if token else None
        if session is None:
            raise Refused(401, "session.missing", "请先登录。")
        if route.path != WHOSE and is_for_another(request, session.actor.account):
            raise Refused(409, "session.other-account", OTHER_ACCOUNT)
        if not route.allows(session.actor):
            raise Refused(403, "forbidden", "您没有执行此操作的权限。")
        if session.must and not route.while_restricted:
            raise Refused(403, "session.restricted", RESTRICTED.get(session.must[0], RESTRICTED["factor"]))
        return session

    def _streaming_response(
        self, route: TableRow, token: str, session: ActiveSession | None, reply: StreamReply
    ) -> Response:
        headers = {"cache-control": "no-store"} | reply.headers
        if route.answer != "events" or session is None:
            return StreamingResponse(reply.body, reply.status, headers)
        # Proxies that collect a response before they pass it on would hold events back.
        headers["x-accel-buffering"] = "no"
        return StreamingResponse(
            self.sessions.while_open(token, session.actor, reply.body), reply.status, headers
        )

    async def _tell(self, route: TableRow, request: Request, session: ActiveSession, status: int) -> None:
        """What is not in the security log is not given away. Its line has no query, since people search by names."""
        origin = self._origin(request)
        await self.lines.tell(line_of(route, request.url.path, session.actor, origin, status))

    async def _body(self, route: TableRow, request: Request) -> bytes:
        return await body_of(
            request,
            limit=self._limit(route),
            seconds=self.settings.body_seconds,
            bytes_per_second=self.settings.body_bytes_per_second,
        )

    def _limit(self, route: TableRow) -> int:
        match route.body:
            case "upload":
                return self.settings.upload_bytes_max
            case "chunk":
                return self.settings.chunk_bytes_max
            case "small":
                return SMALL_BYTES
            case "proof":
                return PROOF_BYTES
            case _:
                return self.settings.json_bytes_max

    async def _vouched(
        self, request: Request, session: ActiveSession | None, headers: Headers
    ) -> dict[str, str]:
        """Headers with the account ids that are named on the object `on`, as views shows it to this user."""
        shown = request.query_params.get("on")
        if not shown or not session:
            return {}
        view = view_of(shown, session.actor.kind)
        as_user = {"authorization": headers["authorization"]}
        reply = await self.upstream.ask("views", "GET", view, headers=as_user)
        if reply.status != 200:
            return {}
        return ids_in(reply.body).headers(set(request.query_params.get("ids", "").split(",")))

    def _headers(self, route: TableRow, request: Request, session: ActiveSession | None) -> dict[str, str]:
        headers = forwarded(request)
        if session:
            headers["authorization"] = f"Bearer {session.token}"
        if route.service == "accounts":
            headers |= self._origin(request)
            if is_asked_by_page(request):
                headers["x-session-look"] = "1"
        if parent := traceparent():
            headers["traceparent"] = parent
        return headers

    def _origin(self, request: Request) -> dict[str, str]:
        """Headers with the origin of the request. Accounts stores it with sessions, and counts wrong passwords by it."""
        return {
            "x-session-hash": hash_of(request.cookies.get(self.cookie, "")),
            "x-client-site": site_of(request),
            "x-client-address": address_of(request, self.proxies),
            "x-client-agent": printable(request.headers.get("user-agent", "")[:300]),
        }

    async def _log_in(self, request: UpstreamRequest, body: bytes) -> Response:
        headers = request.headers | self.sessions.own_headers() | {"content-type": "application/json"}
        reply = await self.upstream.ask("accounts", "POST", request.path, headers=headers, body=body)
        if reply.status != 200:
            return _response(reply)
        session_data = json.loads(reply.body)
        token = session_data.pop("token")
        response = Response(
            json.dumps(session_data, ensure_ascii=False),
            media_type="application/json",
            headers={"cache-control": "no-store"},
        )
        response.set_cookie(
            self.cookie, token, path="/", secure=self.settings.cookie_secure, httponly=True, samesite="strict"
        )
        return response

    def _after(self, route: TableRow, session: ActiveSession | None, token: str, reply: Reply) -> Response:
        """After a log-out or a new password, forget the sessions in this process before the browser gets its response."""
        response = _response(reply)
        if session and route.method == "POST" and route.path.startswith("/api/factors"):
            self.sessions.forget_account(session.actor.account)
        if session is None or reply.status != 204:
            return response
        if route.path == "/api/session":
            self.sessions.forget(token)
            response.delete_cookie(self.cookie, secure=self.settings.cookie_secure)
        elif route.path in ENDING_OTHERS:
            self.sessions.forget_account(session.actor.account)
        return response


def _response(reply: Reply) -> Response:
    headers = {"cache-control": "no-store"} | reply.headers
    return Response(reply.body, reply.status, headers)
