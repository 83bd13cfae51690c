"""The gateway vouches only for accounts that are named on an object which the user may see, and never for ids in free text."""

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
VIEW = {
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


def test_accounts_and_organisations_named_on_an_object_are_found() -> None:
    found = ids_in(json.dumps(VIEW).encode())
    assert found.accounts == {TECHNICIAN, SIGNER}
    assert found.sent == {COMPANION}
    assert found.organisations == {OPERATOR, ENTERPRISE}
    assert found.headers({SIGNER, COMPANION, STRANGER}) == {
        "x-vouched-accounts": SIGNER,
        "x-sent-accounts": COMPANION,
        "x-named-organisations": f"{OPERATOR},{ENTERPRISE}",
    }


def test_who_handed_in_and_decided_is_found_and_nothing_that_an_operator_typed() -> None:
    typed = {"points": [{"about": {"by": STRANGER, "companions": [STRANGER]}}]}
    judged = {"by": None, "verdict": {"factors": []}}
    report = {
        "submitted_by": TECHNICIAN,
        "decided_by": SIGNER,
        "draft": {"document": typed},
        "rounds": [{"by": TECHNICIAN, "document": typed, "verdicts": [judged], "review": {"by": SIGNER}}],
        "exemptions": [{"granted_by": COMPANION, "ended_by": None, "text": STRANGER}],
    }
    found = ids_in(json.dumps(report).encode())
    assert found.accounts == {TECHNICIAN, SIGNER, COMPANION}
    assert found.sent == set()


@pytest.mark.parametrize(
    "shown", ["", "/views/board", "/files/" + "0" * 64, "/views/visits/metrics", f"{VISIT}/../x"]
)
def test_only_the_path_of_a_single_known_object_is_accepted(shown: str) -> None:
    with pytest.raises(Refused):
        view_of(shown, "operator")


def test_an_object_whose_view_this_kind_of_account_may_not_use_is_refused() -> None:
    history = f"/views/history/instrument-{someone(1)}"
    assert view_of(history, "enterprise") == history.removeprefix("/views")
    with pytest.raises(Refused):
        view_of(history, "operator")


class ServicesWithViews(Services):
    status: int = 200

    async def answer(self, asked: web.Request) -> web.Response:
        if asked.path.startswith("/visits/"):
            return web.json_response(VIEW if self.status == 200 else {}, status=self.status)
        return await super().answer(asked)


@pytest.fixture
def services() -> ServicesWithViews:
    return ServicesWithViews()


@pytest.fixture
async def port(services: ServicesWithViews) -> AsyncIterator[int]:
    async with running(services, Limits()) as port:
        yield port


async def ask(port: int, query: str, **headers: str) -> Answer:
    connection = await Connection.to(port)
    connection.send(request("GET", f"/api/account-labels?{query}", **headers))
    answer = await connection.answer()
    connection.writer.close()
    return answer


def last_headers(services: Services) -> dict[str, Any]:
    return {name.lower(): value for name, value in services.requests[-1].headers.items()}


async def test_accounts_receives_the_requested_ids_that_are_on_the_object(
    port: int, services: ServicesWithViews
) -> None:
    assert (await ask(port, f"ids={SIGNER},{STRANGER}&on={VISIT}")).status == 200
    assert last_headers(services)["x-vouched-accounts"] == SIGNER


async def test_vouched_accounts_sent_by_a_client_are_dropped(port: int, services: ServicesWithViews) -> None:
    services.status = 404
    await ask(port, f"ids={SIGNER}&on={VISIT}", X_Vouched_Accounts=SIGNER)
    assert "x-vouched-accounts" not in last_headers(services)
    await ask(port, f"ids={SIGNER}", X_Vouched_Accounts=SIGNER)
    assert "x-vouched-accounts" not in last_headers(services)
