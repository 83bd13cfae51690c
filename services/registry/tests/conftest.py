"""The registry on its fakes, and a client of an administrator, who may do everything there."""

from collections.abc import AsyncIterator

import httpx
import pytest
from conforming import Conforming
from fastapi import FastAPI
from registry.main import SERVICE
from registry_calls import KEY, NOON, OFFICE, Person


@pytest.fixture
def app() -> FastAPI:
    return SERVICE.twin(lambda: NOON, KEY)


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = Conforming(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://registry") as client:
        yield client


@pytest.fixture
def office(http: httpx.AsyncClient) -> Person:
    return Person(http, OFFICE)
