"""The service over HTTP on its fakes, with an enterprise in its copy of the register, and those who use it."""

from collections.abc import AsyncIterator

import httpx
import pytest
from conforming import Conforming
from contract_calls import CONTRACT, KEY, Person
from fastapi import FastAPI
from plan_samples import OPERATOR
from qingyuan_runtime.log.store import Write
from tasks.main import SERVICE
from tasks.register_copy.memory import MemoryRegisterCopy
from tasks.shared.repository import Repository
from visit_calls import OTHER_CONTRACT, OTHER_OPERATOR, Phone, actor
from visit_samples import CONTRACT as VISITED
from visit_samples import ENTERPRISE, POINT, RECEIVED, TOWN, confirmed, recorded, submitted
from visit_samples import OPERATOR as VISITOR


@pytest.fixture
def app() -> FastAPI:
    app = SERVICE.twin(lambda: RECEIVED, KEY)
    register = app.state.repository.register
    assert isinstance(register, MemoryRegisterCopy)
    register.apply(*TOWN)
    return app


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=Conforming(app), base_url="http://tasks") as client:
        yield client


@pytest.fixture
def operator(http: httpx.AsyncClient) -> Person:
    return Person(http, "operator", OPERATOR)


@pytest.fixture
def enterprise_account(http: httpx.AsyncClient) -> Person:
    return Person(http, "enterprise", ENTERPRISE)


@pytest.fixture
async def contract_id(operator: Person, enterprise_account: Person) -> str:
    """A contract that its enterprise has confirmed."""
    made = await operator.makes("/contracts", CONTRACT)
    await enterprise_account.makes(f"/contracts/{made}/confirmation", {"points": [str(POINT)]})
    return made


@pytest.fixture
async def phone(app: FastAPI, http: httpx.AsyncClient) -> Phone:
    """A technician's phone. Its operator and another one have a contract for the point each."""
    repository: Repository = app.state.repository
    own = {"contract_id": VISITED, "operator_id": VISITOR}
    theirs = {"contract_id": OTHER_CONTRACT, "operator_id": OTHER_OPERATOR}
    for whose in (own, theirs):
        facts = tuple(fact.model_copy(update=whose) for fact in (submitted, confirmed))
        meta = recorded("any", facts)[0].meta
        await repository.store.append([Write(f"contract-{whose['contract_id']}", 0, facts)], meta, "f")
    return Phone(http, actor())
