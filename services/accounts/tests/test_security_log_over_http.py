"""The auditor reads, narrows and exports the security log, on real PostgreSQL."""

import csv
import io

import pytest
from accounts_over_http import ACCOUNTS, Person
from accounts_watching import Officer, fails
from qingyuan_runtime.database.connections import Pool

pytestmark = pytest.mark.servers

ZHOU = ACCOUNTS["zhou"].id
RELEASED = "select detail from security_log where what = 'lock-released'"


@pytest.mark.parametrize("path", ["/security-log", "/security-log.csv", "/security-log/words"])
async def test_the_security_administrator_does_not_read_the_log(officer: Officer, path: str) -> None:
    assert (await officer.reads(path)).status_code == 403


async def test_the_log_is_narrowed_and_read_page_by_page(people: dict[str, Person], auditor: Officer) -> None:
    await fails(people, "zhou", 3, **{"X-Client-Address": "198.51.100.7"})
    await people["an"].logs_in("an")
    first = (await auditor.reads("/security-log", what="log-in-failed", limit="2")).json()
    rest = (await auditor.reads("/security-log", what="log-in-failed", after=first["next"])).json()
    assert [len(first["items"]), len(rest["items"]), rest["next"]] == [2, 1, None]
    ids = [line["id"] for line in first["items"] + rest["items"]]
    assert ids == sorted(ids, reverse=True)

    async def found(**query: str) -> set[str]:
        answer = await auditor.reads("/security-log", **query)
        assert answer.status_code == 200, answer.text
        return {line["what"] for line in answer.json()["items"]}

    assert await found(account="ＺＨＯＵ") == {"log-in-failed"}
    assert await found(account="an") == {"logged-in"}
    assert await found(account="nobody-at-all") == set()
    assert await found(result="failed") == {"log-in-failed"}
    assert await found(address="198.51.100.7") == {"log-in-failed"}
    assert await found(to="2020-01-01") == set()
    assert "logged-in" in await found(**{"from": "2020-01-01", "to": "2090-01-01"})


async def test_the_log_is_narrowed_to_an_organisation(
    people: dict[str, Person], auditor: Officer, pool: Pool
) -> None:
    organisation = ACCOUNTS["zhou"].organisation
    await pool.execute("insert into organisations values ($1, '清泉化工')", organisation)
    await people["zhou"].logs_in("zhou")
    await people["zhou"].logs_in("wang")
    items = (await auditor.reads("/security-log", organisation="清泉", what="logged-in")).json()["items"]
    assert [line["organisation_name"] for line in items] == ["清泉化工"]


async def test_the_export_holds_the_same_lines_and_no_formulas(
    people: dict[str, Person], auditor: Officer, pool: Pool
) -> None:
    await people["zhou"].logs_in("zhou", **{"X-Client-Address": "=1+1"})
    answer = await auditor.reads("/security-log.csv", what="logged-in")
    assert answer.headers["content-type"].startswith("text/csv")
    head, line = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head[0] == "时间"
    assert [line[1], line[2], line[4], line[7]] == ["登录", "成功", "zhou", "'=1+1"]


async def test_what_was_released_or_given_is_said_in_words(
    people: dict[str, Person], officer: Officer, auditor: Officer, pool: Pool
) -> None:
    await fails(people, "zhou")
    [lock] = (await officer.reads("/security/locks")).json()["items"]
    await officer.posts("/security/locks/release", {"id": lock["id"]})
    await pool.execute(
        "insert into security_log (what, detail) values ('personal-data-read', $1)",
        '{"path": "/api/colleagues"}',
    )
    for what, said in (("lock-released", "登录"), ("personal-data-read", "本单位账户名单")):
        [line] = (await auditor.reads("/security-log", what=what)).json()["items"]
        assert line["explanation"] == said
        exported = (await auditor.reads("/security-log.csv", what=what)).content.decode("utf-8-sig")
        assert next(iter(csv.DictReader(io.StringIO(exported))))["说明"] == said


async def test_an_export_that_is_too_large_is_refused(
    people: dict[str, Person], auditor: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.http.security_log_routes.EXPORT_MOST", 1)
    for _ in range(2):
        await people["zhou"].logs_in("zhou")
    answer = await auditor.reads("/security-log.csv")
    assert (answer.status_code, answer.json()["errors"][0]["rule"]) == (422, "export.too-large")


async def test_a_malformed_page_is_refused(auditor: Officer) -> None:
    for after in ("x", "9" * 20):
        answer = await auditor.reads("/security-log", after=after)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "after")
