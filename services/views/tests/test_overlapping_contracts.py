"""A contract names the others in force at its points on its days, to whoever may see them."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from qingyuan_events import tasks
from qingyuan_local.testing import DatabaseServer
from read_models import Model, model_after
from sample_facts import ALL, ENTERPRISE, POINT
from views.shared.scope import Scope
from views.work import answers
from views.work.queries import WorkQueries
from working_day import contract, plan, submit, terms, week, working_day
from working_day_facts import CONTRACT, DAY, OPERATOR, OWN, RIVAL

pytestmark = pytest.mark.servers

CONFIRMED, WAITING, LATER, ELSEWHERE, SECOND_PLAN = (UUID(int=n) for n in range(41, 46))
RIVAL_HERE = OWN | {"operator_id": RIVAL}
NEXT_YEAR = {"first_day": date(2027, 1, 1), "last_day": date(2027, 12, 31)}


@pytest.fixture(scope="module")
async def model(postgres_server: DatabaseServer) -> AsyncIterator[Model]:
    """Beside the contract of the sample: one of a rival at the same point, one that waits, one of next year, one elsewhere."""
    sample = working_day()
    contract(sample, CONFIRMED, RIVAL_HERE, POINT, "上海他人运维有限公司")
    plan(sample, SECOND_PLAN, RIVAL_HERE, POINT, (week(date(2026, 11, 4)),), CONFIRMED)
    submit(sample, WAITING, RIVAL_HERE, "上海他人运维有限公司")
    later = terms(LATER, "上海他人运维有限公司").model_copy(update=NEXT_YEAR)
    sample.add(f"contract-{LATER}", tasks.ContractSubmittedV3(contract_id=LATER, **RIVAL_HERE, terms=later))
    sample.add(f"contract-{LATER}", tasks.ContractConfirmed(contract_id=LATER, **RIVAL_HERE, points=(POINT,)))
    contract(sample, ELSEWHERE, RIVAL_HERE, UUID(int=404), "上海他人运维有限公司")
    made = await model_after(postgres_server, sample.recorded)
    yield made
    await made.close()


async def overlaps(model: Model, contract_id: UUID, scope: Scope = ALL) -> list[dict[str, Any]]:
    found = await WorkQueries(model.reader).contract(scope, contract_id, DAY)
    assert found is not None
    shown: list[dict[str, Any]] = answers.contract(found)["overlaps"]
    return shown


async def test_a_contract_names_the_other_with_common_days_and_points_and_what_both_plan(
    model: Model,
) -> None:
    (overlap,) = await overlaps(model, CONTRACT, Scope("enterprise", str(ENTERPRISE)))
    assert (overlap["id"], overlap["operator_name"]) == (str(CONFIRMED), "上海他人运维有限公司")
    assert (overlap["first_day"], overlap["last_day"]) == ("2026-01-01", "2026-12-31")
    assert [point["id"] for point in overlap["points"]] == [str(POINT)]
    assert overlap["contents"] == ["calibration", "patrol"]


async def test_before_its_points_are_agreed_all_in_force_are_named(model: Model) -> None:
    found = await overlaps(model, WAITING, Scope("enterprise", str(ENTERPRISE)))
    assert {overlap["id"] for overlap in found} == {str(CONTRACT), str(CONFIRMED), str(ELSEWHERE)}


async def test_an_operator_does_not_learn_of_anothers_contract(model: Model) -> None:
    assert await overlaps(model, CONTRACT, Scope("operator", str(OPERATOR))) == []


async def test_other_days_do_not_overlap(model: Model) -> None:
    assert await overlaps(model, LATER) == []
