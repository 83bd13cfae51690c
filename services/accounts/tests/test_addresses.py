"""How people are reached: they say it themselves, and messages alone may ask."""

import time
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from accounts_making import lines
from accounts_over_http import ACCOUNTS, FACTORY, KEY, NOW, VENDOR, Person
from qingyuan_events import Actor
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.tokens.actors import ACTING, ADDRESSING, NAMING, Purpose, issue

pytestmark = pytest.mark.servers
MESSAGES = Actor(account=UUID(int=0), kind="system")


def token(purpose: Purpose) -> dict[str, str]:
    return {"Authorization": f"Bearer {issue(MESSAGES, KEY, now=time.time(), purpose=purpose)}"}


async def ask(person: Person, **body: object) -> httpx.Response:
    """The route is documented for nobody, so it is not asked through a client that looks for its response model."""
    app = person.http._transport.app  # type: ignore[attr-defined]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://accounts") as http:
        return await http.post("/addresses", json=body, headers=token(ADDRESSING))


async def accounts_of(person: Person, **body: object) -> set[str]:
    answer = await ask(person, **body)
    assert answer.status_code == 200, answer.text
    names = {account.id: name for name, account in ACCOUNTS.items()}
    return {names[UUID(item["account"])] for item in answer.json()["items"]}


async def change(person: Person, **contact: object) -> httpx.Response:
    return await person.http.put("/contact", json=contact, headers=person.headers)


async def test_an_audience_is_those_accounts_that_may_log_in(people: dict[str, Person]) -> None:
    zhou = people["zhou"]
    assert await accounts_of(zhou, organisation=str(FACTORY)) == {"zhou", "an"}
    assert await accounts_of(zhou, organisation=str(VENDOR), roles=["manager"]) == {"wang"}
    assert await accounts_of(zhou, organisation=str(VENDOR), roles=["technician"]) == set()
    assert await accounts_of(zhou, account=str(ACCOUNTS["an"].id)) == {"an"}
    assert await accounts_of(zhou, account=str(ACCOUNTS["gone"].id)) == set()
    assert await accounts_of(zhou, district="310118") == {"office"}


async def test_those_who_sign_are_only_those_who_may(people: dict[str, Person], pool: Pool) -> None:
    zhou = people["zhou"]
    await pool.execute("update accounts set signs = false where name = 'zhou'")
    assert await accounts_of(zhou, organisation=str(FACTORY), signers=True) == {"an"}
    assert await accounts_of(zhou, organisation=str(FACTORY)) == {"zhou", "an"}
    assert await accounts_of(zhou, organisation=str(FACTORY), roles=["manager"]) == {"zhou"}
    assert await accounts_of(zhou, organisation=str(FACTORY), roles=["manager"], signers=True) == set()


async def test_an_account_is_reached_by_each_wechat_user_bound_to_it(
    people: dict[str, Person], pool: Pool
) -> None:
    for number, name in enumerate(("an", "an", "gone")):
        await pool.execute(
            "insert into wechat_bindings values (gen_random_uuid(), $1, $2, '手机', $3)",
            ACCOUNTS[name].id,
            f"o-{number}",
            NOW + timedelta(minutes=number),
        )
    items = (await ask(people["zhou"], organisation=str(FACTORY))).json()["items"]
    names = {account.id: name for name, account in ACCOUNTS.items()}
    assert {names[UUID(item["account"])]: item["openids"] for item in items} == {
        "an": ["o-0", "o-1"],
        "zhou": [],
    }


async def test_messages_are_told_what_a_person_has_given(people: dict[str, Person], pool: Pool) -> None:
    answer = await change(people["zhou"], email="Zhou@example.com", mobile="13800000000")
    assert answer.status_code == 204, answer.text
    assert (await lines(pool))[-1] == "contact-changed"
    items = (await ask(people["an"], organisation=str(FACTORY))).json()["items"]
    found = {item["account"]: (item["email"], item["mobile"]) for item in items}
    assert found[str(ACCOUNTS["zhou"].id)] == ("Zhou@example.com", "13800000000")
    assert found[str(ACCOUNTS["an"].id)] == (None, None)
    own = await people["zhou"].http.get("/contact", headers=people["zhou"].headers)
    assert own.json() == {"email": "Zhou@example.com", "mobile": "13800000000"}
    await change(people["zhou"], email="", mobile=None)
    own = await people["zhou"].http.get("/contact", headers=people["zhou"].headers)
    assert own.json() == {"email": None, "mobile": None}


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "zhou"), ("email", "a@b"), ("email", "a@b.cn\nBcc: c@d.cn"), ("email", "..@x.com"), ("email", "a..b@x.com"),
     ("email", ".a@x.com"), ("email", "a@-.-"), ("email", "a@-x.com"), ("email", "a@x-.com"), ("email", "a@x..com"), ("email", "a@x.com."),
     ("email", "a@1.2.3.4"), ("email", f"a@{'x' * 80}.com"), ("email", f"{'x' * 65}@x.com"), ("email", f"a@x.{'c' * 64}"), ("mobile", "12345678901"), ("mobile", "+8613800000000")],
)  # fmt: skip
async def test_what_is_no_address_is_refused_by_its_field(
    people: dict[str, Person], field: str, value: str
) -> None:
    answer = await change(people["zhou"], **{field: value})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


@pytest.mark.parametrize(
    "email",
    [
        "zhou@qq.com",
        "li.wei+1@mail.sub-domain.com.cn",
        f"a@{'x' * 63}.cn",
        "a@xn--fiq228c.xn--fiqs8s",
        "1_%-@163.com",
    ],
)
async def test_what_is_an_address_is_taken(people: dict[str, Person], email: str) -> None:
    assert (await change(people["zhou"], email=email)).status_code == 204


@pytest.mark.parametrize("purpose", [ACTING, NAMING])
async def test_nobody_else_may_ask(people: dict[str, Person], purpose: Purpose) -> None:
    answer = await people["zhou"].http.post(
        "/addresses", json={"organisation": str(FACTORY)}, headers=token(purpose)
    )
    assert answer.status_code == 401


@pytest.mark.parametrize("body", [{}, {"organisation": str(FACTORY), "district": "310118"}, {"account": "x"}])
async def test_a_question_about_no_audience_or_two_is_refused(
    people: dict[str, Person], body: dict[str, object]
) -> None:
    assert (await ask(people["zhou"], **body)).status_code == 422


async def test_a_token_of_messages_opens_nothing_else(people: dict[str, Person]) -> None:
    for path in ("/session", "/contact", "/sessions"):
        assert (await people["zhou"].http.get(path, headers=token(ADDRESSING))).status_code == 401
