"""The services behind the gateway, asked over one pooled client."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import aiohttp

from gateway.headers import TO_BROWSER
from gateway.route import Service


class Down(Exception):
    """The service does not answer (HTTP 503)."""


class TooSlow(Exception):
    """The service did not answer in time (HTTP 504)."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes


class Upstream:
    def __init__(self, session: aiohttp.ClientSession, addresses: Mapping[Service, str]) -> None:
        self._session = session
        self._addresses = addresses

    @classmethod
    def open(cls, addresses: Mapping[Service, str], *, timeout: float) -> "Upstream":
        connector = aiohttp.TCPConnector(limit=200, keepalive_timeout=60)
        session = aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=timeout, connect=5),
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        return cls(session, addresses)

    async def ask(
        self,
        service: Service,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        body: bytes | AsyncIterator[bytes] | None = None,
    ) -> Reply:
        """One request. Raises `Down` or `TooSlow`; never retries: only the client knows whether it may."""
        try:
            async with self._session.request(
                method, self._addresses[service] + path, headers=headers, data=body, allow_redirects=False
            ) as answer:
                kept = {name: answer.headers[name] for name in TO_BROWSER if name in answer.headers}
                return Reply(answer.status, kept, await answer.read())
        except TimeoutError as error:
            raise TooSlow(service) from error
        except aiohttp.ClientError as error:
            raise Down(service) from error

    async def close(self) -> None:
        await self._session.close()
