"""A lease must last as long as the operator's contracts: said when it is entered, refused when it is handed in."""

from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from business_facts import WHOSE, works
from fastapi import FastAPI
from filing.business.projection import MODEL, create_script
from filing.domain.filings.decider import FILING
from filing.domain.resources.leases import RunningContract, problems
from filing.shared.contracts import MemoryContracts, PostgresContracts
from filing_calls import Person, plain, refusal, submitted
from filing_samples import (
    NAME,
    OPERATOR,
    TODAY,
    VEHICLE,
    added,
    basics_given,
    begun,
    lease,
    licence,
    undertaking_given,
    vehicle,
)
from qingyuan_events import Fact
from qingyuan_events.filing import ResourceParticulars, ResourceVersion
from qingyuan_events.tasks import ContractConfirmed, ContractEnded, ContractSubmittedV3, ContractTerms
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database.connections import open_pool
from qingyuan_runtime.domain.testing import given
from qingyuan_runtime.following.rebuilding import ensure_live
from test_filings import resources, submit
from test_filings import submitted as handed_in

LONG = RunningContract("YW-1", date(2028, 1, 1))
SHORT = RunningContract("YW-2", date(2027, 12, 31))
SENTENCE = "租赁期不覆盖合同 YW-1（至 2028-01-01）。"
leased = vehicle.model_copy(update={"papers": (licence, lease)})


def found(
    now: ResourceParticulars, *contracts: RunningContract, revoked: frozenset[UUID] = frozenset()
) -> list[str]:
    return [f"{problem.field} {problem.sentence}" for problem in problems(now, revoked, contracts)]


def test_a_lease_that_ends_before_a_contract_is_named_with_that_contract() -> None:
    assert found(leased, LONG, SHORT) == [f"papers.1.valid_to {SENTENCE}"]
    assert found(leased, SHORT) == []
    owned = vehicle.model_copy(update={"ownership": "owned", "papers": (licence,)})
    assert found(owned, LONG) == []


def test_the_lease_that_ends_last_counts_and_a_revoked_one_does_not() -> None:
    next_lease = lease.model_copy(update={"paper_id": UUID(int=120), "valid_to": LONG.last_day})
    renewed = leased.model_copy(update={"papers": (next_lease, licence, lease)})
    assert found(renewed, LONG) == []
    assert found(renewed, LONG, revoked=frozenset({next_lease.paper_id})) == [f"papers.2.valid_to {SENTENCE}"]


def test_such_a_lease_is_not_handed_in() -> None:
    draft = given(FILING, begun, basics_given, undertaking_given)
    sent = submit(resources((added(leased, VEHICLE),)))
    field = f"resources.{VEHICLE}.papers.1.valid_to"
    draft.when(with_contracts(sent, LONG)).refused("command.invalid", field)
    version = ResourceVersion(resource_id=VEHICLE, kind="vehicle", version=1)
    draft.when(with_contracts(sent, SHORT)).then(handed_in(1, 2, version))


def with_contracts(command: Any, *contracts: RunningContract) -> Any:
    return type(command)(
        resources=command.resources, term_months=command.term_months, today=command.today, contracts=contracts
    )


async def test_it_is_said_at_its_field_when_it_is_entered_and_refused_when_it_is_handed_in(
    app: FastAPI, operator: Person
) -> None:
    contracts: MemoryContracts = app.state.repository.contracts
    await submitted(operator)
    await operator.does("/filing/withdrawal")
    contracts.known[OPERATOR] = [LONG, SHORT]
    answer = (await operator.post("/resources", operator.resource(leased))).json()
    note = {"field": "particulars.papers.1.valid_to", "rule": "covers-contract", "sentence": SENTENCE}
    assert answer["notes"] == [note]
    vehicle_id = answer["stream"].removeprefix("resource-")
    answer = await operator.post("/filing/submission")
    assert refusal(answer) == (422, "command.invalid", [f"resources.{vehicle_id}.papers.1.valid_to"])
    assert answer.json()["errors"][0]["sentence"] == SENTENCE
    longer = lease.model_copy(update={"paper_id": UUID(int=121), "valid_to": date(2027, 6, 1)})
    body = {
        "paper": plain(longer),
        "replaces": str(lease.paper_id),
        "changed_on": "2026-11-24",
        "evidence": operator.evidence,
    }
    answer = (await operator.post(f"/resources/{vehicle_id}/papers", body)).json()
    assert [said["field"] for said in answer["notes"]] == ["paper.valid_to", "paper.valid_to"]
    contracts.known[OPERATOR] = [RunningContract("YW-3", date(2027, 6, 1))]
    assert (await operator.post("/filing/submission")).status_code == 202


@pytest.fixture
async def dsn(postgres_server: DatabaseServer) -> str:
    made = await postgres_server.fresh("leases")
    await ensure_live(made, MODEL, create_script())
    return made


def contract(number: int, last_day: date, *also: type[Fact]) -> tuple[Fact, ...]:
    terms = ContractTerms(
        number=f"YW-{number}",
        name="合同",
        operator_name=NAME,
        enterprise_name="乙",
        first_day=TODAY,
        last_day=last_day,
    )
    whose = {"contract_id": UUID(int=900 + number), **WHOSE}
    confirmed = ContractConfirmed(**whose, points=())
    ended = ContractEnded(**whose, last_day=date(2026, 12, 1), reason="x")
    more = tuple(fact for fact in (confirmed, ended) if type(fact) in also)
    return (ContractSubmittedV3(**whose, terms=terms), *more)


@pytest.mark.servers
async def test_contracts_run_once_they_are_confirmed_until_they_are_over(dsn: str) -> None:
    await works(dsn, *contract(1, date(2028, 1, 1), ContractConfirmed), *contract(2, date(2028, 1, 1)))
    await works(dsn, *contract(3, date(2028, 1, 1), ContractConfirmed, ContractEnded))
    async with await open_pool(dsn, size=1) as pool:
        running = PostgresContracts(pool).running
        ended = RunningContract("YW-3", date(2026, 12, 1))
        assert await running(OPERATOR, date(2026, 12, 1)) == [LONG, ended]
        assert await running(OPERATOR, date(2026, 12, 2)) == [LONG]
        assert await running(OPERATOR, date(2028, 1, 2)) == []


@pytest.mark.servers
async def test_tables_without_numbers_are_read_until_they_are_built_anew(dsn: str) -> None:
    await works(dsn, *contract(1, date(2028, 1, 1), ContractConfirmed))
    connection = await asyncpg.connect(dsn)
    await connection.execute("alter table business.contract drop column number")
    await connection.close()
    async with await open_pool(dsn, size=1) as pool:
        assert await PostgresContracts(pool).running(OPERATOR, TODAY) == [RunningContract("", LONG.last_day)]
