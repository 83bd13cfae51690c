"""The views over HTTP as several kinds of account ask them, on the facts of the working day. For tests."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

import httpx
from conforming import Conforming
from fastapi import FastAPI
from qingyuan_events import Actor
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.tokens.actors import issue
from qingyuan_runtime.tokens.issuers import EveryIssuer
from read_models import Model, make_model
from sample_facts import ENTERPRISE, OTHER
from views.main import build_app
from views.shared.people import MemoryPeople
from working_day import working_day
from working_day_facts import OPERATOR, RIVAL, SPACE, TECHNICIAN

KEY = EveryIssuer()
NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
VISIT = uuid5(SPACE, "visit first")
CONFIRMATION = uuid5(VISIT, "confirmation")
OWN = Actor(account=TECHNICIAN, kind="operator", organisation=OPERATOR)
COLLEAGUE = Actor(account=UUID(int=42), kind="operator", organisation=OPERATOR)
OTHERS = Actor(account=UUID(int=43), kind="operator", organisation=RIVAL)
SIGNER = Actor(account=UUID(int=61), kind="enterprise", organisation=ENTERPRISE)
NEIGHBOUR = Actor(account=UUID(int=62), kind="enterprise", organisation=OTHER)
DISTRICT = Actor(account=UUID(int=71), kind="regulator", district="310118")
OTHER_DISTRICT = Actor(account=UUID(int=72), kind="regulator", district="310113")
CITY = Actor(account=UUID(int=73), kind="regulator", district="310000")
OFFICE = Actor(account=UUID(int=74), kind="administrator")


async def nothing() -> None:
    return None


class Browser:
    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def get(self, path: str, actor: Actor = OFFICE, **headers: str) -> httpx.Response:
        token = {"Authorization": f"Bearer {issue(actor, KEY, now=time.time())}"}
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.http.get(path, headers=token | more)

    async def items(self, path: str, actor: Actor = OFFICE) -> list[dict[str, Any]]:
        answer = await self.get(path, actor)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["items"]
        return found


@asynccontextmanager
async def model_of_the_working_day(server: DatabaseServer) -> AsyncIterator[Model]:
    made = await make_model(server)
    facts = working_day().recorded
    await made.apply(facts)
    for fact in facts:
        await made.seen(fact)
    yield made
    await made.close()


def app_on(model: Model) -> FastAPI:
    return build_app(model.reader, trusted=KEY, ready=nothing, people=MemoryPeople({}), clock=lambda: NOW)


@asynccontextmanager
async def browser_of(app: FastAPI) -> AsyncIterator[Browser]:
    transport = Conforming(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://views") as http:
        yield Browser(http)
