"""Who is let in again by others is let in at the second step, too."""

import httpx
import pytest
from accounts.attempts import code_key
from accounts_making import PASSWORD
from accounts_over_http import ACCOUNTS, NOW, Person
from accounts_watching import SYSTEM, Officer
from factor_calls import AT_SITE, Answered, begins, code_of, enrol_totp
from qingyuan_runtime.database.connections import Pool

pytestmark = pytest.mark.servers

ZHOU = ACCOUNTS["zhou"].id


async def steps(person: Person, due: Answered, code: str) -> httpx.Response:
    return await person.posts(
        "/session/step", {"step": due["step"], "method": "totp", "code": code}, **AT_SITE
    )


async def locked_at_the_second_step(pool: Pool) -> bool:
    waits = await pool.fetchval("select spent > forgotten from guesses where key = $1", code_key(ZHOU))
    return waits is True


async def test_unlocking_and_a_one_time_password_let_in_again_at_the_second_step_too(
    people: dict[str, Person], officer: Officer, pool: Pool
) -> None:
    secret, _ = await enrol_totp(people["zhou"])
    for undo in ("unlock", "password"):
        due = await begins(people["zhou"], "zhou")
        for _ in range(5):
            await steps(people["zhou"], due, "000000")
        assert (await steps(people["zhou"], due, code_of(secret))).status_code == 423
        assert await locked_at_the_second_step(pool)
        if undo == "unlock":
            await officer.posts(f"/security/accounts/{ZHOU}/lock")
            assert (await officer.posts(f"/security/accounts/{ZHOU}/unlock")).status_code == 204
        else:
            system = Officer(people["zhou"].http, SYSTEM, "system")
            assert (await system.posts(f"/admin/accounts/{ZHOU}/password")).status_code == 200
        assert not await locked_at_the_second_step(pool)
        assert (await officer.reads("/security/locks")).json()["items"] == []


async def test_the_own_new_password_forgets_no_wrong_codes(people: dict[str, Person], pool: Pool) -> None:
    """Else whoever has a session and the password guesses codes for ever."""
    await pool.execute("insert into guesses values ($1, 5, $2)", code_key(ZHOU), NOW)
    body = {"current": PASSWORD, "new": "horses eat 苹果树"}
    answer = await people["zhou"].posts("/password", body)
    assert answer.status_code == 204, answer.text
    assert await locked_at_the_second_step(pool)


async def test_a_managers_unlock_forgets_the_failures_as_an_administrators_does(
    people: dict[str, Person], pool: Pool
) -> None:
    for _ in range(5):
        await people["wang"].logs_in("an", "wrong")
    await pool.execute("insert into guesses values ($1, 5, $2)", code_key(ACCOUNTS["an"].id), NOW)
    assert (await people["wang"].logs_in("an")).status_code == 423
    for locked in (True, False):
        path = f"/organisation/accounts/{ACCOUNTS['an'].id}/lock"
        assert (await people["zhou"].puts(path, {"locked": locked})).status_code == 204
    assert (await people["wang"].logs_in("an")).status_code == 200
    assert not await pool.fetchval(
        "select bool_or(spent > forgotten) from guesses where get_byte(key, 0) <> ascii('a')"
    )
