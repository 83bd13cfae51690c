"""The services behind the gateway, asked over one pooled client."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import aiohttp
import structlog
from yarl import URL

from gateway.headers import TO_BROWSER

log = structlog.get_logger()

FLOWING = aiohttp.ClientTimeout(total=None, connect=5, sock_read=30)
"""Nobody knows how long a download takes over a poor line; a service that says nothing for long is down."""


KEPT_IDLE_SECONDS = 60
"""Shorter than the services keep an idle connection open, so that none closes one that is about to be used."""
ASKED_AT_ONCE = 200
FLOWING_AT_ONCE = 100
"""Who takes a download slowly holds a connection: these are not the ones by which everybody else is answered."""


class Down(Exception):
    """The service does not answer, or not to us (HTTP 503)."""


class TooSlow(Exception):
    """The service did not answer in time (HTTP 503)."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Flow:
    """An answer whose body is still to come, so many bytes as `content-length` says."""

    status: int
    headers: dict[str, str]
    body: AsyncIterator[bytes]


class Upstream:
    def __init__(
        self,
        session: aiohttp.ClientSession,
        flowing: aiohttp.ClientSession,
        addresses: Mapping[str, str],
    ) -> None:
        self._session = session
        self._flowing = flowing
        self._addresses = addresses

    @classmethod
    def open(cls, addresses: Mapping[str, str], *, timeout: float) -> "Upstream":
        asking = aiohttp.ClientTimeout(total=timeout, connect=5)
        return cls(_client(ASKED_AT_ONCE, asking), _client(FLOWING_AT_ONCE, FLOWING), addresses)

    async def ask(
        self,
        service: str,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        body: bytes | AsyncIterator[bytes] | None = None,
    ) -> Reply:
        """One request. Raises `Down` or `TooSlow`; never retries: only the client knows whether it may."""
        try:
            async with self._session.request(
                method, self._url(service, path), headers=headers, data=body, allow_redirects=False
            ) as answer:
                _believed(service, answer)
                return Reply(answer.status, _kept(answer), await answer.read())
        except TimeoutError as error:
            raise TooSlow(service) from error
        except aiohttp.ClientError as error:
            raise Down(service) from error

    async def flow(self, service: str, path: str, *, headers: Mapping[str, str]) -> Flow:
        """A GET whose answer is passed on as it comes. Raises as `ask` does, before the first byte."""
        try:
            answer = await self._flowing.get(self._url(service, path), headers=headers, allow_redirects=False)
        except TimeoutError as error:
            raise TooSlow(service) from error
        except aiohttp.ClientError as error:
            raise Down(service) from error
        _believed(service, answer)
        length = {name: answer.headers[name] for name in ("content-length",) if name in answer.headers}
        return Flow(answer.status, _kept(answer) | length, _chunks(answer))

    def _url(self, service: str, path: str) -> URL:
        """To the letter: quoting again, or tidying `..`, would make another address of it."""
        return URL(self._addresses[service] + path, encoded=True)

    async def close(self) -> None:
        await self._session.close()
        await self._flowing.close()


def _client(at_once: int, timeout: aiohttp.ClientTimeout) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=at_once, keepalive_timeout=KEPT_IDLE_SECONDS),
        timeout=timeout,
        auto_decompress=False,
        cookie_jar=aiohttp.DummyCookieJar(),
    )


def _believed(service: str, answer: aiohttp.ClientResponse) -> None:
    """A service that does not believe our own token says nothing about the person: to pass on its 401 would log them out."""
    if answer.status == 401 and "www-authenticate" in answer.headers:
        log.error("upstream.token_refused", upstream=service)
        answer.close()
        raise Down(service)


def _kept(answer: aiohttp.ClientResponse) -> dict[str, str]:
    return {name: answer.headers[name] for name in TO_BROWSER if name in answer.headers}


async def _chunks(answer: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    """Ends early only by an error, which ends the browser's connection too: half a file is never taken for one."""
    async with answer:
        async for chunk in answer.content.iter_chunked(64 * 1024):
            yield chunk
