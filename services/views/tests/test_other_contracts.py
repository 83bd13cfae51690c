"""A window done under another contract, or by another operator, says so to whoever may see it."""

from collections.abc import AsyncIterator
from datetime import date
from uuid import UUID

import pytest
from qingyuan_local.testing import DatabaseServer
from read_models import Model, model_after
from sample_facts import ALL, ENTERPRISE, POINT
from test_work import cycles
from views.shared.scope import Scope
from views.work.queries import WorkQueries
from working_day import contract, working_day
from working_day_facts import OPERATOR, OWN, PLAN, RIVAL, VisitFacts, sheet

pytestmark = pytest.mark.servers

OTHER_OF_OWN, OF_RIVAL = UUID(int=35), UUID(int=36)
RIVAL_HERE = OWN | {"operator_id": RIVAL}
SECOND_WEEK, THIRD_WEEK = date(2026, 11, 12), date(2026, 11, 18)


@pytest.fixture(scope="module")
async def model(postgres_server: DatabaseServer) -> AsyncIterator[Model]:
    """The rival did the second week's patrol at the point; the plan's own operator did the third under another contract."""
    sample = working_day()
    contract(sample, OTHER_OF_OWN, OWN, POINT, "上海绿测环境运维有限公司")
    contract(sample, OF_RIVAL, RIVAL_HERE, POINT, "上海他人运维有限公司")
    rival = VisitFacts(sample, "of rival", whose=RIVAL_HERE, day=SECOND_WEEK, contract=OF_RIVAL)
    rival.whole(sheet("of rival", day=SECOND_WEEK))
    own = VisitFacts(sample, "under other", day=THIRD_WEEK, contract=OTHER_OF_OWN)
    own.whole(sheet("under other", day=THIRD_WEEK))
    made = await model_after(postgres_server, sample.recorded)
    yield made
    await made.close()


async def said(model: Model, number: int, scope: Scope = ALL) -> tuple[object, object, object]:
    found = await cycles(WorkQueries(model.reader), scope=scope, plan_id=PLAN)
    (cycle,) = (row for row in found if (row["content"], row["number"]) == ("patrol", number))
    return cycle["state"], cycle["under"], cycle["by_others"]


async def test_a_window_that_another_operator_did_stays_missed_and_names_visit_operator_and_contract(
    model: Model,
) -> None:
    state, under, by_others = await said(model, 2, Scope("enterprise", str(ENTERPRISE)))
    assert (state, under) == ("missed", None)
    assert isinstance(by_others, dict)
    assert by_others.pop("visit_id")
    assert by_others == {
        "day": "2026-11-12",
        "operator_name": "上海他人运维有限公司",
        "contract": {"id": str(OF_RIVAL), "number": "HT-36"},
    }


async def test_an_operator_does_not_learn_of_anothers_visit(model: Model) -> None:
    assert await said(model, 2, Scope("operator", str(OPERATOR))) == ("missed", None, None)


async def test_a_window_done_under_another_contract_names_it(model: Model) -> None:
    assert await said(model, 3) == ("done", {"id": str(OTHER_OF_OWN), "number": "HT-35"}, None)


async def test_a_window_done_under_the_plans_contract_says_nothing(model: Model) -> None:
    assert await said(model, 1) == ("done", None, None)
