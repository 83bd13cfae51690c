"""Names are read only by who may see the thing they stand on, and an id that somebody wrote there vouches for nothing."""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from aiohttp import web
from gateway.naming import ids_in, view_of
from gateway.public import Limits
from gateway.request_parts import Refused
from serving import Answer, Connection, Services, request, running

VISIT = "/views/visits/00000000-0000-0000-0000-000000000001"


def someone(number: int) -> str:
    return str(UUID(int=number))


TECHNICIAN, COMPANION, SIGNER, STRANGER, OPERATOR, ENTERPRISE = map(someone, range(11, 17))
SEEN = {
    "id": someone(1),
    "by": TECHNICIAN,
    "operator_id": OPERATOR,
    "enterprise_id": ENTERPRISE,
    "sign_in": {"by": TECHNICIAN, "companions": [COMPANION, "no id"]},
    "sheets": [{"revisions": [{"by": TECHNICIAN, "values": {"by": STRANGER}, "reason": STRANGER}]}],
    "confirmation": {"steps": [{"by": SIGNER}, {"by": None}]},
    "items": [{"actor": {"account": SIGNER, "kind": "enterprise"}, "changes": [{"was": STRANGER, "now": STRANGER}]}],
    "assignees": [{"account": COMPANION}],
}  # fmt: skip


def test_who_stands_on_a_thing_and_whose_it_is() -> None:
    found = ids_in(json.dumps(SEEN).encode())
    assert found.accounts == {TECHNICIAN, SIGNER}
    assert found.sent == {COMPANION}
    assert found.organisations == {OPERATOR, ENTERPRISE}
    assert found.headers({SIGNER, COMPANION, STRANGER}) == {
        "x-vouched-accounts": SIGNER,
        "x-sent-accounts": COMPANION,
        "x-named-organisations": f"{OPERATOR},{ENTERPRISE}",
    }


@pytest.mark.parametrize(
    "thing", ["", "/views/board", "/files/" + "0" * 64, "/views/visits/metrics", f"{VISIT}/../x"]
)
def test_only_a_single_thing_that_one_may_ask_for_vouches(thing: str) -> None:
    with pytest.raises(Refused):
        view_of(thing, "operator")


def test_a_thing_that_this_kind_of_account_may_not_ask_for_vouches_for_nobody() -> None:
    history = f"/views/history/instrument-{someone(1)}"
    assert view_of(history, "enterprise") == history.removeprefix("/views")
    with pytest.raises(Refused):
        view_of(history, "operator")


class Inside(Services):
    seen: int = 200

    async def answer(self, asked: web.Request) -> web.Response:
        if asked.path.startswith("/visits/"):
            return web.json_response(SEEN if self.seen == 200 else {}, status=self.seen)
        return await super().answer(asked)


@pytest.fixture
def services() -> Inside:
    return Inside()


@pytest.fixture
async def port(services: Inside) -> AsyncIterator[int]:
    async with running(services, Limits()) as port:
        yield port


async def ask(port: int, query: str, **headers: str) -> Answer:
    connection = await Connection.to(port)
    connection.send(request("GET", f"/api/account-labels?{query}", **headers))
    answer = await connection.answer()
    connection.writer.close()
    return answer


def heard(services: Services) -> dict[str, Any]:
    return {name.lower(): value for name, value in services.requests[-1].headers.items()}


async def test_accounts_hear_who_is_vouched_for(port: int, services: Inside) -> None:
    assert (await ask(port, f"ids={SIGNER},{STRANGER}&on={VISIT}")).status == 200
    assert heard(services)["x-vouched-accounts"] == SIGNER


async def test_nobody_vouches_from_outside_or_for_a_thing_that_is_not_there(
    port: int, services: Inside
) -> None:
    services.seen = 404
    await ask(port, f"ids={SIGNER}&on={VISIT}", X_Vouched_Accounts=SIGNER)
    assert "x-vouched-accounts" not in heard(services)
    await ask(port, f"ids={SIGNER}", X_Vouched_Accounts=SIGNER)
    assert "x-vouched-accounts" not in heard(services)
