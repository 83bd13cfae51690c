"""What the page about restoring says of an older copy of messages, done: what waited then is not sent a second time."""

import re

import pytest
from message_facts import NOW, Clock, apply, fact, one_stream
from qingyuan_local.setup import checkout
from qingyuan_runtime.database.connections import Pool
from sending_office import EVERY_WAY, Office

pytestmark = pytest.mark.servers
PAGE = checkout() / "docs" / "operations" / "restore.md"


def statements() -> str:
    found = re.search(r"^\*\*messages。\*\*.*?^```sql\n(.*?)^```", PAGE.read_text(), re.M | re.S)
    assert found, "the page has no statement for messages"
    return found[1]


@pytest.mark.parametrize("state", ["waiting", "sending"])
async def test_what_waited_in_an_old_copy_is_unknown_and_never_sent(
    dsn: str, pool: Pool, clock: Clock, state: str
) -> None:
    office = Office(pool, clock)
    await apply(dsn, one_stream(fact("confirmation.disputed.v1"), at=NOW))
    assert await office.spreader(EVERY_WAY).spread() == 1
    await pool.execute("update delivery set state = $1, claimed_at = $2", state, NOW)
    await apply(dsn, one_stream(fact("contract.confirmed.v1"), at=NOW))
    await pool.execute(statements())
    assert await office.spreader(EVERY_WAY).spread() == 0
    assert await office.sender().send() == 0
    assert office.way.letters == []
    assert await office.states() == [("wechat", "unknown")]
    assert await pool.fetchval("select address from delivery") is None
