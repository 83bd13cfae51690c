"""The port for values of limited life that several processes share: the global token and the ticket of the JS-SDK."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol

MARGIN: Final = timedelta(minutes=5)
"""A value is replaced this long before WeChat lets it expire, so that no call is under way with an expired one."""


@dataclass(frozen=True, slots=True)
class Fresh:
    value: str
    lasts: timedelta


Fetch = Callable[[], Awaitable[Fresh]]


class SharedTokens(Protocol):
    async def valid(self, key: str, fetch: Fetch, *, instead_of: str | None = None) -> str:
        """The shared value of `key`; where none is valid, or it is `instead_of`, one process fetches and the others wait."""
        ...
