"""A certificate that an enterprise adds to an existing account confirms its signatures, as long as it is bound, valid and its own."""

from datetime import timedelta
from typing import Any

import pytest
from accounts_certificates import MovedTrust, Token, token
from accounts_office import Asking, Office
from accounts_over_http import ACCOUNTS, ALSO_SHOWN, FACTORY, KEY, NOW, SHOWN, Person
from factor_calls import AT_SITE
from qingyuan_certificates import issuing
from qingyuan_certificates.certificate import read
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.tokens import second_factor
from signature_corpus import NAME, USCC, authorities

pytestmark = pytest.mark.servers
SECOND = token(serial=0x1002)
OTHER = token(name="上海他山环境技术有限公司", uscc="91310120MA1K4WR0NM", serial=0x2001)
EXPIRED = Token(
    token().holder,
    issuing.issue(
        token().holder,
        authorities("sm2").middle,
        NOW - timedelta(days=30),
        NOW - timedelta(days=1),
        0x1003,
    ),
)


@pytest.fixture
async def zhou(people: dict[str, Person], office: Office, pool: Pool) -> Asking:
    """A manager with a password, who signs; the enterprise has the name of the certificate and no credit code yet."""
    await pool.execute("insert into organisations values ($1, $2)", FACTORY, NAME)
    return office.as_actor(people["zhou"].account.id, "enterprise", FACTORY, "manager")


@pytest.fixture
def an(people: dict[str, Person], office: Office) -> Asking:
    return office.as_actor(people["an"].account.id, "enterprise", FACTORY, "signatory")


async def body_of(who: Asking, held: Token, over: list[str]) -> dict[str, Any]:
    """What `who` sends after the certificate has signed the challenge for these contents."""
    asked = await who.posts("/second-factor/challenges", {"over": over, "method": "certificate"}, **AT_SITE)
    assert asked.status_code == 200, asked.text
    challenge = asked.json()
    signed = {"challenge": challenge["id"]} | held.signs(challenge["text"])
    return {"over": over, "method": "certificate"} | signed


async def gives(who: Asking, held: Token, over: list[str] | None = None) -> tuple[int, str | None]:
    answer = await who.posts("/second-factor", await body_of(who, held, over or [SHOWN]))
    return answer.status_code, answer.json().get("code")


async def kinds(who: Asking) -> list[str]:
    found: list[str] = (await who.gets("/factors")).json()["signing"]
    return found


async def bound(who: Asking, held: Token) -> str:
    added = await who.adds(held)
    assert added.status_code == 200, added.text
    own: str = added.json()["id"]
    return own


async def test_once_bound_the_certificate_is_offered_and_its_token_tells_whose_it_is(
    zhou: Asking, an: Asking
) -> None:
    assert await kinds(zhou) == await kinds(an) == ["password"]
    await bound(zhou, token())
    assert await kinds(zhou) == await kinds(an) == ["password", "certificate"]
    for who, name in ((zhou, "zhou"), (an, "an")):
        answer = await who.posts("/second-factor", await body_of(who, token(), [SHOWN]))
        assert answer.status_code == 200, answer.text
        given = second_factor.verify(answer.json()["token"], ACCOUNTS[name].id, SHOWN, KEY, NOW)
        assert given.certificate
        assert f"账户 {ACCOUNTS[name].id}" in given.certificate.text.splitlines()
        issuer = read(token().certificate).parsed.issuer.rfc4514_string()
        assert (given.factor, given.certificate.serial, given.certificate.issuer) == (
            "certificate",
            "1001",
            issuer,
        )


async def test_after_it_was_removed_it_is_neither_offered_nor_taken_until_it_is_added_again(
    zhou: Asking, an: Asking
) -> None:
    own = await bound(zhou, token())
    body = await body_of(zhou, token(), [SHOWN])
    assert (await zhou.deletes(f"/certificates/{own}")).status_code == 204
    assert await kinds(zhou) == await kinds(an) == ["password"]
    late = await zhou.posts("/second-factor", body)
    assert (late.status_code, late.json()["code"]) == (403, "second-factor.certificate-not-own")
    assert await gives(an, token()) == (403, "second-factor.certificate-not-own")
    await bound(zhou, token())
    assert await gives(an, token()) == (200, None)


async def test_while_another_one_is_bound_the_removed_one_still_signs_nothing(zhou: Asking) -> None:
    own = await bound(zhou, token())
    await bound(zhou, SECOND)
    await zhou.deletes(f"/certificates/{own}")
    assert await kinds(zhou) == ["password", "certificate"]
    assert await gives(zhou, token()) == (403, "second-factor.certificate-not-own")
    assert await gives(zhou, SECOND) == (200, None)


async def test_one_whose_account_is_disabled_signs_for_no_colleague(
    zhou: Asking, an: Asking, pool: Pool
) -> None:
    await bound(zhou, token())
    await pool.execute("update accounts set disabled = true where account_id = $1", ACCOUNTS["zhou"].id)
    assert await kinds(an) == ["password"]
    assert await gives(an, token()) == (403, "second-factor.certificate-not-own")


async def test_a_revoked_or_expired_one_is_refused(zhou: Asking, trust: MovedTrust) -> None:
    await bound(zhou, token())
    assert await gives(zhou, EXPIRED) == (401, "certificate.expired")
    trust.revoked.append((0x1001, NOW))
    assert await gives(zhou, token()) == (401, "certificate.revoked")


async def test_one_of_another_organisation_is_refused_also_where_that_one_is_known(
    zhou: Asking, people: dict[str, Person], office: Office
) -> None:
    await bound(zhou, token())
    assert await gives(zhou, OTHER) == (403, "second-factor.certificate-not-own")
    await office.enter(people["zhou"], OTHER)
    assert await gives(zhou, OTHER) == (403, "second-factor.certificate-not-own")


@pytest.mark.parametrize("over", [[ALSO_SHOWN], [SHOWN, ALSO_SHOWN]])
async def test_what_was_signed_for_other_contents_is_refused_and_spent(zhou: Asking, over: list[str]) -> None:
    await bound(zhou, token())
    body = await body_of(zhou, token(), [SHOWN])
    refused = await zhou.posts("/second-factor", body | {"over": over})
    assert (refused.status_code, refused.json()["code"]) == (403, "second-factor.other-contents")
    assert (await zhou.posts("/second-factor", body)).json()["code"] == "challenge.gone"


async def test_the_same_twice_is_refused(zhou: Asking) -> None:
    await bound(zhou, token())
    body = await body_of(zhou, token(), [SHOWN])
    assert (await zhou.posts("/second-factor", body)).status_code == 200
    again = await zhou.posts("/second-factor", body)
    assert (again.status_code, again.json()["code"]) == (409, "challenge.gone")


async def test_what_was_signed_to_log_in_or_to_bind_gives_no_second_factor(zhou: Asking) -> None:
    await bound(zhou, token())
    for path in ("/session/challenges", "/certificates/challenges"):
        asked = (await zhou.posts(path, **AT_SITE)).json()
        body = {"over": [SHOWN], "method": "certificate", "challenge": asked["id"]}
        answer = await zhou.posts("/second-factor", body | token().signs(asked["text"]))
        assert (answer.status_code, answer.json()["code"]) == (409, "challenge.gone")


async def test_of_a_code_that_is_known_an_unbound_certificate_signs_too(zhou: Asking) -> None:
    """The second key of an organisation, as decision 0040 has it."""
    await bound(zhou, token())
    assert (token().holder.uscc, SECOND.holder.uscc) == (USCC, USCC)
    assert await gives(zhou, SECOND) == (200, None)


async def test_a_quality_officer_gives_no_second_factor(people: dict[str, Person], office: Office) -> None:
    """Who only reads signs nothing, also where a request has come past the gateway."""
    wang = people["wang"].account
    officer = office.as_actor(wang.id, "operator", wang.organisation, "quality_officer")
    assert (await officer.posts("/second-factor", {"over": [SHOWN], "password": "x"})).status_code == 403
    asked = {"over": [SHOWN], "method": "certificate"}
    assert (await officer.posts("/second-factor/challenges", asked)).status_code == 403
