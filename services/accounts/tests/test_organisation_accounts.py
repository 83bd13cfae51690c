"""What an organisation's manager does with its accounts over HTTP on real PostgreSQL, and what nobody does."""

import asyncio
from uuid import UUID, uuid4

import pytest
from accounts.account import Account, new_account
from accounts.organisations.organisation_accounts import OrganisationAccounts, Rights
from accounts.service.account_service import AccountService
from accounts_making import PASSWORD, lines
from accounts_over_http import ACCOUNTS, VENDOR, Person, nobody_is_logged_in, opened
from qingyuan_events import Actor
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.domain.decider import Refused
from qingyuan_runtime.edge.problems import Forbidden

pytestmark = pytest.mark.servers

LI = {"name": "Li.Wei", "label": "李伟", "role": "technician"}


def accounts_of(name: str) -> str:
    return f"/organisation/accounts/{ACCOUNTS[name].id}"


async def test_a_new_account_logs_in_with_its_one_time_password(people: dict[str, Person]) -> None:
    made = (await people["wang"].posts("/organisation/accounts", LI)).json()
    session = await people["wang"].logs_in("li.wei", made["password"])
    assert session.status_code == 200
    account = session.json()["account"]
    assert (account["role"], account["organisation"], account["signs"]) == ("technician", str(VENDOR), False)
    items = (await people["wang"].gets("/organisation/accounts")).json()["items"]
    row = next(row for row in items if row["name"] == "li.wei")
    assert (row["must_change"], row["last_log_in"] is not None) == (True, True)


async def test_the_list_is_of_the_own_organisation_alone(people: dict[str, Person]) -> None:
    items = (await people["zhou"].gets("/organisation/accounts")).json()["items"]
    assert [row["name"] for row in items] == ["an", "zhou", "gone"], "locked ones last"


@pytest.mark.parametrize("name", ["an", "office"])
async def test_only_a_manager_manages(people: dict[str, Person], name: str) -> None:
    assert (await people[name].gets("/organisation/accounts")).status_code == 403
    assert (await people[name].posts("/organisation/accounts", LI)).status_code == 403
    answer = await people[name].puts(f"{accounts_of('gone')}/lock", {"locked": False})
    assert answer.status_code == 403


async def test_who_is_no_manager_any_more_manages_nothing_whatever_the_token_says(
    people: dict[str, Person], pool: Pool
) -> None:
    await pool.execute("update accounts set role = 'signatory' where name = 'zhou'")
    answer = await people["zhou"].puts(f"{accounts_of('an')}/lock", {"locked": True})
    assert (answer.status_code, answer.json()["code"]) == (403, "role.manager-only")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("label", {"label": "x"}),
        ("role", {"role": "signatory"}),
        ("lock", {"locked": True}),
        ("person", {"person": None}),
    ],
)
async def test_accounts_of_others_do_not_exist(people: dict[str, Person], path: str, body: object) -> None:
    for name in ("wang", "office"):
        answer = await people["zhou"].puts(f"{accounts_of(name)}/{path}", body)
        assert (answer.status_code, answer.json()["code"]) == (404, "account.missing")
    assert (await people["zhou"].posts(f"{accounts_of('wang')}/password", None)).status_code == 404
    assert (await people["zhou"].deletes(f"{accounts_of('wang')}/sessions")).status_code == 404


async def test_nobody_changes_the_own_role_signature_lock_or_password(people: dict[str, Person]) -> None:
    own = accounts_of("zhou")
    for answer in (
        await people["zhou"].puts(f"{own}/role", {"role": "manager", "signs": True}),
        await people["zhou"].puts(f"{own}/lock", {"locked": True}),
        await people["zhou"].posts(f"{own}/password", None),
        await people["zhou"].posts("/organisation/handover", {"to": str(ACCOUNTS["zhou"].id), "role": None}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "account.own")


async def test_role_and_signature_of_another_are_changed(people: dict[str, Person], pool: Pool) -> None:
    assert (await people["zhou"].puts(f"{accounts_of('an')}/role", {"role": "manager"})).status_code == 204
    assert (await people["an"].gives_second_factor()).json()["code"] == "role.not-signatory"
    assert (await people["zhou"].puts(f"{accounts_of('an')}/role", {"role": "signatory"})).status_code == 204
    assert (await people["an"].gives_second_factor()).status_code == 200
    assert (await lines(pool))[-5:-1] == ["role-manager", "does-not-sign", "role-signatory", "signs"]


@pytest.mark.parametrize(
    ("name", "wrong", "field"),
    [
        ("zhou", {"role": "technician"}, "role"),
        ("wang", {"role": "signatory"}, "role"),
        ("wang", {"role": "technician", "signs": True}, "signs"),
        ("zhou", {"role": "signatory", "person": str(uuid4())}, "person"),
        ("wang", {"name": "li wei"}, "name"),
    ],
)
async def test_what_no_account_of_the_kind_has_is_refused_with_its_field(
    people: dict[str, Person], name: str, wrong: dict[str, object], field: str
) -> None:
    answer = await people[name].posts("/organisation/accounts", LI | wrong)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_a_locked_account_is_logged_out_and_comes_back(people: dict[str, Person], pool: Pool) -> None:
    await nobody_is_logged_in(pool)
    assert (await people["an"].logs_in("an")).status_code == 200
    assert (await people["zhou"].puts(f"{accounts_of('an')}/lock", {"locked": True})).status_code == 204
    assert await pool.fetchval("select count(*) from sessions") == 0
    assert (await people["an"].logs_in("an")).status_code == 401
    assert (await people["zhou"].puts(f"{accounts_of('an')}/lock", {"locked": False})).status_code == 204
    assert (await people["an"].logs_in("an")).status_code == 200


async def test_a_one_time_password_replaces_the_old_one_until_it_is_changed(
    people: dict[str, Person], pool: Pool
) -> None:
    given = (await people["zhou"].posts(f"{accounts_of('an')}/password", None)).json()["password"]
    assert (await people["an"].logs_in("an")).status_code == 401
    assert (await people["an"].logs_in("an", given)).status_code == 200
    must = "select must_change from accounts where name = 'an'"
    assert await pool.fetchval(must)
    await opened(pool, ACCOUNTS["an"].id)
    assert (await people["an"].changes_password(given)).status_code == 204
    assert not await pool.fetchval(must)


async def test_a_person_has_one_account_of_the_operator(people: dict[str, Person]) -> None:
    person = str(uuid4())
    assert (await people["wang"].posts("/organisation/accounts", LI | {"person": person})).status_code == 201
    again = await people["wang"].posts("/organisation/accounts", LI | {"name": "li2", "person": person})
    assert (again.status_code, again.json()["code"]) == (409, "person.taken")
    own = await people["wang"].puts(f"{accounts_of('wang')}/person", {"person": person})
    assert (own.status_code, own.json()["code"]) == (409, "person.taken")


async def test_a_name_is_taken_once_on_the_whole_platform(people: dict[str, Person]) -> None:
    answer = await people["wang"].posts("/organisation/accounts", LI | {"name": "ZHOU"})
    assert (answer.status_code, answer.json()["code"]) == (409, "account.name-taken")


async def test_the_role_of_manager_is_handed_over(people: dict[str, Person]) -> None:
    body = {"to": str(ACCOUNTS["an"].id), "role": "signatory"}
    assert (await people["zhou"].posts("/organisation/handover", body)).status_code == 204
    roles = {name: (await people[name].logs_in(name)).json()["account"]["role"] for name in ("zhou", "an")}
    assert roles == {"zhou": "signatory", "an": "manager"}


async def test_who_does_not_sign_does_not_become_a_signatory_by_handing_over(
    people: dict[str, Person], pool: Pool
) -> None:
    await pool.execute("update accounts set signs = false where name = 'zhou'")
    body = {"to": str(ACCOUNTS["an"].id), "role": "signatory"}
    answer = await people["zhou"].posts("/organisation/handover", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "role.not-signatory")
    assert (await people["zhou"].posts("/organisation/handover", body | {"role": None})).status_code == 204
    assert (await people["zhou"].logs_in("zhou")).status_code == 401


async def test_a_locked_account_is_handed_nothing(people: dict[str, Person]) -> None:
    answer = await people["zhou"].posts(
        "/organisation/handover", {"to": str(ACCOUNTS["gone"].id), "role": "signatory"}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "account.disabled")


@pytest.fixture
async def managers(accounts: AccountService) -> list[Account]:
    """Eight managers of one operator."""
    made = [new_account(f"m{n}", f"m{n}", "operator", VENDOR, None) for n in range(8)]
    for account in made:
        await accounts.add(account, PASSWORD)
    return made


def actor(account: Account) -> Actor:
    return Actor(account=account.id, kind="operator", organisation=VENDOR, role="manager")


@pytest.mark.parametrize("how", ["role", "lock", "handover"])
async def test_of_managers_who_all_remove_each_other_at_once_one_remains(
    accounts: AccountService, pool: Pool, managers: list[Account], how: str
) -> None:
    administration = OrganisationAccounts(pool, accounts)

    async def remove(by: Account, other: UUID) -> None:
        match how:
            case "role":
                await administration.set_rights(actor(by), other, "technician", signs=False)
            case "lock":
                await administration.lock(actor(by), other, locked=True)
            case _:
                await administration.hand_over(actor(by), other, "technician")

    pairs = [(by, other.id) for by in managers for other in managers if by is not other]
    done = await asyncio.gather(*(remove(*pair) for pair in pairs), return_exceptions=True)
    assert {type(outcome) for outcome in done} <= {type(None), Forbidden, Refused}
    assert Forbidden in {type(outcome) for outcome in done}
    left = "select count(*) from accounts where organisation = $1 and role = 'manager' and not disabled"
    assert await pool.fetchval(left, VENDOR) >= 1


async def test_one_name_asked_for_many_times_at_once_is_made_once(
    accounts: AccountService, pool: Pool, managers: list[Account]
) -> None:
    administration = OrganisationAccounts(pool, accounts)
    asked = (administration.make(actor(by), "new", "新", Rights("technician")) for by in managers)
    done = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(outcome, tuple) for outcome in done) == 1
    assert {outcome.code for outcome in done if isinstance(outcome, Refused)} == {"account.name-taken"}
    assert await pool.fetchval("select count(*) from accounts where name = 'new'") == 1
