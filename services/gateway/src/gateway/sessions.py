"""The session of a cookie, as accounts knows it, cached for a few seconds.

A log-out takes effect at once in this process, and in other gateway processes after the cache time at the latest.
"""

import hashlib
import json
import time
from dataclasses import dataclass
from uuid import UUID

from qingyuan_events import Actor
from qingyuan_runtime.tokens.actors import issue
from qingyuan_runtime.tokens.issuers import Signs

from gateway.upstream import Down, TooSlow, Upstream

GATEWAY = Actor(account=UUID(int=0), kind="system")
NO_SESSION = frozenset({401, 404})


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

    async def of(self, cookie: str) -> ActiveSession | None:
        """The session of a cookie, None where it does not exist or has ended. Raises `Down` if accounts does not respond.

        Then the user is asked to wait and not to log in, since the session may well exist.
        """
        hashed = hash_of(cookie)
        known = self._known.get(hashed)
        if known and known.until > time.monotonic():
            return known
        return await self._ask(hashed)

    async def _ask(self, hashed: str) -> ActiveSession | None:
        headers = self.own_headers() | {"x-session-hash": hashed}
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
        return self._remember(hashed, session["account"], tuple(session.get("must", ())))

    def _remember(self, hashed: str, account: dict[str, str | None], must: tuple[str, ...]) -> ActiveSession:
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
        known = ActiveSession(actor, token, time.monotonic() + self._cache_seconds, must)
        if len(self._known) > 10_000:
            self._known.clear()
        self._known[hashed] = known
        return known

    def own_headers(self) -> dict[str, str]:
        """The authorization of requests that the gateway sends on its own behalf."""
        return {"authorization": f"Bearer {issue(GATEWAY, self._key, now=time.time())}"}

    def forget(self, cookie: str) -> None:
        self._known.pop(hash_of(cookie), None)

    def forget_account(self, account: UUID) -> None:
        self._known = {h: known for h, known in self._known.items() if known.actor.account != account}


def hash_of(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()
