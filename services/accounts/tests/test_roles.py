"""Roles of all kinds: what the tables allow, what a migration makes of older accounts, and who gets a second factor."""

from uuid import UUID, uuid4

import asyncpg
import pytest
from accounts.account import new_account
from accounts.service.account_service import AccountService
from accounts_making import PASSWORD, make_tables
from accounts_over_http import ACCOUNTS, FACTORY, Person
from qingyuan_events import ActorKind, ActorRole
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_runtime.edge.policy import ROLES_OF

pytestmark = pytest.mark.servers

EVERY_ROLE = sorted({role for roles in ROLES_OF.values() for role in roles})
OLDER = """
    insert into accounts (account_id, name, label, kind, organisation, district, password, role)
    values ($1, $2, $2, $3, $4, $5, 'x', $6)
"""


async def test_accounts_of_before_have_the_role_that_may_what_they_could(
    postgres_server: DatabaseServer,
) -> None:
    pool = await open_pool(await postgres_server.fresh("older"), size=1)
    await make_tables(pool, until="0007")
    for name, kind, organisation, district, role in (
        ("an operator's", "operator", uuid4(), None, "technician"),
        ("an enterprise's", "enterprise", uuid4(), None, None),
        ("a regulator's", "regulator", None, "310118", None),
        ("an administrator's", "administrator", None, None, None),
    ):
        await pool.execute(OLDER, uuid4(), name, kind, organisation, district, role)
    await make_tables(pool, since="0008")
    rows = await pool.fetch("select name, role, signs from accounts order by name")
    assert {row["name"]: (row["role"], row["signs"]) for row in rows} == {
        "a regulator's": ("reviewer", False),
        "an administrator's": ("system", False),
        "an enterprise's": ("manager", True),
        "an operator's": ("technician", False),
    }
    await pool.close()


@pytest.mark.parametrize("kind", sorted(ROLES_OF))
async def test_the_database_takes_the_roles_of_a_kind_and_no_other(
    accounts: AccountService, kind: ActorKind
) -> None:
    taken = set()
    for role in EVERY_ROLE:
        place = (
            uuid4() if kind in ("operator", "enterprise") else None,
            "310118" if kind == "regulator" else None,
        )
        try:
            await accounts.add(new_account(role, role, kind, *place, role), PASSWORD)
        except asyncpg.CheckViolationError:
            continue
        taken.add(role)
    assert taken == ROLES_OF[kind]


async def test_a_signatory_always_signs_and_a_manager_where_it_is_said() -> None:
    def made(role: ActorRole | None, *, signs: bool) -> bool:
        return new_account("x", "x", "enterprise", FACTORY, None, role, signs=signs).signs

    assert [made("signatory", signs=False), made("manager", signs=True), made(None, signs=False)] == [
        True,
        True,
        False,
    ]


async def test_of_an_enterprise_only_who_signs_gets_a_second_factor(
    people: dict[str, Person], pool: Pool
) -> None:
    assert (await people["an"].gives_second_factor()).status_code == 200
    await pool.execute("update accounts set signs = false where account_id = $1", ACCOUNTS["zhou"].id)
    answer = await people["zhou"].gives_second_factor()
    assert (answer.status_code, answer.json()["code"]) == (403, "role.not-signatory")
    assert answer.json()["title"] == "只有签字人可以签字，请联系本单位的机构管理员。"


async def test_a_session_says_role_and_whether_it_signs(people: dict[str, Person]) -> None:
    account = (await people["an"].logs_in("an")).json()["account"]
    assert (account["role"], account["signs"]) == ("signatory", True)
    assert UUID(account["organisation"]) == FACTORY
