"""The client for the services behind the gateway, with pooled connections."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import aiohttp
import structlog
from yarl import URL

from gateway.headers import TO_BROWSER

log = structlog.get_logger()

STREAM_LIMITS = aiohttp.ClientTimeout(total=None, connect=5, sock_read=30)
"""No total limit, since downloads over poor connections take long; but the service must not pause for long."""


KEPT_IDLE_SECONDS = 60
"""Shorter than services keep idle connections open, so that they do not close one that is about to be used."""
REQUESTS_AT_ONCE = 200
STREAMS_AT_ONCE = 100
"""Slow downloads occupy connections, so streams have a pool of their own and do not delay other requests."""
EVENTS_AT_ONCE = 1_000
"""Each open page keeps one connection for events, in a pool of its own so that downloads do not wait for them."""


class Down(Exception):
    """The service does not respond, or does not accept the gateway's token (HTTP 503)."""


class TooSlow(Exception):
    """The service did not respond in time (HTTP 503)."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class StreamReply:
    """A response whose body is still being received."""

    status: int
    headers: dict[str, str]
    body: AsyncIterator[bytes]


class Upstream:
    def __init__(
        self,
        session: aiohttp.ClientSession,
        streaming: aiohttp.ClientSession,
        lasting: aiohttp.ClientSession,
        addresses: Mapping[str, str],
    ) -> None:
        self._session = session
        self._streaming = streaming
        self._lasting = lasting
        self._addresses = addresses

    @classmethod
    def open(cls, addresses: Mapping[str, str], *, timeout: float) -> "Upstream":
        limits = aiohttp.ClientTimeout(total=timeout, connect=5)
        return cls(
            _client(REQUESTS_AT_ONCE, limits),
            _client(STREAMS_AT_ONCE, STREAM_LIMITS),
            _client(EVENTS_AT_ONCE, STREAM_LIMITS),
            addresses,
        )

    async def ask(
        self,
        service: str,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        body: bytes | AsyncIterator[bytes] | None = None,
    ) -> Reply:
        """One request. Raises `Down` or `TooSlow`. Never retries, since only the client knows whether that is safe."""
        try:
            async with self._session.request(
                method, self._url(service, path), headers=headers, data=body, allow_redirects=False
            ) as response:
                _require_trusted(service, response)
                return Reply(response.status, _forwarded(response), await response.read())
        except TimeoutError as error:
            raise TooSlow(service) from error
        except aiohttp.ClientError as error:
            raise Down(service) from error

    async def stream(
        self, service: str, path: str, *, headers: Mapping[str, str], lasts: bool = False
    ) -> StreamReply:
        """A GET whose response is forwarded while it is received. Raises as `ask` does, before the first byte.

        `lasts`: it does not end by itself.
        """
        url, client = self._url(service, path), self._lasting if lasts else self._streaming
        try:
            response = await client.get(url, headers=headers, allow_redirects=False)
        except TimeoutError as error:
            raise TooSlow(service) from error
        except aiohttp.ClientError as error:
            raise Down(service) from error
        _require_trusted(service, response)
        length = {name: response.headers[name] for name in ("content-length",) if name in response.headers}
        return StreamReply(response.status, _forwarded(response) | length, _chunks(response))

    def _url(self, service: str, path: str) -> URL:
        """Unchanged: quoting again, or resolving `..`, would result in another address."""
        return URL(self._addresses[service] + path, encoded=True)

    async def close(self) -> None:
        await self._session.close()
        await self._streaming.close()
        await self._lasting.close()


def _client(at_once: int, timeout: aiohttp.ClientTimeout) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=at_once, keepalive_timeout=KEPT_IDLE_SECONDS),
        timeout=timeout,
        auto_decompress=False,
        cookie_jar=aiohttp.DummyCookieJar(),
    )


def _require_trusted(service: str, response: aiohttp.ClientResponse) -> None:
    """Raises `Down` where the service refuses the gateway's own token. Forwarding that 401 would log the user out."""
    if response.status == 401 and "www-authenticate" in response.headers:
        log.error("upstream.token_refused", upstream=service)
        response.close()
        raise Down(service)


def _forwarded(response: aiohttp.ClientResponse) -> dict[str, str]:
    return {name: response.headers[name] for name in TO_BROWSER if name in response.headers}


async def _chunks(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    """If it ends early it raises, which breaks the browser's connection, so an incomplete file is not taken for complete."""
    async with response:
        async for chunk in response.content.iter_chunked(64 * 1024):
            yield chunk
