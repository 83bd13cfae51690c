"""Administrators and managers who act on lost keys and own certificates, over HTTP on real tables."""

import time
from dataclasses import dataclass
from uuid import UUID

import httpx
from accounts.sessions.tokens import token_hash
from accounts_certificates import Token, comes_with, token
from accounts_making import PASSWORD
from accounts_over_http import KEY, Person, session_of
from qingyuan_events import Actor, ActorRole
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.tokens.actors import issue


class Asking:
    """Whoever asks with a token of the gateway for this actor."""

    def __init__(self, http: httpx.AsyncClient, actor: Actor, session: bytes | None = None) -> None:
        self.actor = actor
        self._http = http
        token = issue(actor, KEY, now=time.time())
        self.headers = {
            "Authorization": f"Bearer {token}",
            "X-Client-Site": "qingyuan.example",
            "X-Session-Hash": (session or session_of(actor.account)).hex(),
        }

    async def gets(self, path: str) -> httpx.Response:
        return await self._http.get(path, headers=self.headers)

    async def posts(self, path: str, body: object = None, **where: str) -> httpx.Response:
        return await self._http.post(path, json=body, headers=self.headers | where)

    async def deletes(self, path: str) -> httpx.Response:
        return await self._http.delete(path, headers=self.headers)

    async def signed(self, held: Token, path: str = "/certificates/challenges") -> dict[str, str]:
        asked = (await self.posts(path)).json()
        return {"challenge": asked["id"]} | held.signs(asked["text"])

    async def adds(self, held: Token, *, by: Token | None = None) -> httpx.Response:
        """Shows who it is by the password, or `by` another certificate of the account."""
        again: dict[str, object] = {"password": PASSWORD}
        if by:
            again = {"proof": await self.signed(by, "/factors/identity/challenges")}
        return await self.posts("/certificates", {"added": await self.signed(held)} | again)


@dataclass(frozen=True)
class Office:
    """People by what they are; `enter` lets somebody in by certificate and gives who that is."""

    http: httpx.AsyncClient
    pool: Pool

    def as_actor(
        self,
        account: UUID,
        kind: str,
        organisation: UUID | None,
        role: ActorRole | None,
        session: bytes | None = None,
    ) -> Asking:
        whose = {"account": account, "kind": kind, "organisation": organisation, "role": role}
        return Asking(self.http, Actor.model_validate(whose), session)

    async def administrator(self, role: ActorRole | None, name: str) -> Asking:
        account = await self.pool.fetchval(
            "insert into accounts (account_id, name, label, kind, password, role) "
            "values (gen_random_uuid(), $1, $1, 'administrator', 'x', $2) returning account_id",
            name,
            role or "system",
        )
        return self.as_actor(account, "administrator", None, role)

    async def enter(self, person: Person, held: Token | None = None) -> Asking:
        answer = await comes_with(person, held or token())
        assert answer.status_code == 200, answer.text
        account = answer.json()["account"]
        return self.as_actor(
            UUID(account["id"]),
            account["kind"],
            UUID(account["organisation"]),
            account["role"],
            token_hash(answer.json()["token"]),
        )
