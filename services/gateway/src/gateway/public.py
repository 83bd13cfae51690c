"""uvicorn's HTTP protocol with limits for the public port: on time, size and number of connections.

The head of a request is limited in size, number of lines and time. The rest of a refused body is read and discarded for a
moment, so that the connection can be used for the next request. This may be that of another user, since a proxy in front
of the gateway shares connections among all users.
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
    reading_seconds: float = 60.0
    """How long a client may take to read a response that is ready: meanwhile it occupies a connection to a service."""


@dataclass(frozen=True, slots=True)
class Refusal:
    status: int
    code: str
    sentence: str


MALFORMED = Refusal(400, "request.unreadable", "请求无法识别。")
LATE = Refusal(408, "request.too-slow", "请求发送过慢，连接已关闭。")
LONG_ADDRESS = Refusal(414, "address.too-long", "请求地址过长。")
LARGE_HEAD = Refusal(431, "head.too-large", "请求头过多或过大。")
FULL = Refusal(503, "server.full", "服务器连接过多，请稍后重试。")


class PublicProtocol(HttpToolsProtocol):
    limits: ClassVar[Limits] = Limits()
    security: ClassVar[Headers] = SECURITY

    _refusal: Refusal = MALFORMED
    _refused = False
    _in_head = False
    _in_message = False
    _head_bytes = 0
    _unfinished_bytes = 0
    _timer: asyncio.TimerHandle | None = None
    _reading_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self.limits.connections:
            self._refuse(FULL)
        else:
            self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        self._response_read()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._reading_timer = self.loop.call_later(self.limits.reading_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._response_read()

    def _response_read(self) -> None:
        if self._reading_timer:
            self._reading_timer.cancel()
            self._reading_timer = None

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        super().data_received(data)
        if self._in_head and not self._refused:
            self._unfinished_bytes += len(data)  # the parser reports a line only when it is complete
            if self._unfinished_bytes > self.limits.head_bytes:
                self._refuse(LARGE_HEAD)
        elif not self._in_message and self.timeout_keep_alive_task is None:
            self._wait_for_more()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = self._in_message = True
        self._head_bytes = self._unfinished_bytes = 0
        if self._timer is None:
            self._wait_for_head()

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > self.limits.address_bytes:
            self._stop_parsing(LONG_ADDRESS)

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._head_bytes += len(name) + len(value)
        if len(self.headers) > self.limits.head_lines or self._head_bytes > self.limits.head_bytes:
            self._stop_parsing(LARGE_HEAD)

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._stop_timer()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._in_message = False
        self._stop_timer()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._in_message and not self._in_head and self.cycle.response_complete:
            self._stop_timer()
            self._timer = self.loop.call_later(self.limits.rest_seconds, self.transport.close)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002
        """uvicorn calls this when its parser fails, and so also after `_stop_parsing`."""
        self._refuse(self._refusal)

    def _stop_parsing(self, refusal: Refusal) -> None:
        self._refusal = refusal
        raise ValueError(refusal.code)

    def _wait_for_more(self) -> None:
        """Start the keep-alive time-out. uvicorn does not where the request's body ends after the response."""
        complete = self.cycle is not None and self.cycle.response_complete
        if complete and not self.pipeline and not self.transport.is_closing():
            seconds = self.timeout_keep_alive
            self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)

    def _wait_for_head(self) -> None:
        self._timer = self.loop.call_later(self.limits.head_seconds, self._head_is_late)

    def _head_is_late(self) -> None:
        self._timer = None
        if self._in_head:
            self._refuse(LATE)
        else:
            self.transport.close()  # nothing was received, so there is nothing to respond to

    def _stop_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _refuse(self, refusal: Refusal) -> None:
        """Read nothing more. A response to an earlier request that is being sent is finished first."""
        self._refused = True
        self._stop_timer()
        if self.transport.is_closing():
            return
        under_way = self.cycle is not None and not self.cycle.response_complete
        if under_way and not self.cycle.more_body:
            self.cycle.keep_alive = False
            self.pipeline.clear()
        elif under_way and self.cycle.response_started:
            self.transport.close()
        else:
            self._send(refusal)

    def _send(self, refusal: Refusal) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.write(_response(refusal, self.security))
        self.transport.close()


def public_protocol(given: Limits, headers: Headers) -> type[PublicProtocol]:
    class Limited(PublicProtocol):
        limits = given
        security = headers

    return Limited


def _response(refusal: Refusal, security: Headers) -> bytes:
    problem = {
        "type": f"urn:qingyuan:problem:{refusal.code}", "title": refusal.sentence, "status": refusal.status, "code": refusal.code,
    }  # fmt: skip
    body = json.dumps(problem, ensure_ascii=False).encode()
    headers = {
        "content-type": MEDIA_TYPE, "content-length": str(len(body)), "cache-control": "no-store",
        "connection": "close", **security,
    }  # fmt: skip
    if refusal.status == 503:
        headers["retry-after"] = "2"
    lines = [f"{name}: {value}\r\n".encode() for name, value in headers.items()]
    return b"".join((STATUS_LINE[refusal.status], *lines, b"\r\n", body))
