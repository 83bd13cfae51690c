"""However many log-ins come at once, an account has no more sessions than it may have. On real PostgreSQL."""

import asyncio

import pytest
from accounts.settings import AccountsSettings
from accounts_over_http import ACCOUNTS, Person
from counting import until
from qingyuan_runtime.database.connections import Pool

pytestmark = pytest.mark.servers
MOST = AccountsSettings().sessions_most
ZHOU = ACCOUNTS["zhou"].id
_OLDEST = """
    update sessions set last_seen = last_seen - interval '1 hour'
     where session_id = (select session_id from sessions where account_id = $1 order by last_seen, created limit 1)
"""


async def one_waits_for_the_other(pool: Pool) -> bool:
    asked = """
        select count(*) from pg_locks l join pg_database d on d.oid = l.database
         where d.datname = current_database() and l.locktype = 'advisory' and not l.granted
    """
    return int(await pool.fetchval(asked)) == 1


async def test_two_log_ins_at_once_leave_as_many_sessions_as_one_may_have(door: Person, pool: Pool) -> None:
    """The session that the first would end is being used: the second does not count before the first has ended it."""
    await pool.execute("delete from sessions")
    for _ in range(MOST):
        assert (await door.logs_in("zhou")).status_code == 200
    async with pool.acquire() as holder, holder.transaction():
        await holder.execute(_OLDEST, ZHOU)
        both = [asyncio.ensure_future(door.logs_in("zhou")) for _ in range(2)]
        await until(lambda: one_waits_for_the_other(pool))
    assert [answer.status_code for answer in await asyncio.gather(*both)] == [200, 200]
    assert await pool.fetchval("select count(*) from sessions where account_id = $1", ZHOU) == MOST
