"""uvicorn's HTTP with an end to what it takes from strangers: how long, how large, how many.

A head has a size, a number of lines and a time; what is left of a refused body is read away for a moment, so that the
connection stays good for the next request, which may be another person's: a proxy in front of us shares it among all.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from qingyuan_runtime.edge.problems import MEDIA_TYPE
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from gateway.headers import SECURITY

Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Limits:
    connections: int = 2_000
    head_bytes: int = 32 * 1024
    address_bytes: int = 8 * 1024
    head_lines: int = 100
    head_seconds: float = 15.0
    rest_seconds: float = 10.0
    taken_seconds: float = 60.0
    """So long may be taken over what is ready to be sent: who does not read holds a connection to a service."""


@dataclass(frozen=True, slots=True)
class Said:
    status: int
    code: str
    sentence: str


MALFORMED = Said(400, "request.unreadable", "请求无法识别。")
LATE = Said(408, "request.too-slow", "请求发送过慢，连接已关闭。")
LONG_ADDRESS = Said(414, "address.too-long", "请求地址过长。")
LARGE_HEAD = Said(431, "head.too-large", "请求头过多或过大。")
FULL = Said(503, "server.full", "服务器连接过多，请稍后重试。")


class PublicProtocol(HttpToolsProtocol):
    limits: ClassVar[Limits] = Limits()
    security: ClassVar[Headers] = SECURITY

    _said: Said = MALFORMED
    _over = False
    _in_head = False
    _in_message = False
    _head_bytes = 0
    _unfinished_bytes = 0
    _clock: asyncio.TimerHandle | None = None
    _taking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self.limits.connections:
            self._refuse(FULL)
        else:
            self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_clock()
        self._is_taken()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._taking = self.loop.call_later(self.limits.taken_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._is_taken()

    def _is_taken(self) -> None:
        if self._taking:
            self._taking.cancel()
            self._taking = None

    def data_received(self, data: bytes) -> None:
        if self._over:
            return
        super().data_received(data)
        if self._in_head and not self._over:
            self._unfinished_bytes += len(data)  # a line that does not end is seen by nobody else
            if self._unfinished_bytes > self.limits.head_bytes:
                self._refuse(LARGE_HEAD)
        elif not self._in_message and self.timeout_keep_alive_task is None:
            self._wait_for_more()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = self._in_message = True
        self._head_bytes = self._unfinished_bytes = 0
        if self._clock is None:
            self._wait_for_head()

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > self.limits.address_bytes:
            self._turn_away(LONG_ADDRESS)

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._head_bytes += len(name) + len(value)
        if len(self.headers) > self.limits.head_lines or self._head_bytes > self.limits.head_bytes:
            self._turn_away(LARGE_HEAD)

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._stop_clock()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._in_message = False
        self._stop_clock()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._in_message and not self._in_head and self.cycle.response_complete:
            self._stop_clock()
            self._clock = self.loop.call_later(self.limits.rest_seconds, self.transport.close)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002
        """uvicorn calls it for whatever its parser does not take, also when one of the limits above said so."""
        self._refuse(self._said)

    def _turn_away(self, said: Said) -> None:
        self._said = said
        raise ValueError(said.code)

    def _wait_for_more(self) -> None:
        """As uvicorn does after an answer; it forgets to where the end of a request comes after it."""
        answered = self.cycle is not None and self.cycle.response_complete
        if answered and not self.pipeline and not self.transport.is_closing():
            patience = self.timeout_keep_alive
            self.timeout_keep_alive_task = self.loop.call_later(patience, self.timeout_keep_alive_handler)

    def _wait_for_head(self) -> None:
        self._clock = self.loop.call_later(self.limits.head_seconds, self._head_is_late)

    def _head_is_late(self) -> None:
        self._clock = None
        if self._in_head:
            self._refuse(LATE)
        else:
            self.transport.close()  # it has said nothing, and hears nothing

    def _stop_clock(self) -> None:
        if self._clock:
            self._clock.cancel()
            self._clock = None

    def _refuse(self, said: Said) -> None:
        """Nothing more is read. An answer that is under way to an earlier request is finished first."""
        self._over = True
        self._stop_clock()
        if self.transport.is_closing():
            return
        under_way = self.cycle is not None and not self.cycle.response_complete
        if under_way and not self.cycle.more_body:
            self.cycle.keep_alive = False
            self.pipeline.clear()
        elif under_way and self.cycle.response_started:
            self.transport.close()
        else:
            self._say(said)

    def _say(self, said: Said) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.write(_answer(said, self.security))
        self.transport.close()


def public_protocol(given: Limits, headers: Headers) -> type[PublicProtocol]:
    class Limited(PublicProtocol):
        limits = given
        security = headers

    return Limited


def _answer(said: Said, security: Headers) -> bytes:
    problem = {
        "type": f"urn:qingyuan:problem:{said.code}", "title": said.sentence, "status": said.status, "code": said.code,
    }  # fmt: skip
    body = json.dumps(problem, ensure_ascii=False).encode()
    headers = {
        "content-type": MEDIA_TYPE, "content-length": str(len(body)), "cache-control": "no-store",
        "connection": "close", **security,
    }  # fmt: skip
    if said.status == 503:
        headers["retry-after"] = "2"
    lines = [f"{name}: {value}\r\n".encode() for name, value in headers.items()]
    return b"".join((STATUS_LINE[said.status], *lines, b"\r\n", body))
