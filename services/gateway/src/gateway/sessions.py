"""The session of a cookie, as accounts knows it, cached for a few seconds.

A log-out takes effect at once in this process, and in other gateway processes after the cache time at the latest.
"""

import hashlib
import json
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from uuid import UUID

from qingyuan_events import Actor
from qingyuan_runtime.tokens.actors import issue
from qingyuan_runtime.tokens.issuers import Signs

from gateway.ticking import with_ticks
from gateway.upstream import Down, TooSlow, Upstream

GATEWAY = Actor(account=UUID(int=0), kind="system")
NO_SESSION = frozenset({401, 404})
LOOK_SECONDS_MIN = 1.0
"""A stream is not looked at more often while nothing comes."""


@dataclass(frozen=True, slots=True)
class ActiveSession:
    """The actor of a session, the actor's token for services, and until when this is cached (monotonic seconds).

    `must`: what it has to do before anything else.
    """

    actor: Actor
    token: str
    until: float
    must: tuple[str, ...] = ()


class Sessions:
    def __init__(self, upstream: Upstream, key: Signs, *, cache_seconds: float) -> None:
        self._upstream = upstream
        self._key = key
        self._cache_seconds = cache_seconds
        self._known: dict[str, ActiveSession] = {}

    async def of(self, cookie: str, *, used: bool = True) -> ActiveSession | None:
        """The session of a cookie, None where it does not exist or has ended. Raises `Down` if accounts does not respond.

        Then the user is asked to wait and not to log in, since the session may well exist. `used`: this keeps it alive; what
        a page asks by itself must not.
        """
        hashed = hash_of(cookie)
        known = self._known.get(hashed)
        if known and known.until > time.monotonic():
            return known
        return await self._ask(hashed, used)

    async def while_open(
        self, cookie: str, as_: Actor, content: AsyncIterator[bytes]
    ) -> AsyncIterator[bytes]:
        """The content until the session ends or its account is another than `as_`, such as one with a lower role.

        Then the page asks anew, as who it is now. It is looked at with each part, and in between as often as sessions are
        asked for anew.
        """
        async with aclosing(with_ticks(content, max(self._cache_seconds, LOOK_SECONDS_MIN))) as parts:
            async for part in parts:
                if not await self._is_still(cookie, as_):
                    return
                if part is not None:
                    yield part

    async def _is_still(self, cookie: str, as_: Actor) -> bool:
        """What is cached may be old already, so accounts is asked. While it does not respond nobody is logged out."""
        try:
            session = await self._ask(hash_of(cookie), used=False)
        except Down:
            return True
        return session is not None and session.actor == as_ and not session.must

    async def _ask(self, hashed: str, used: bool) -> ActiveSession | None:
        headers = self.own_headers() | {"x-session-hash": hashed}
        if not used:
            headers["x-session-look"] = "1"
        try:
            reply = await self._upstream.ask("accounts", "GET", "/session", headers=headers)
        except TooSlow as error:
            raise Down("accounts") from error
        if reply.status in NO_SESSION:
            self._known.pop(hashed, None)
            return None
        if reply.status != 200:
            raise Down("accounts")
        session = json.loads(reply.body)
        active = self._active(session["account"], tuple(session.get("must", ())))
        return self._remember(hashed, active) if used else active

    def _active(self, account: dict[str, str | None], must: tuple[str, ...]) -> ActiveSession:
        organisation = account["organisation"]
        actor = Actor(
            account=UUID(account["id"]),
            kind=account["kind"],
            organisation=UUID(organisation) if organisation else None,
            district=account["district"],
            role=account.get("role"),
        )
        name = account.get("organisation_name")
        token = issue(actor, self._key, now=time.time(), organisation_name=name)
        return ActiveSession(actor, token, time.monotonic() + self._cache_seconds, must)

    def _remember(self, hashed: str, active: ActiveSession) -> ActiveSession:
        """Only after it was used: otherwise a person's next request would be answered from here, and not keep it alive."""
        if len(self._known) > 10_000:
            self._known.clear()
        self._known[hashed] = active
        return active

    def own_headers(self) -> dict[str, str]:
        """The authorization of requests that the gateway sends on its own behalf."""
        return {"authorization": f"Bearer {issue(GATEWAY, self._key, now=time.time())}"}

    def forget(self, cookie: str) -> None:
        self._known.pop(hash_of(cookie), None)

    def forget_all(self) -> None:
        """Where sessions ended of which this process cannot say whose they are."""
        self._known = {}

    def forget_account(self, account: UUID) -> None:
        self._known = {h: known for h, known in self._known.items() if known.actor.account != account}


def hash_of(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()
