"""Tells accounts, for its security log, who was given data by another service.

Lines that come while a request is under way wait and go together with the next one, so that many exports at once cost few requests.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from qingyuan_events import Actor

from gateway.audit import WHAT
from gateway.request_parts import Refused
from gateway.route import Route
from gateway.sessions import Sessions
from gateway.upstream import Down, TooSlow, Upstream

MOST_TOGETHER: Final = 200
PATH: Final = "/security-log/lines"

Line = dict[str, object]


@dataclass(frozen=True, slots=True)
class Waiting:
    line: Line
    told: asyncio.Future[None]


class SecurityLines:
    def __init__(self, upstream: Upstream, sessions: Sessions) -> None:
        self._upstream = upstream
        self._sessions = sessions
        self._waiting: list[Waiting] = []
        self._sending: asyncio.Task[None] | None = None

    async def tell(self, line: Line) -> None:
        """Returns when the line is in the log. Raises `Refused` where it may not be."""
        told: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(Waiting(line, told))
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._send_all())
        try:
            await told
        except (Down, TooSlow) as error:
            raise _not_told() from error

    async def _send_all(self) -> None:
        while self._waiting:
            together, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
            try:
                await self._send([waiting.line for waiting in together])
            except Exception as error:  # whoever waits hears of every failure, else the request would hang
                _settle(together, error)
            else:
                _settle(together, None)

    async def _send(self, lines: list[Line]) -> None:
        headers = self._sessions.own_headers() | {"content-type": "application/json"}
        body = json.dumps({"lines": lines}).encode()
        reply = await self._upstream.ask("accounts", "POST", PATH, headers=headers, body=body)
        if reply.status != 204:
            raise Down("accounts")


def line_of(route: Route, path: str, actor: Actor, origin: Mapping[str, str], status: int) -> Line:
    assert route.audit
    return {
        "what": WHAT[route.audit],
        "account": str(actor.account),
        "address": origin["x-client-address"],
        "agent": origin["x-client-agent"],
        "result": "done" if status < 400 else "refused" if status < 500 else "failed",
        "path": path[:300],
    }


def _not_told() -> Refused:
    sentence = "安全日志暂时无法记录，因此没有提供数据，请稍后重试。"
    return Refused(503, "security-log.down", sentence, headers={"Retry-After": "5"})


def _settle(together: list[Waiting], error: Exception | None) -> None:
    """Those whose browser has hung up wait no longer."""
    for waiting in together:
        if waiting.told.done():
            continue
        if error:
            waiting.told.set_exception(error)
        else:
            waiting.told.set_result(None)
