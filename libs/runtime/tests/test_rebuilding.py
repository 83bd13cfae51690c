"""A read model made anew from the log says what it cannot apply, and what differs from the live one."""

import pytest
from counting import fill
from followers_of_a_log import Following
from qingyuan_runtime.following.rebuilding import Differs, _script_hash

pytestmark = pytest.mark.servers


async def test_a_rebuild_sets_a_stream_aside_that_it_cannot_apply_and_says_so(following: Following) -> None:
    await fill(following.log, streams=3, facts=2)
    made = await following.rebuild(poison="outlet-1").run(compare=False)
    assert (made.facts, made.set_aside) == (6, 1)
    assert await following.counted() == {"outlet-0": 2, "outlet-2": 2}
    assert await following.dead_letters() == [("outlet-1", 1), ("outlet-1", 2)]


async def test_a_fact_that_nobody_can_read_parks_its_stream_in_a_rebuild(following: Following) -> None:
    await fill(following.log, streams=2, facts=2)
    async with following.log.acquire() as connection:
        await connection.execute("set session_replication_role = replica")
        await connection.execute(
            "update events set type = 'unknown.v9' where (stream_id, version) = ('outlet-0', 2)"
        )
    made = await following.rebuild().run(compare=False)
    assert (await following.counted(), made.set_aside) == ({"outlet-0": 1, "outlet-1": 2}, 1)


async def test_a_rebuild_compares_every_stream_and_says_what_differs(following: Following) -> None:
    await fill(following.log, streams=250, facts=1)
    await following.rebuild().run()
    await following.view.execute("update counted set facts = 7 where stream_id = 'outlet-249'")
    await following.view.execute("delete from projection_stream where stream_id = 'outlet-1'")
    await following.view.execute("insert into projection_stream values ('ghost-1', 4)")
    with pytest.raises(Differs) as differs:
        await following.rebuild().run()
    compared = differs.value.compared
    assert (compared.live, compared.built, compared.compared) == (250, 250, 249)
    assert {(difference.stream, difference.kind) for difference in compared.differences} == {
        ("outlet-249", "content"),
        ("outlet-1", "missing"),
        ("ghost-1", "only live"),
    }
    made = await following.rebuild().run(accept_differences=True)
    assert made.compared.differs
    assert not (await following.rebuild().run()).compared.differs


async def test_what_a_new_build_could_not_apply_is_a_difference(following: Following) -> None:
    await fill(following.log, streams=2, facts=2)
    await following.rebuild().run()
    with pytest.raises(Differs) as differs:
        await following.rebuild(poison="outlet-1").run()
    assert [(difference.stream, difference.kind) for difference in differs.value.compared.differences] == [
        ("outlet-1", "set aside")
    ]


def test_a_better_comment_in_the_script_of_tables_rebuilds_nothing() -> None:
    plain = "create table visits (id uuid primary key)"
    assert _script_hash(f"-- Every visit.\n{plain}  -- by its id") == _script_hash(plain)
    assert _script_hash(plain) != _script_hash(plain.replace("uuid", "text"))
