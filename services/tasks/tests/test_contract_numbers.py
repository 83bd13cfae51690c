"""Several requests for the same contract number at the same time, over HTTP on the real store: exactly one gets it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from conforming import Conforming
from contract_calls import CONTRACT as BODY
from contract_calls import KEY, NOON, Person
from plan_samples import CONTRACT_ID, OPERATOR, TODAY, confirmed, enterprise, submitted
from qingyuan_events import Actor, Meta
from qingyuan_events.tasks import ContractDeclined
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database import migrating
from qingyuan_runtime.database.connections import open_pool
from qingyuan_runtime.domain.decider import Refused
from qingyuan_runtime.log.handling import CommandContext, append, handle, write_of
from qingyuan_runtime.log.store_postgres import PostgresStore
from tasks.domain.contracts.commands import ConfirmContract, SubmitContract
from tasks.domain.contracts.decider import CONTRACT
from tasks.filed_copy.memory import MemoryFiledCopy
from tasks.http import build_app
from tasks.register_copy.memory import MemoryRegisterCopy
from tasks.shared.repository import Repository
from visit_samples import ENTERPRISE, POINT, TOWN

pytestmark = pytest.mark.servers

MANY = 8
ROUNDS = 5
STREAM = CONTRACT.stream(CONTRACT_ID)
TAKEN = (409, "contract-number.taken")


@pytest.fixture
async def store(postgres_server: DatabaseServer) -> AsyncIterator[PostgresStore]:
    dsn = await postgres_server.fresh("tasks")
    await asyncio.to_thread(migrating.upgrade, "tasks", owner_url=dsn, app_url=dsn)
    pool = await open_pool(dsn, size=4)
    yield PostgresStore(pool)
    await pool.close()


@pytest.fixture
async def http(store: PostgresStore) -> AsyncIterator[httpx.AsyncClient]:
    register = MemoryRegisterCopy()
    register.apply(*TOWN)
    app = build_app(Repository(store, register, MemoryFiledCopy(), lambda: NOON), trusted=KEY, ready=ready)
    async with httpx.AsyncClient(transport=Conforming(app), base_url="http://tasks") as client:
        yield client


async def ready() -> None:
    return None


def numbered(number: str) -> dict[str, Any]:
    return BODY | {"particulars": BODY["particulars"] | {"number": number}}


def outcome(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


async def test_of_many_that_submit_a_number_at_once_one_gets_it_also_after_a_refusal(
    http: httpx.AsyncClient,
) -> None:
    operator, client = Person(http, "operator", OPERATOR), Person(http, "enterprise", ENTERPRISE)
    body = numbered("HT-1")
    for _ in range(ROUNDS):
        answers = await asyncio.gather(*(operator.post("/contracts", body) for _ in range(MANY)))
        assert sorted(outcome(answer) for answer in answers) == [(202, "")] + [TAKEN] * (MANY - 1)
        (won,) = [
            answer.json()["stream"].partition("-")[2] for answer in answers if answer.status_code == 202
        ]
        await client.makes(f"/contracts/{won}/refusal", {"reason": "期限不符"})


async def test_a_declined_contract_is_either_replaced_or_confirmed_at_once_never_both(
    http: httpx.AsyncClient,
) -> None:
    operator, client = Person(http, "operator", OPERATOR), Person(http, "enterprise", ENTERPRISE)
    for number in range(ROUNDS):
        body = numbered(f"HT-{number}")
        first = await operator.makes("/contracts", body)
        await client.makes(f"/contracts/{first}/refusal", {"reason": "期限不符"})
        answers = await asyncio.gather(
            client.post(f"/contracts/{first}/confirmation", {"points": [str(POINT)]}),
            operator.post("/contracts", body),
        )
        assert sorted(answer.status_code for answer in answers) == [202, 409]
        (refused,) = [answer.json()["code"] for answer in answers if answer.status_code == 409]
        assert refused in ("contract-number.taken", "contract.replaced")


AGAIN = UUID(int=61)
LOOKED_UP_BEFORE = {
    CONTRACT_ID: ConfirmContract(
        contract_id=CONTRACT_ID, enterprise=enterprise, points=confirmed.points, today=TODAY
    ),
    AGAIN: SubmitContract(
        contract_id=AGAIN,
        operator_id=submitted.operator_id,
        enterprise=enterprise,
        terms=submitted.terms,
        files=(),
        replaces=CONTRACT_ID,
    ),
}
"""Both requests read the declined contract before either replaced it."""


@pytest.mark.parametrize("order", [(CONTRACT_ID, AGAIN), (AGAIN, CONTRACT_ID)])
async def test_what_was_looked_up_too_early_is_refused_by_the_append(
    store: PostgresStore, order: tuple[UUID, UUID]
) -> None:
    declined = ContractDeclined(**confirmed.model_dump(exclude={"points"}), reason="期限不符")
    await append(store, [write_of(CONTRACT, STREAM, 0, (submitted, declined))], context())
    first, second = order
    await handle(store, CONTRACT, CONTRACT.stream(first), LOOKED_UP_BEFORE[first], context())
    with pytest.raises(Refused) as refused:
        await handle(store, CONTRACT, CONTRACT.stream(second), LOOKED_UP_BEFORE[second], context())
    assert refused.value.code == "contract-number.taken"


def context() -> CommandContext:
    actor = Actor(account=uuid4(), kind="operator")
    return CommandContext(Meta(actor=actor, command_id=uuid4(), correlation=uuid4()), "f")
