"""An account without a password shows who it is by its certificate; and lost second steps are reset by somebody else."""

from uuid import UUID

import httpx
import pytest
from accounts.sessions.tokens import token_hash
from accounts_certificates import Token, comes_with, of_another, token
from accounts_making import PASSWORD, lines
from accounts_office import Asking, Office
from accounts_over_http import ACCOUNTS, VENDOR, Person, nobody_is_logged_in
from factor_calls import SoftKey, begins, enrol_key, enrol_totp
from qingyuan_runtime.database.connections import Pool

pytestmark = pytest.mark.servers
NEW = "horses eat 苹果树"


@pytest.fixture
async def newcomer(people: dict[str, Person], office: Office) -> Asking:
    """A manager who came by certificate and has no password."""
    return await office.enter(people["zhou"])


async def proof(who: Asking, held: Token | None = None) -> dict[str, str]:
    asked = (await who.posts("/factors/identity/challenges")).json()
    return {"challenge": asked["id"]} | (held or token()).signs(asked["text"])


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_who_has_only_a_certificate_sets_a_first_password_by_it_once(
    newcomer: Asking, people: dict[str, Person], pool: Pool
) -> None:
    ways = (await newcomer.gets("/factors")).json()
    assert (ways["password"], ways["certificate"]) == (False, True)
    weak = await newcomer.posts("/password/first", {"proof": await proof(newcomer), "new": "abc"})
    assert [error["field"] for error in weak.json()["errors"]] == ["new"]
    first = await newcomer.posts("/password/first", {"proof": await proof(newcomer), "new": NEW})
    assert first.status_code == 204, first.text
    name = await pool.fetchval("select name from accounts where account_id = $1", newcomer.actor.account)
    assert (await people["zhou"].logs_in(name, NEW)).status_code == 200
    again = await newcomer.posts("/password/first", {"proof": await proof(newcomer), "new": f"{NEW}2"})
    assert code(again) == (409, "password.not-first")
    assert {"identity-shown-again", "password-changed"} <= set(await lines(pool))


async def test_a_first_password_is_like_any_other_new_one_of_the_owner(
    newcomer: Asking, people: dict[str, Person], pool: Pool
) -> None:
    """It forgets what was guessed before and ends other sessions; what the owner has bound stays."""
    who = newcomer.actor.account
    name = await pool.fetchval("select name from accounts where account_id = $1", who)
    await pool.execute(
        "insert into wechat_bindings values (gen_random_uuid(), $1, 'openid', '王', now())", who
    )
    for _ in range(5):
        await people["zhou"].logs_in(name, "a guess")
    assert (await people["zhou"].logs_in(name, "a guess")).status_code == 423
    other = (await comes_with(people["zhou"], token())).json()["token"]
    answer = await newcomer.posts("/password/first", {"proof": await proof(newcomer), "new": NEW})
    assert answer.status_code == 204, answer.text
    assert (await people["zhou"].logs_in(name, NEW)).status_code == 200
    assert await pool.fetchval("select count(*) from wechat_bindings where account_id = $1", who) == 1
    alive = {row["token_hash"] for row in await pool.fetch("select token_hash from sessions")}
    assert token_hash(other) not in alive
    assert bytes.fromhex(newcomer.headers["X-Session-Hash"]) in alive


async def test_who_has_only_a_certificate_enrols_second_steps_by_it(newcomer: Asking) -> None:
    begun = await newcomer.posts("/factors/totp", {"proof": await proof(newcomer)})
    assert begun.status_code == 200, begun.text
    asked = await newcomer.posts("/factors/webauthn/challenges", {"proof": await proof(newcomer)})
    assert asked.status_code == 200, asked.text


async def test_a_proof_serves_once_for_its_account_its_purpose_and_its_certificate(
    newcomer: Asking, office: Office, people: dict[str, Person], pool: Pool
) -> None:
    used = await proof(newcomer)
    assert (await newcomer.posts("/factors/totp", {"proof": used})).status_code == 200
    assert code(await newcomer.posts("/factors/totp", {"proof": used})) == (409, "challenge.gone")
    wrong = await proof(newcomer, of_another())
    assert code(await newcomer.posts("/factors/totp", {"proof": wrong})) == (401, "certificate.signature")
    added = (await newcomer.posts("/certificates/challenges")).json()
    binding = {"challenge": added["id"]} | token().signs(added["text"])
    assert code(await newcomer.posts("/factors/totp", {"proof": binding})) == (409, "challenge.gone")
    colleague = await office.enter(people["zhou"], token(serial=2))
    theirs = await proof(colleague, token(serial=2))
    assert code(await newcomer.posts("/factors/totp", {"proof": theirs})) == (409, "challenge.gone")
    borrowed = await proof(newcomer, token(serial=2))
    assert code(await newcomer.posts("/factors/totp", {"proof": borrowed})) == (
        409,
        "certificate.other-account",
    )
    kept = await proof(newcomer)
    await pool.execute("update account_certificates set removed = now()")
    assert code(await newcomer.posts("/factors/totp", {"proof": kept})) == (
        409,
        "certificate.other-account",
    )


@pytest.fixture
async def colleague(office: Office, pool: Pool) -> Asking:
    """Another manager of wang's operator."""
    account: UUID = await pool.fetchval(
        "insert into accounts (account_id, name, label, kind, organisation, password, role) "
        "values (gen_random_uuid(), 'li', '李', 'operator', $1, $2, 'manager') returning account_id",
        VENDOR,
        PASSWORD,
    )
    return office.as_actor(account, "operator", VENDOR, "manager")


async def reset(who: Asking, name: str, where: str = "organisation") -> httpx.Response:
    return await who.posts(f"/{where}/accounts/{ACCOUNTS[name].id}/factors/reset")


async def test_a_manager_resets_the_lost_second_steps_of_a_colleague(
    colleague: Asking, people: dict[str, Person], pool: Pool
) -> None:
    wang = people["wang"]
    await enrol_totp(wang)
    await enrol_key(wang, SoftKey("办公室"))
    await nobody_is_logged_in(pool)
    opened = await pool.fetchval("select count(*) from sessions")
    plain = await colleague.posts(f"/organisation/accounts/{wang.account.id}/password")
    due = await wang.logs_in("wang", plain.json()["password"])
    assert code(due) == (409, "log-in.second-step"), "a one-time password alone takes no second step away"
    given = await reset(colleague, "wang")
    assert given.status_code == 200, given.text
    entered = await wang.logs_in("wang", given.json()["password"])
    assert (entered.status_code, entered.json()["must"]) == (200, ["password"])
    assert await pool.fetchval("select count(*) from recovery_codes") == 0
    assert await pool.fetchval("select count(*) from sessions") == opened + 1
    assert "factors-reset" in await lines(pool)


async def test_a_one_time_password_enrols_no_second_step(
    colleague: Asking, people: dict[str, Person]
) -> None:
    """Whoever handed it out could log in first and leave the owner at a foreign second step."""
    wang = people["wang"]
    given = await colleague.posts(f"/organisation/accounts/{wang.account.id}/password")
    known = {"password": given.json()["password"]}
    for path in ("/factors/totp", "/factors/webauthn/challenges"):
        assert code(await wang.posts(path, known)) == (409, "password.one-time")
    entered = await wang.logs_in("wang", known["password"])
    assert (entered.status_code, entered.json()["must"]) == (200, ["password"])


async def test_nobody_resets_the_own_second_steps_and_no_stranger_does(
    colleague: Asking, people: dict[str, Person], office: Office
) -> None:
    await enrol_totp(people["wang"])
    own = await people["wang"].posts(f"/organisation/accounts/{ACCOUNTS['wang'].id}/factors/reset", None)
    assert code(own) == (409, "account.own")
    assert code(await reset(colleague, "zhou")) == (404, "account.missing")
    security = await office.administrator("security", "security")
    assert (await reset(security, "wang", "admin")).status_code == 403
    await begins(people["wang"], "wang")


async def test_the_system_administrator_resets_regulators_and_managers_who_have_no_other(
    people: dict[str, Person], office: Office, pool: Pool
) -> None:
    system = await office.administrator("system", "system")
    await enrol_totp(people["wang"])
    await enrol_totp(people["office"])
    for name in ("office", "wang"):
        given = await reset(system, name, "admin")
        assert given.status_code == 200, given.text
        assert (await people["zhou"].logs_in(name, given.json()["password"])).status_code == 200
    assert code(await reset(system, "an", "admin")) == (409, "account.own-manager")
    await pool.execute(
        "update accounts set organisation = $1, kind = 'operator', role = 'manager', signs = false where name = 'zhou'",
        VENDOR,
    )
    assert code(await reset(system, "wang", "admin")) == (409, "account.own-manager")
    themselves = await system.posts(f"/admin/accounts/{system.actor.account}/factors/reset")
    assert code(themselves) == (409, "account.administrator")
