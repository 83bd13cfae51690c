"""The second factor over HTTP on real PostgreSQL: for what it is valid, who may give it, when it is locked."""

from datetime import datetime, timedelta

import pytest
from accounts_making import PASSWORD
from accounts_over_http import ACCOUNTS, ALSO_SHOWN, KEY, NOW, SHOWN, Person
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.tokens import second_factor
from qingyuan_runtime.tokens.second_factor import Given

pytestmark = pytest.mark.servers


async def test_a_second_factor_is_valid_for_each_content_that_was_shown(people: dict[str, Person]) -> None:
    answer = await people["zhou"].gives_second_factor(over=[SHOWN, ALSO_SHOWN])
    assert answer.status_code == 200
    made = answer.json()
    assert datetime.fromisoformat(made["expires_at"]) == NOW + timedelta(minutes=5)
    for content in (SHOWN, ALSO_SHOWN):
        assert second_factor.verify(made["token"], ACCOUNTS["zhou"].id, content, KEY, NOW) == Given(NOW)


async def test_after_five_wrong_second_factors_the_right_password_is_refused_too(
    people: dict[str, Person], pool: Pool
) -> None:
    for _ in range(5):
        answer = await people["zhou"].gives_second_factor("wrong")
        assert (answer.status_code, answer.json()["code"]) == (403, "second-factor.wrong")
    answer = await people["zhou"].gives_second_factor()
    assert (answer.status_code, answer.json()["code"]) == (423, "account.locked")
    assert (await people["an"].gives_second_factor()).status_code == 200
    logged = [row["what"] for row in await pool.fetch("select what from security_log order by id")]
    assert logged[-7:] == [*["second-factor-failed"] * 5, "locked", "second-factor-given"]


@pytest.mark.parametrize("typed", ["session of {}", "SESSION OF {}", "s{}", "{}"])
async def test_no_name_typed_at_the_log_in_counts_against_an_accounts_second_factor(
    people: dict[str, Person], typed: str
) -> None:
    """An account's id is on every record that it signed, so anybody who reads one could type the id as a name."""
    for _ in range(5):
        assert (await people["zhou"].logs_in(typed.format(ACCOUNTS["zhou"].id), "x")).status_code == 401
    assert (await people["zhou"].gives_second_factor()).status_code == 200
    assert (await people["zhou"].changes_password(PASSWORD)).status_code == 204


async def test_failed_log_ins_from_the_same_address_do_not_keep_a_user_from_signing(
    people: dict[str, Person], pool: Pool
) -> None:
    await pool.execute("insert into guesses values ($1, 100, $2)", b"a203.0.113.1", NOW)
    where = {"X-Client-Address": "203.0.113.1"}
    assert (await people["an"].logs_in("an", **where)).status_code == 429
    for _ in range(5):
        assert (await people["zhou"].gives_second_factor("wrong", **where)).status_code == 403
    assert (await people["zhou"].gives_second_factor(**where)).status_code == 423, "its own count still holds"
    assert (await people["an"].gives_second_factor(**where)).status_code == 200


async def test_a_wrong_present_password_and_a_wrong_second_factor_count_together(
    people: dict[str, Person],
) -> None:
    for _ in range(3):
        answer = await people["zhou"].changes_password("wrong")
        assert (answer.status_code, answer.json()["code"]) == (401, "credentials.wrong")
    for _ in range(2):
        assert (await people["zhou"].gives_second_factor("wrong")).status_code == 403
    answer = await people["zhou"].changes_password(PASSWORD)
    assert (answer.status_code, answer.json()["code"]) == (423, "account.locked")
    assert answer.headers["content-type"] == "application/problem+json"
    assert (await people["an"].changes_password(PASSWORD)).status_code == 204


async def test_a_right_second_factor_forgets_the_failures_before_it(people: dict[str, Person]) -> None:
    for _ in range(2):
        for _ in range(4):
            assert (await people["zhou"].gives_second_factor("wrong")).status_code == 403
        assert (await people["zhou"].gives_second_factor()).status_code == 200


@pytest.mark.parametrize("over", [[], ["A" * 64], [SHOWN] * 101])
async def test_a_second_factor_needs_one_to_a_hundred_valid_hashes(
    people: dict[str, Person], over: list[str]
) -> None:
    answer = await people["zhou"].gives_second_factor(over=over)
    assert (answer.status_code, answer.json()["code"]) == (422, "request.malformed")


async def test_only_who_signs_may_give_a_second_factor(people: dict[str, Person]) -> None:
    """An enterprise signs records, an operator its undertaking; an office signs nothing."""
    assert (await people["office"].gives_second_factor()).status_code == 403
    assert (await people["wang"].gives_second_factor()).status_code == 200


async def test_a_disabled_account_cannot_give_a_second_factor(people: dict[str, Person]) -> None:
    answer = await people["gone"].gives_second_factor()
    assert (answer.status_code, answer.json()["code"]) == (403, "second-factor.wrong")
