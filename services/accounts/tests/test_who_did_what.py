"""Lines of the security log say who did it, from where, on whom; the gateway adds those about other services."""

import time
from uuid import UUID

import asyncpg
import httpx
import pytest
from accounts_over_http import ACCOUNTS, FACTORY, KEY, VENDOR, Person
from accounts_watching import Officer
from qingyuan_events import Actor
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.tokens.actors import issue

pytestmark = pytest.mark.servers

HERE = {"X-Client-Address": "198.51.100.7", "X-Client-Agent": "Mozilla/5.0 Chrome/142.0 Safari/537.36"}
PLACE = ("198.51.100.7", "电脑 · Chrome")


async def last(pool: Pool) -> asyncpg.Record:
    row = await pool.fetchrow("select * from security_log order by id desc limit 1")
    assert row is not None
    return row


async def test_a_log_in_is_done_by_the_account_itself(people: dict[str, Person], pool: Pool) -> None:
    await people["office"].logs_in("zhou", **HERE)
    line, zhou = await last(pool), ACCOUNTS["zhou"].id
    assert (line["what"], line["result"], line["kind"]) == ("logged-in", "done", "enterprise")
    assert (line["account_id"], line["organisation"]) == (zhou, FACTORY)
    assert (line["address"], line["device"]) == PLACE


async def test_a_failed_log_in_has_nobody_who_did_it(strangers: httpx.AsyncClient, pool: Pool) -> None:
    wrong = {"account": "zhou", "password": "wrong"}
    assert (await strangers.post("/session", json=wrong, headers=HERE)).status_code == 401
    line = await last(pool)
    assert (line["what"], line["result"]) == ("log-in-failed", "failed")
    assert (line["actor"], line["account_id"]) == (None, ACCOUNTS["zhou"].id)
    assert (line["address"], line["device"]) == PLACE


async def test_what_is_done_in_a_session_is_done_by_its_account(
    people: dict[str, Person], pool: Pool
) -> None:
    await people["wang"].gives_second_factor(**HERE)
    line = await last(pool)
    assert (line["what"], line["actor"]) == ("second-factor-given", ACCOUNTS["wang"].id)
    assert (line["organisation"], line["address"]) == (VENDOR, "198.51.100.7")


async def test_one_request_does_not_inherit_from_the_one_before(
    people: dict[str, Person], strangers: httpx.AsyncClient, pool: Pool
) -> None:
    await people["wang"].gives_second_factor(**HERE)
    await strangers.post("/session", json={"account": "nobody-at-all", "password": "wrong"})
    line = await last(pool)
    assert (line["actor"], line["account_id"], line["address"]) == (None, None, "unknown")


def exported(**other: object) -> dict[str, object]:
    line = {
        "what": "data-exported",
        "account": str(ACCOUNTS["office"].id),
        "address": "198.51.100.7",
        "agent": HERE["X-Client-Agent"],
        "result": "done",
        "path": "/api/views/visits.xlsx",
    }
    return line | other


async def test_the_gateway_tells_what_other_services_gave_away(
    strangers: httpx.AsyncClient, pool: Pool
) -> None:
    lines = [exported(), exported(what="personal-data-read", account=str(UUID(int=99)), result="refused")]
    assert (await strangers.post("/security-log/lines", json={"lines": lines})).status_code == 204
    rows = await pool.fetch("select * from security_log order by id desc limit 2")
    refused, done = rows
    assert (done["actor"], done["kind"], done["district"]) == (ACCOUNTS["office"].id, "regulator", "310118")
    assert (done["address"], done["device"]) == PLACE
    assert done["detail"] == '{"path": "/api/views/visits.xlsx"}'
    assert (refused["what"], refused["result"], refused["kind"]) == ("personal-data-read", "refused", None)


async def test_nobody_else_adds_lines(people: dict[str, Person], officer: Officer, pool: Pool) -> None:
    before = await last(pool)
    for somebody in (people["wang"], people["office"], officer):
        assert (await somebody.posts("/security-log/lines", {"lines": [exported()]})).status_code == 403
    assert (await last(pool))["id"] == before["id"]


async def test_a_line_of_another_shape_adds_none_of_them(strangers: httpx.AsyncClient, pool: Pool) -> None:
    before = await last(pool)
    lines = [exported(), exported(what="logged-in")]
    assert (await strangers.post("/security-log/lines", json={"lines": lines})).status_code == 422
    assert (await last(pool))["id"] == before["id"]


@pytest.fixture
async def strangers(people: dict[str, Person]) -> httpx.AsyncClient:
    """The gateway, on behalf of those who are not logged in."""
    http = people["zhou"].http
    gateway = Actor(account=UUID(int=0), kind="system")
    http.headers["Authorization"] = f"Bearer {issue(gateway, KEY, now=time.time())}"
    return http
