"""The reports service on its fakes, with a town and a contract in its copies, and everybody who uses it."""

from collections.abc import AsyncIterator

import httpx
import pytest
from conforming import Conforming
from fastapi import FastAPI
from qingyuan_runtime.log.store_memory import MemoryStore
from report_calls import KEY, PEOPLE, Person, ServiceUnderTest
from report_samples import TOWN, contract_confirmed, contract_submitted
from reports.contracted.memory import MemoryContracted
from reports.installed.memory import MemoryInstalled
from reports.main import SERVICE
from reports.shared.repository import Repository


@pytest.fixture
def app() -> FastAPI:
    store = MemoryStore()
    app = SERVICE.twin(lambda: service_of(app).now, KEY, store)
    repository: Repository = app.state.repository
    app.state.under_test = ServiceUnderTest(repository, store)
    assert isinstance(repository.knowledge.installed, MemoryInstalled)
    repository.knowledge.installed.apply(*TOWN)
    assert isinstance(repository.contracted, MemoryContracted)
    repository.contracted.apply(contract_submitted, contract_confirmed)
    return app


def service_of(app: FastAPI) -> ServiceUnderTest:
    found: ServiceUnderTest = app.state.under_test
    return found


@pytest.fixture
def service(app: FastAPI) -> ServiceUnderTest:
    return service_of(app)


@pytest.fixture
async def people(app: FastAPI, service: ServiceUnderTest) -> AsyncIterator[dict[str, Person]]:
    async with httpx.AsyncClient(transport=Conforming(app), base_url="http://reports") as client:
        yield {name: Person(client, actor, service) for name, actor in PEOPLE.items()}


@pytest.fixture
def wang(people: dict[str, Person]) -> Person:
    """A manager of the operator."""
    return people["operator"]


@pytest.fixture
def lin(people: dict[str, Person]) -> Person:
    """A reviewer of the district."""
    return people["district"]
