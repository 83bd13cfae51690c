"""What the system administrator does with accounts over HTTP on real PostgreSQL, and whose accounts are out of reach."""

from uuid import uuid4

import pytest
from accounts.account import Account, new_account
from accounts_over_http import ACCOUNTS, FACTORY, Person
from qingyuan_events import ActorRole
from qingyuan_runtime.database.connections import Pool

pytestmark = pytest.mark.servers

NEW = {"name": "bao.shan", "label": "宝山区局", "kind": "regulator", "role": "reader", "district": "310113"}
ADMINISTRATORS: tuple[ActorRole, ...] = ("system", "security", "audit")


@pytest.fixture
async def office(people: dict[str, Person], pool: Pool) -> dict[str, Person]:
    """Administrators of the three roles, and another `system`."""
    found = {}
    for name, role in (*((role, role) for role in ADMINISTRATORS), ("another", "system")):
        account = new_account(name, name, "administrator", None, None, role)  # type: ignore[arg-type]
        await pool.execute(_ADD, account.id, name, role)
        found[name] = Person(people["zhou"].http, account)
    return found


_ADD = """
    insert into accounts (account_id, name, label, kind, role, password) values ($1, $2, $2, 'administrator', $3, 'x')
"""


def path(account: Account) -> str:
    return f"/admin/accounts/{account.id}"


async def test_a_new_regulator_has_a_district_and_a_role(
    office: dict[str, Person], people: dict[str, Person]
) -> None:
    made = (await office["system"].posts("/admin/accounts", NEW)).json()
    account = (await people["zhou"].logs_in("bao.shan", made["password"])).json()["account"]
    assert (account["district"], account["role"], account["kind"]) == ("310113", "reader", "regulator")


async def test_a_new_operator_is_named_and_gets_its_manager(
    office: dict[str, Person], people: dict[str, Person]
) -> None:
    body = {"name": "new.op", "label": "新运维", "kind": "operator", "role": "manager"}
    nameless = await office["system"].posts("/admin/accounts", body)
    assert [error["field"] for error in nameless.json()["errors"]] == ["organisation"]
    made = await office["system"].posts("/admin/accounts", body | {"organisation_name": "上海新运维有限公司"})
    assert made.status_code == 201, made.text
    found = (await office["system"].gets("/admin/organisations", text="新运维")).json()["items"]
    assert [(row["name"], row["kind"], row["accounts"], row["managers"]) for row in found] == [
        ("上海新运维有限公司", "operator", 1, 1)
    ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"role": "manager"}, "role"),
        ({"district": None}, "district"),
        ({"kind": "enterprise", "role": "manager"}, "district"),
        ({"kind": "enterprise", "role": "manager", "district": None}, "organisation"),
        ({"kind": "administrator", "role": "system"}, "kind"),
    ],
)
async def test_what_does_not_fit_together_is_refused_with_its_field(
    office: dict[str, Person], wrong: dict[str, object], field: str
) -> None:
    answer = await office["system"].posts("/admin/accounts", NEW | wrong)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_an_organisation_has_accounts_of_one_kind(office: dict[str, Person]) -> None:
    body = {"name": "x", "label": "x", "kind": "operator", "role": "manager", "organisation": str(FACTORY)}
    answer = await office["system"].posts("/admin/accounts", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "organisation.other-kind")


def of_enterprise(name: str, **more: object) -> dict[str, object]:
    return {"name": name, "label": name, "kind": "enterprise", "role": "manager"} | more


async def test_an_administrator_makes_nobody_who_signs_for_an_enterprise_with_a_manager(
    office: dict[str, Person], pool: Pool
) -> None:
    own = {"organisation": str(FACTORY), "organisation_name": "上海清泉化工有限公司"}
    signatory = await office["system"].posts("/admin/accounts", of_enterprise("x", role="signatory", **own))
    assert (signatory.status_code, signatory.json()["code"]) == (409, "organisation.own-accounts")
    for signs in (True, False):
        second = await office["system"].posts("/admin/accounts", of_enterprise("x", signs=signs, **own))
        assert (second.status_code, second.json()["code"]) == (409, "organisation.has-manager")
    await pool.execute("update accounts set disabled = true where organisation = $1", FACTORY)
    signer = await office["system"].posts("/admin/accounts", of_enterprise("x", signs=True, **own))
    assert (signer.status_code, signer.json()["code"]) == (409, "organisation.own-accounts")
    manager = await office["system"].posts("/admin/accounts", of_enterprise("x", **own))
    assert manager.status_code == 201, manager.text
    assert not await pool.fetchval("select signs from accounts where name = 'x'")


async def test_the_first_account_of_an_enterprise_is_its_manager_and_may_sign(
    office: dict[str, Person], pool: Pool
) -> None:
    new = {"organisation": str(uuid4()), "organisation_name": "上海新单位有限公司"}
    signatory = await office["system"].posts("/admin/accounts", of_enterprise("y", role="signatory", **new))
    assert signatory.json()["code"] == "organisation.own-accounts"
    first = await office["system"].posts("/admin/accounts", of_enterprise("y", signs=True, **new))
    assert first.status_code == 201, first.text
    assert await pool.fetchval("select signs from accounts where name = 'y'")
    assert (await office["system"].posts("/admin/accounts", of_enterprise("z", **new))).status_code == 409


async def test_accounts_are_found_by_text_kind_organisation_and_district(office: dict[str, Person]) -> None:
    async def names(**query: str) -> list[str]:
        rows = (await office["system"].gets("/admin/accounts", **query)).json()["items"]
        return [row["name"] for row in rows]

    assert await names(text="二车间") == ["an"]
    assert await names(text="OFF") == ["office"]
    assert await names(kind="operator") == ["wang"]
    assert await names(organisation=str(FACTORY)) == ["an", "gone", "zhou"]
    assert await names(district="310118") == ["office"]
    assert await names(after="wang") == ["zhou"]


async def test_an_account_is_locked_unlocked_and_given_a_password(
    office: dict[str, Person], people: dict[str, Person]
) -> None:
    wang = ACCOUNTS["wang"]
    assert (await office["system"].puts(f"{path(wang)}/lock", {"locked": True})).status_code == 204
    assert (await people["wang"].logs_in("wang")).status_code == 401
    assert (await office["system"].puts(f"{path(wang)}/lock", {"locked": False})).status_code == 204
    given = (await office["system"].posts(f"{path(wang)}/password", None)).json()["password"]
    assert (await people["wang"].logs_in("wang", given)).status_code == 200


@pytest.mark.parametrize("whose", [*ADMINISTRATORS, "another"])
async def test_no_administrators_account_is_touched_not_even_the_own(
    office: dict[str, Person], whose: str, pool: Pool
) -> None:
    account = office[whose].account
    for answer in (
        await office["system"].puts(f"{path(account)}/lock", {"locked": True}),
        await office["system"].posts(f"{path(account)}/password", None),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "account.administrator")
    assert await pool.fetchval("select password from accounts where account_id = $1", account.id) == "x"


@pytest.mark.parametrize("name", ["security", "audit", "zhou", "wang", "office"])
async def test_nobody_but_the_system_administrator(
    office: dict[str, Person], people: dict[str, Person], name: str
) -> None:
    person = (office | people)[name]
    assert (await person.gets("/admin/accounts")).status_code == 403
    assert (await person.gets("/admin/organisations")).status_code == 403
    assert (await person.posts("/admin/accounts", NEW)).status_code == 403
    assert (await person.puts(f"{path(ACCOUNTS['wang'])}/lock", {"locked": True})).status_code == 403
    assert (await person.posts(f"{path(ACCOUNTS['wang'])}/password", None)).status_code == 403


async def test_an_unknown_account_is_missing(office: dict[str, Person]) -> None:
    answer = await office["system"].puts(f"/admin/accounts/{uuid4()}/lock", {"locked": True})
    assert answer.status_code == 404
