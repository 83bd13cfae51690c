"""Known organisations are offered to whoever may see where they stand, the most used first."""

from collections.abc import AsyncIterator

import pytest
from qingyuan_local.testing import DatabaseServer
from read_models import Model, model_after
from sample_facts import ALL, ENTERPRISE, OTHER
from views.register.organisations import Organisations
from views.shared.scope import Scope
from working_day import working_day

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
async def model(postgres_server: DatabaseServer) -> AsyncIterator[Model]:
    made = await model_after(postgres_server, working_day().recorded)
    yield made
    await made.close()


async def offered(model: Model, search: str | None = None, scope: Scope = ALL) -> list[str]:
    return list(await Organisations(model.reader).named_like(scope, search))


async def test_vendors_of_instruments_and_operators_of_contracts_are_offered_without_the_word_for_none(
    model: Model,
) -> None:
    names = await offered(model)
    assert {"甲公司", "乙公司", "集成", "安装", "上海绿测环境运维有限公司", "上海他人运维有限公司"} == set(
        names
    )
    assert set(names[:3]) == {"安装", "集成", "甲公司"}


@pytest.mark.parametrize(
    ("typed", "found"), [("绿测", ["上海绿测环境运维有限公司"]), ("%", []), ("  ", None)]
)
async def test_what_was_typed_is_taken_literally(model: Model, typed: str, found: list[str] | None) -> None:
    assert await offered(model, typed) == (await offered(model) if found is None else found)


async def test_an_enterprise_is_offered_what_stands_in_its_own_register_and_contracts(model: Model) -> None:
    assert "上海他人运维有限公司" not in await offered(model, scope=Scope("enterprise", str(ENTERPRISE)))
    assert await offered(model, scope=Scope("enterprise", str(OTHER))) == ["上海他人运维有限公司"]
