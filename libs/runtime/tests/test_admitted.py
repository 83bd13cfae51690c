"""Administrators without business data are refused by every service that does not name them, whatever the gateway lets through."""

import time
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from qingyuan_events import Actor, ActorRole
from qingyuan_runtime.edge.dependencies import ActorDep
from qingyuan_runtime.edge.http import WITHOUT_BUSINESS, always_ready, create_app
from qingyuan_runtime.tokens.actors import issue
from qingyuan_runtime.tokens.issuers import EveryIssuer

KEY = EveryIssuer()


def service(admits: frozenset[ActorRole]) -> FastAPI:
    app = create_app("test", trusted=KEY, ready=always_ready, admits=admits)

    @app.get("/things")
    async def things(by: ActorDep) -> str:
        return by.kind

    return app


async def status(app: FastAPI, role: ActorRole) -> int:
    token = issue(Actor(account=UUID(int=1), kind="administrator", role=role), KEY, now=time.time())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as http:
        return (await http.get("/things", headers={"Authorization": f"Bearer {token}"})).status_code


@pytest.mark.parametrize(("role", "expected"), [("system", 200), ("security", 403), ("audit", 403)])
async def test_a_service_lets_in_no_administrator_without_business_data(
    role: ActorRole, expected: int
) -> None:
    assert await status(service(frozenset()), role) == expected


@pytest.mark.parametrize("role", ["security", "audit"])
async def test_a_service_that_names_them_lets_them_in(role: ActorRole) -> None:
    assert await status(service(WITHOUT_BUSINESS), role) == 200
