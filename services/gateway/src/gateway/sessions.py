"""Who is asking: the session behind a cookie, remembered for a few seconds.

A log-out takes effect at once in this process and, where several gateways run, within the cache time.
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
NO = frozenset({401, 404})


@dataclass(frozen=True, slots=True)
class Known:
    """An actor, the token that vouches for it to services, and until when this is believed unasked."""

    actor: Actor
    token: str
    until: float


class Sessions:
    def __init__(self, upstream: Upstream, key: Signs, *, cache_seconds: float) -> None:
        self._upstream = upstream
        self._key = key
        self._cache_seconds = cache_seconds
        self._known: dict[str, Known] = {}

    async def of(self, cookie: str) -> Known | None:
        """The session of a cookie; None when there is none, or no more. Raises `Down` when that cannot be known now.

        Only a clear no is a no: somebody whose session cannot be looked up is asked to wait, not to log in.
        """
        hashed = hash_of(cookie)
        known = self._known.get(hashed)
        if known and known.until > time.monotonic():
            return known
        return await self._ask(hashed)

    async def _ask(self, hashed: str) -> Known | None:
        headers = self.own_headers() | {"x-session-hash": hashed}
        try:
            reply = await self._upstream.ask("accounts", "GET", "/session", headers=headers)
        except TooSlow as error:
            raise Down("accounts") from error
        if reply.status in NO:
            self._known.pop(hashed, None)
            return None
        if reply.status != 200:
            raise Down("accounts")
        return self._remember(hashed, json.loads(reply.body)["account"])

    def _remember(self, hashed: str, account: dict[str, str | None]) -> Known:
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
        known = Known(actor, token, time.monotonic() + self._cache_seconds)
        if len(self._known) > 10_000:
            self._known.clear()
        self._known[hashed] = known
        return known

    def own_headers(self) -> dict[str, str]:
        """The gateway speaking for itself."""
        return {"authorization": f"Bearer {issue(GATEWAY, self._key, now=time.time())}"}

    def forget(self, cookie: str) -> None:
        self._known.pop(hash_of(cookie), None)

    def forget_account(self, account: UUID) -> None:
        self._known = {h: known for h, known in self._known.items() if known.actor.account != account}


def hash_of(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()
