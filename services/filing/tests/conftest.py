"""The service over HTTP on its fakes, with an operator and a reviewer."""

from collections.abc import AsyncIterator

import httpx
import pytest
from conforming import Conforming
from fastapi import FastAPI
from filing.main import SERVICE
from filing_calls import KEY, NOW, Person, manager, reviewer


@pytest.fixture
def app() -> FastAPI:
    return SERVICE.twin(lambda: NOW, KEY)


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=Conforming(app), base_url="http://filing") as client:
        yield client


@pytest.fixture
def operator(http: httpx.AsyncClient) -> Person:
    return manager(http)


@pytest.fixture
def city(http: httpx.AsyncClient) -> Person:
    return reviewer(http)
