"""What may be asked for so often and no more is counted one after the other, through two services on one database."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from itertools import count
from uuid import UUID, uuid4

import httpx
import pytest
from accounts.certificates.challenges import MOST_OF_ACCOUNT, MOST_PER_ADDRESS
from accounts.factors.challenges import MOST
from accounts.settings import AccountsSettings
from accounts_office import Asking
from accounts_over_http import SHOWN, Person
from accounts_wechat import Town
from counting import until
from qingyuan_runtime.database.connections import Pool
from signature_corpus import USCC

pytestmark = pytest.mark.servers
REQUESTS = AccountsSettings().lost_key_requests_per_address
HERE, ELSEWHERE = {"X-Client-Address": "192.0.2.1"}, {"X-Client-Address": "192.0.2.2"}
TO_ADD, TO_SHOW = "/certificates/challenges", "/factors/identity/challenges"
TO_LOG_IN = "/session/challenges"
Asks = Callable[[], Awaitable[httpx.Response]]


async def in_flight(pool: Pool, table: str, asks: Asks, times: int) -> Counter[int]:
    """All are held up at once before they write, so that all have counted who count before."""

    async def waiting() -> bool:
        asked = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
        return int(await pool.fetchval(asked)) >= min(times, pool.get_max_size() - 2)

    async with pool.acquire() as holder, holder.transaction():
        await holder.execute(f"lock table {table} in share row exclusive mode")
        asking = [asyncio.ensure_future(asks()) for _ in range(times)]
        await until(waiting)
    return statuses(await asyncio.gather(*asking))


def statuses(answers: Iterable[httpx.Response]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)


async def lost_key(person: Person, request: str = "") -> httpx.Response:
    body = {"id": request or str(uuid4()), "uscc": USCC, "name": "王", "contact": "021", "reason": "丢失"}
    return await person.posts("/session/lost-key", body, **HERE)


async def test_no_more_lost_keys_are_asked_for_at_once_than_one_after_the_other(
    door: Person, pool: Pool
) -> None:
    answered = await in_flight(pool, "lost_keys", lambda: lost_key(door), REQUESTS + 3)
    assert answered == {201: REQUESTS, 429: 3}
    assert await pool.fetchval("select count(*) from lost_keys") == REQUESTS


async def test_a_request_that_is_repeated_at_once_counts_once(door: Person, pool: Pool) -> None:
    request = str(uuid4())
    answered = await in_flight(pool, "lost_keys", lambda: lost_key(door, request), REQUESTS + 3)
    assert answered == {201: REQUESTS + 3}
    assert statuses([await lost_key(door) for _ in range(REQUESTS)]) == {201: REQUESTS - 1, 429: 1}


async def test_strangers_challenges_are_counted_by_the_address(door: Person, pool: Pool) -> None:
    await made_before(pool, MOST_PER_ADDRESS - 2)
    answered = await in_flight(pool, "challenges", lambda: door.posts(TO_LOG_IN, None, **HERE), 4)
    assert answered == {201: 2, 429: 2}
    assert (await door.posts(TO_LOG_IN, None, **ELSEWHERE)).status_code == 201


async def test_an_office_behind_one_address_does_not_block_itself(
    wang: Asking, door: Person, pool: Pool
) -> None:
    await made_before(pool, MOST_PER_ADDRESS)
    assert (await door.posts(TO_LOG_IN, None, **HERE)).status_code == 429
    for path in (TO_ADD, TO_SHOW):
        assert (await wang.posts(path, None, **HERE)).status_code == 201


async def test_who_is_logged_in_takes_nothing_from_strangers_at_the_same_address(
    wang: Asking, door: Person, pool: Pool
) -> None:
    await made_before(pool, MOST_PER_ADDRESS - 1)
    assert (await wang.posts(TO_ADD, None, **HERE)).status_code == 201
    assert (await door.posts(TO_LOG_IN, None, **HERE)).status_code == 201


async def test_an_account_asks_so_often_and_no_more_wherever_it_asks(
    wang: Asking, people: dict[str, Person], pool: Pool
) -> None:
    of_wang = wang.actor.account
    await made_before(pool, MOST_OF_ACCOUNT - 2, of_wang)
    numbers = count(10)

    def asks() -> Awaitable[httpx.Response]:
        number = next(numbers)
        path = (TO_ADD, TO_SHOW)[number % 2]
        return wang.posts(path, None, **{"X-Client-Address": f"192.0.2.{number}"})

    answered = await in_flight(pool, "challenges", asks, 4)
    assert answered == {201: 2, 429: 2}
    refused = await wang.posts(TO_ADD)
    assert (refused.status_code, refused.json()["code"]) == (429, "challenge.too-many")
    assert (await people["zhou"].posts(TO_ADD, None)).status_code == 201


async def test_challenges_of_signatures_are_counted_too(people: dict[str, Person], pool: Pool) -> None:
    zhou = people["zhou"]
    await pool.execute(_SIGNATURES, zhou.account.id, MOST - 2)
    body = {"over": [SHOWN], "method": "certificate"}
    answered = await in_flight(
        pool, "factor_challenges", lambda: zhou.posts("/second-factor/challenges", body), 4
    )
    assert answered == {200: 2, 409: 2}


async def test_beginnings_at_wechat_are_counted_too(town: Town, pool: Pool) -> None:
    await pool.execute(_BEGINNINGS, 58, "10.0.0.1", town.clock())
    stranger = town.stranger()
    answered = await in_flight(pool, "wechat_states", lambda: stranger.posts("/session/wechat/beginning"), 4)
    assert answered == {200: 2, 429: 2}


async def made_before(pool: Pool, many: int, account: UUID | None = None) -> None:
    await pool.execute(_MADE, many, HERE["X-Client-Address"], account)


_MADE = """
    insert into challenges (challenge_id, signed_text, address, made, expires, account_id)
    select gen_random_uuid(), '', $2, '2026-11-24 08:01:00+00', '2026-11-24 08:03:00+00', $3 from generate_series(1, $1)
"""
_SIGNATURES = """
    insert into factor_challenges (challenge_id, account_id, purpose, content, over, site, expires)
    select gen_random_uuid(), $1, 'sign-certificate', '', '{}', '', '2026-11-24 08:06:00+00' from generate_series(1, $2)
"""
_BEGINNINGS = """
    insert into wechat_states (state_hash, purpose, browser, address, made, expires)
    select sha256(n::text::bytea), 'log-in', '', $2, $3::timestamptz, $3 + interval '5 minutes' from generate_series(1, $1) n
"""
