"""Administrators who watch over the others, and what they ask."""

import time
from uuid import UUID

import httpx
from accounts_over_http import KEY, Person
from qingyuan_events import Actor, ActorRole
from qingyuan_runtime.tokens.actors import issue

SECURITY, AUDITOR, OTHER, SYSTEM = (UUID(int=each) for each in (0xA1, 0xA2, 0xA3, 0xA4))


class Officer:
    def __init__(self, http: httpx.AsyncClient, account: UUID, role: ActorRole) -> None:
        actor = Actor(account=account, kind="administrator", role=role)
        self._http = http
        self._headers = {"Authorization": f"Bearer {issue(actor, KEY, now=time.time())}"}

    async def reads(self, path: str, **query: str) -> httpx.Response:
        return await self._http.get(path, params=query, headers=self._headers)

    async def posts(self, path: str, body: object = None) -> httpx.Response:
        return await self._http.post(path, json=body, headers=self._headers)

    async def deletes(self, path: str) -> httpx.Response:
        return await self._http.delete(path, headers=self._headers)


async def fails(people: dict[str, Person], name: str, times: int = 5, **where: str) -> None:
    for _ in range(times):
        await people["zhou"].logs_in(name, "wrong", **where)


ADD = """
    alter table accounts drop constraint if exists accounts_role_check;
    alter table accounts drop constraint if exists accounts_check2;
    insert into accounts (account_id, name, label, kind, password, role) values
        ('00000000-0000-0000-0000-0000000000a1', 'an-quan', '安全', 'administrator', 'x', 'security'),
        ('00000000-0000-0000-0000-0000000000a2', 'shen-ji', '审计', 'administrator', 'x', 'audit'),
        ('00000000-0000-0000-0000-0000000000a3', 'an-quan-2', '安全二', 'administrator', 'x', 'security'),
        ('00000000-0000-0000-0000-0000000000a4', 'xi-tong', '系统', 'administrator', 'x', 'system');
"""
