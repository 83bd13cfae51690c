"""Names of the technicians of a list: asked for once, and a list is shown without them rather than not at all."""

import json
from collections.abc import Iterator
from typing import ClassVar
from uuid import UUID

import pytest
from answering import QuietHandler, answering
from qingyuan_events import Actor
from qingyuan_runtime.tokens.issuers import EveryIssuer
from views.shared.people import ASKED_AT_ONCE, KEPT_SECONDS, ServedPeople

ACTOR = Actor(account=UUID(int=74), kind="administrator")
KNOWN, UNKNOWN = UUID(int=1), UUID(int=2)


class AccountsHandler(QuietHandler):
    asked: ClassVar[list[int]] = []

    def do_GET(self) -> None:
        ids = self.headers["X-Vouched-Accounts"].split(",")
        assert self.path == f"/account-labels?ids={','.join(ids)}"
        AccountsHandler.asked.append(len(ids))
        self.send_response(200)
        self.end_headers()
        labels = {account: f"人员 {account}" for account in ids if account != str(UNKNOWN)}
        self.wfile.write(json.dumps({"labels": labels}).encode())


@pytest.fixture
def url() -> Iterator[str]:
    AccountsHandler.asked.clear()
    with answering(AccountsHandler) as url:
        yield url


async def test_a_name_is_asked_for_once_and_again_when_it_is_old(url: str) -> None:
    ticks = [0.0]
    people = ServedPeople(url, EveryIssuer(), lambda: ticks[0])
    for _ in range(2):
        assert await people.names(ACTOR, [KNOWN, KNOWN]) == {KNOWN: f"人员 {KNOWN}"}
    assert AccountsHandler.asked == [1]
    ticks[0] = KEPT_SECONDS + 1
    assert KNOWN in await people.names(ACTOR, [KNOWN])
    assert AccountsHandler.asked == [1, 1]


async def test_many_are_asked_for_in_parts_and_who_has_no_name_is_left_out(url: str) -> None:
    accounts = [UUID(int=number) for number in range(1, 2 * ASKED_AT_ONCE)]
    named = await ServedPeople(url, EveryIssuer()).names(ACTOR, accounts)
    assert AccountsHandler.asked == [ASKED_AT_ONCE, ASKED_AT_ONCE - 1]
    assert set(accounts) - set(named) == {UNKNOWN}


async def test_an_accounts_service_that_is_down_costs_the_names_and_not_the_list() -> None:
    people = ServedPeople("http://127.0.0.1:9", EveryIssuer())
    assert await people.names(ACTOR, [KNOWN]) == {}
