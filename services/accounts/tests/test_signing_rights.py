"""Who is locked or signs no more while they show who they are gives no second factor, whatever they show. On real PostgreSQL."""

from collections.abc import Awaitable, Callable

import httpx
import pytest
from accounts_certificates import token
from accounts_making import PASSWORD, lines
from accounts_over_http import FACTORY, SHOWN, Person
from factor_calls import AT_SITE, SoftKey, code_of, enrol_key, enrol_totp
from qingyuan_runtime.database.connections import Pool
from signature_corpus import USCC

pytestmark = pytest.mark.servers
Signs = Callable[[], Awaitable[httpx.Response]]
Begin = Callable[[Person], Awaitable[Signs]]


async def by_password(zhou: Person) -> Signs:
    return lambda: zhou.gives_second_factor(PASSWORD)


async def by_app(zhou: Person) -> Signs:
    secret, _ = await enrol_totp(zhou)
    return lambda: gives(zhou, "totp", code=code_of(secret))


async def by_key(zhou: Person) -> Signs:
    key = SoftKey("蓝色")
    await enrol_key(zhou, key)
    asked = await asks(zhou, "webauthn")
    return lambda: gives(zhou, "webauthn", challenge=asked["id"], assertion=key.signs(asked["webauthn"]))


async def by_certificate(zhou: Person) -> Signs:
    asked = await asks(zhou, "certificate")
    return lambda: gives(zhou, "certificate", challenge=asked["id"], **token().signs(asked["text"]))


async def asks(zhou: Person, method: str) -> dict[str, str]:
    answer = await zhou.posts("/second-factor/challenges", {"method": method, "over": [SHOWN]}, **AT_SITE)
    found: dict[str, str] = answer.json()
    return found


async def gives(zhou: Person, method: str, **proof: object) -> httpx.Response:
    return await zhou.posts("/second-factor", {"over": [SHOWN], "method": method} | proof, **AT_SITE)


@pytest.mark.parametrize("meanwhile", ["disabled = true", "signs = false"])
@pytest.mark.parametrize(
    ("begin", "table"),
    [
        (by_password, "guesses"),
        (by_app, "totp_keys"),
        (by_key, "webauthn_keys"),
        (by_certificate, "factor_challenges"),
    ],
)
async def test_rights_are_those_at_the_end(
    door: Person, pool: Pool, begin: Begin, table: str, meanwhile: str
) -> None:
    """The right is lost by a trigger, while what is shown is being looked at: after the route has asked for it."""
    await pool.execute("insert into organisation_codes values ($1, $2)", USCC, FACTORY)
    signs = await begin(door)
    await pool.execute(_MEANWHILE.format(meanwhile=meanwhile, table=table))
    answer = await signs()
    assert answer.status_code == 403, answer.text
    assert "second-factor-given" not in await lines(pool)
    await pool.execute(f"drop trigger meanwhile on {table}")


_MEANWHILE = """
    create or replace function meanwhile() returns trigger language plpgsql as $$
    begin
        update accounts set {meanwhile} where name = 'zhou';
        return coalesce(new, old);
    end $$;
    create trigger meanwhile after insert or update or delete on {table} for each row execute function meanwhile();
"""
