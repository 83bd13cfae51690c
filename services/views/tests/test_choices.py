"""What an operator may choose from: points that it was given, found by what it is shown of them."""

from collections.abc import AsyncIterator

import pytest
from qingyuan_events import Actor
from qingyuan_local.testing import DatabaseServer
from read_models import Model, model_after
from sample_facts import ENTERPRISE, POINT, registry_facts
from views.choices.queries import ChoiceQueries
from views.choices.query_models import ChoiceQuery
from views.shared.people import MemoryPeople
from views.shared.scope import Scope
from working_day import contract
from working_day_facts import CONTRACT, FAR_POINT, OPERATOR, OWN, TECHNICIAN

pytestmark = pytest.mark.servers
MANAGER = Actor(account=TECHNICIAN, kind="operator", organisation=OPERATOR)
OF_OPERATOR, OF_ENTERPRISE = Scope("operator", str(OPERATOR)), Scope("enterprise", str(ENTERPRISE))


@pytest.fixture(scope="module")
async def model(postgres_server: DatabaseServer) -> AsyncIterator[Model]:
    """The enterprise has given the operator another point than the one in the register."""
    sample = registry_facts()
    contract(sample, CONTRACT, OWN, FAR_POINT, "上海绿测环境运维有限公司")
    made = await model_after(postgres_server, sample.recorded)
    yield made
    await made.close()


async def names(model: Model, scope: Scope, **asked: object) -> list[str]:
    queries = ChoiceQueries(model.reader, MemoryPeople({}))
    return [
        choice.name for choice in await queries.choices(MANAGER, scope, ChoiceQuery.model_validate(asked))
    ]


async def test_a_point_that_was_not_given_is_no_choice(model: Model) -> None:
    assert await names(model, OF_ENTERPRISE, of="point") == ["总测点"]
    for asked in ({}, {"id": POINT}, {"search": "DW001"}, {"enterprise_id": ENTERPRISE}):
        assert await names(model, OF_OPERATOR, of="point", **asked) == []


async def test_an_operator_does_not_find_a_client_by_what_it_is_not_shown(model: Model) -> None:
    assert await names(model, OF_OPERATOR, of="enterprise", search="清泉") == ["清泉化工"]
    assert await names(model, OF_ENTERPRISE, of="enterprise", search="u清泉") == ["清泉化工"]
    assert await names(model, OF_OPERATOR, of="enterprise", search="u清泉") == []
