"""Who acts in the present request and from where. Each line of the security log takes it from here.

It is set once for a whole request, so that no function between the route and the log has to pass it on.
"""

import time
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from qingyuan_events import Actor
from qingyuan_runtime.domain.decider import Refused
from qingyuan_runtime.edge.http import token_of
from qingyuan_runtime.tokens.actors import Untrusted, Verifier
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from accounts.security_log.devices import device_of
from accounts.sessions.open_sessions import Origin


@dataclass(frozen=True, slots=True)
class Deed:
    """`by` is None where nobody is logged in, and for commands of those who run the system."""

    by: Actor | None = None
    origin: Origin = Origin("", "")


NOBODYS: Final = Deed()
_PRESENT: Final = ContextVar[Deed]("deed")


def present_deed() -> Deed:
    return _PRESENT.get(NOBODYS)


def origin_of(headers: Mapping[str, str]) -> Origin:
    """The origin of the user's request, as the gateway reports it."""
    address = headers.get("x-client-address", "unknown")[:64]
    site = headers.get("x-client-site", "unknown")[:200]
    return Origin(address, device_of(headers.get("x-client-agent", "")), site)


def require_same_site(site: str) -> None:
    """Raises `Refused` where the present request is for another site than the challenge that it answers names.

    Otherwise a page of others could have a challenge made in its own name and bring the signature here.
    """
    if site != present_deed().origin.site:
        raise Refused(
            "challenge.other-site", "签名所对应的网址与当前访问的网址不一致，请从本平台的地址重新操作。"
        )


class Attributed:
    """ASGI middleware: the deeds of a request are those of the actor in its token, from the origin in its headers."""

    def __init__(self, app: ASGIApp, *, verifier: Verifier) -> None:
        self._app = app
        self._verifier = verifier

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            request = Request(scope)
            _PRESENT.set(Deed(self._actor(request), origin_of(request.headers)))
        await self._app(scope, receive, send)

    def _actor(self, request: Request) -> Actor | None:
        """The gateway itself is nobody: it asks on behalf of people who are not logged in yet."""
        try:
            actor = self._verifier.verify(token_of(request), now=time.time())
        except Untrusted:
            return None
        return None if actor.kind == "system" else actor
