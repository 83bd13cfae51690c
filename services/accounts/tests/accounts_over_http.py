"""People with accounts, and what they ask of the service over HTTP."""

import time
from datetime import UTC, datetime
from uuid import UUID

import httpx
from accounts.account import Account, new_account
from accounts.sessions.tokens import token_hash
from accounts_making import PASSWORD
from qingyuan_events import Actor
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.tokens.actors import issue
from qingyuan_runtime.tokens.issuers import EveryIssuer

KEY = EveryIssuer()
NOW = datetime(2026, 11, 24, 8, 1, tzinfo=UTC)
FACTORY, VENDOR = UUID(int=1), UUID(int=2)
SHOWN, ALSO_SHOWN = "a" * 64, "b" * 64
ACCOUNTS = {
    account.name: account
    for account in (
        new_account("zhou", "清泉化工（企业账户）", "enterprise", FACTORY, None, signs=True),
        new_account("an", "清泉化工（二车间）", "enterprise", FACTORY, None, "signatory"),
        new_account("gone", "清泉化工（离职）", "enterprise", FACTORY, None, signs=True),
        new_account("wang", "甲运维（王）", "operator", VENDOR, None),
        new_account("office", "青浦区生态环境局", "regulator", None, "310118"),
    )
}


def session_of(account: UUID) -> bytes:
    """The hash of the session that `opened` opens."""
    return token_hash(str(account))


async def opened(pool: Pool, account: UUID) -> None:
    """An open session, in which somebody asks who did not log in before."""
    await pool.execute(
        "insert into sessions (token_hash, account_id, created, last_seen) values ($1, $2, $3, $3)",
        session_of(account),
        account,
        NOW,
    )


async def nobody_is_logged_in(pool: Pool) -> None:
    await pool.execute("delete from sessions")


class Person:
    def __init__(self, http: httpx.AsyncClient, account: Account) -> None:
        actor = Actor(
            account=account.id,
            kind=account.kind,
            organisation=account.organisation,
            district=account.district,
            role=account.role,
        )
        self.account = account
        self.http = http
        token = issue(actor, KEY, now=time.time())
        self.headers = {
            "Authorization": f"Bearer {token}",
            "X-Client-Site": "qingyuan.example",
            "X-Session-Hash": session_of(account.id).hex(),
        }

    async def gives_second_factor(
        self, password: str = PASSWORD, over: list[str] | None = None, **where: str
    ) -> httpx.Response:
        body = {"password": password, "over": [SHOWN] if over is None else over}
        return await self.http.post("/second-factor", json=body, headers=self.headers | where)

    async def changes_password(self, current: str, new: str = "another password 电池") -> httpx.Response:
        """In the session that `opened` opens."""
        return await self.posts("/password", {"current": current, "new": new})

    async def logs_in(self, name: str, password: str = PASSWORD, **where: str) -> httpx.Response:
        body = {"account": name, "password": password}
        return await self.http.post("/session", json=body, headers=self.headers | where)

    async def posts(self, path: str, body: object, **where: str) -> httpx.Response:
        return await self.http.post(path, json=body, headers=self.headers | where)

    async def puts(self, path: str, body: object) -> httpx.Response:
        return await self.http.put(path, json=body, headers=self.headers)

    async def gets(self, path: str, **query: str) -> httpx.Response:
        return await self.http.get(path, params=query, headers=self.headers)

    async def deletes(self, path: str) -> httpx.Response:
        return await self.http.delete(path, headers=self.headers)

    async def asks(self, path: str) -> dict[str, object]:
        answer = await self.http.get(path, headers=self.headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, object] = answer.json()
        return found

    async def sessions(self, token: str = "") -> list[dict[str, object]]:
        headers = self.headers | {"X-Session-Hash": token_hash(token).hex()}
        answer = await self.http.get("/sessions", headers=headers)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, object]] = answer.json()["items"]
        return items

    async def ends(self, session: object) -> httpx.Response:
        return await self.http.delete(f"/sessions/{session}", headers=self.headers)

    async def reads_labels(self, *names: str, **vouched: str) -> set[str]:
        answer = await self.asks_labels(*names, **vouched)
        assert answer.status_code == 200, answer.text
        return {name for name in names if str(ACCOUNTS[name].id) in answer.json()["labels"]}

    async def asks_labels(self, *names: str, **vouched: str) -> httpx.Response:
        ids = ",".join(str(ACCOUNTS[name].id) for name in names)
        return await self.http.get("/account-labels", params={"ids": ids}, headers=self.headers | vouched)

    async def colleagues(self) -> httpx.Response:
        return await self.http.get("/colleagues", headers=self.headers)
