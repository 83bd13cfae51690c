"""Where contracts and plans stand on a day: given their days and answers, when asked on a day, then filter and row agree."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from uuid import UUID

import pytest
from qingyuan_events import tasks
from qingyuan_local.testing import DatabaseServer
from read_models import Model, model_after
from sample_facts import ALL, ENTERPRISE
from views.shared.words import CONTRACT as CONTRACT_WORDS
from views.shared.words import PLAN as PLAN_WORDS
from views.work.queries import WorkQueries
from views.work.query_models import ContractQuery, PlanQuery
from working_day import submit, working_day
from working_day_facts import CONTRACT, OWN, PLAN

pytestmark = pytest.mark.servers
ASKED, DECLINED = UUID(int=91), UUID(int=92)
ENDED_ON, STOPPED_ON = date(2026, 11, 15), date(2026, 11, 20)
THEIR_CONTRACT, THEIR_PLAN = UUID(int=33), UUID(int=34)


@pytest.fixture(scope="module")
async def model(postgres_server: DatabaseServer) -> AsyncIterator[Model]:
    """One contract of each answer: `CONTRACT` was ended by the enterprise, the neighbour's runs to the end of 2026."""
    sample = working_day()
    for key in (ASKED, DECLINED):
        submit(sample, key, OWN, "上海绿测环境运维有限公司")
    sample.add(f"contract-{DECLINED}", tasks.ContractDeclined(contract_id=DECLINED, **OWN, reason="不认识"))
    ended = tasks.ContractEnded(contract_id=CONTRACT, **OWN, last_day=ENDED_ON, reason="更换运维机构")
    sample.add(f"contract-{CONTRACT}", ended)
    stopped = tasks.PlanStopped(plan_id=PLAN, **OWN, last_day=STOPPED_ON, reason="更换")
    sample.add(f"plan-{PLAN}", stopped)
    made = await model_after(postgres_server, sample.recorded)
    yield made
    await made.close()


STANDINGS = [
    (CONTRACT, ENDED_ON, "ending"),
    (CONTRACT, ENDED_ON + timedelta(days=1), "terminated"),
    (ASKED, ENDED_ON, "submitted"),
    (DECLINED, ENDED_ON, "declined"),
    (THEIR_CONTRACT, date(2025, 12, 31), "upcoming"),
    (THEIR_CONTRACT, date(2026, 1, 1), "in_force"),
    (THEIR_CONTRACT, date(2026, 10, 31), "in_force"),
    (THEIR_CONTRACT, date(2026, 11, 1), "expiring"),
    (THEIR_CONTRACT, date(2026, 12, 31), "expiring"),
    (THEIR_CONTRACT, date(2027, 1, 1), "expired"),
]


@pytest.mark.parametrize(("contract", "day", "standing"), STANDINGS)
async def test_a_contract_stands_where_its_page_says(
    model: Model, contract: UUID, day: date, standing: str
) -> None:
    work = WorkQueries(model.reader)
    found = {row["id"]: row["standing"] for row in (await work.contracts(ALL, ContractQuery(), day)).rows}
    assert found[contract] == standing
    for word in CONTRACT_WORDS:
        page = await work.contracts(ALL, ContractQuery.model_validate({"standing": word, "page": 1}), day)
        assert {row["id"] for row in page.rows} == {key for key, said in found.items() if said == word}
        assert page.count == len(page.rows)


@pytest.mark.parametrize(
    ("plan", "day", "standing"),
    [
        (PLAN, STOPPED_ON + timedelta(days=1), "stopped"),
        (PLAN, STOPPED_ON, "running"),
        (THEIR_PLAN, date(2025, 1, 1), "upcoming"),
        (THEIR_PLAN, date(2026, 11, 23), "running"),
        (THEIR_PLAN, date(2028, 1, 1), "over"),
    ],
)
async def test_a_plan_stands_where_its_page_says(model: Model, plan: UUID, day: date, standing: str) -> None:
    work = WorkQueries(model.reader)
    found = {row["id"]: row["standing"] for row in (await work.plans(ALL, PlanQuery(), day)).rows}
    assert found[plan] == standing
    for word in PLAN_WORDS:
        page = await work.plans(ALL, PlanQuery.model_validate({"standing": word}), day)
        assert {row["id"] for row in page.rows} == {key for key, said in found.items() if said == word}


async def test_a_period_is_compared_with_the_day_on_which_it_really_ended(model: Model) -> None:
    work = WorkQueries(model.reader)
    after = ContractQuery.model_validate({"from": ENDED_ON + timedelta(days=1), "enterprise_id": ENTERPRISE})
    assert CONTRACT not in {row["id"] for row in (await work.contracts(ALL, after, ENDED_ON)).rows}
    on_it = ContractQuery.model_validate({"from": ENDED_ON, "to": ENDED_ON})
    assert CONTRACT in {row["id"] for row in (await work.contracts(ALL, on_it, ENDED_ON)).rows}
    plans = await work.plans(
        ALL, PlanQuery.model_validate({"from": STOPPED_ON + timedelta(days=1)}), ENDED_ON
    )
    assert PLAN not in {row["id"] for row in plans.rows}
