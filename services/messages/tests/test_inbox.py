"""Who sees what in the inbox, exactly once, and what is done disappears from what is unread."""

from uuid import UUID

import pytest
from message_facts import (
    COLLEAGUE,
    DISTRICT,
    EVERYBODY,
    MANAGER,
    NOW,
    OPERATOR,
    OTHER_ENTERPRISE,
    SIGNER,
    TECHNICIAN,
    As,
    Clock,
    apply,
    fact,
    one_stream,
)
from messages.message_writing import insert
from messages.notices import NO_TABLES, SIGNOFF
from qingyuan_events import Actor
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.following.testing import rows_after

pytestmark = pytest.mark.servers
REQUESTED, REMINDED = "confirmation.requested.v1", "confirmation.reminded.v1"


async def kinds(as_: As, actor: Actor, query: str = "") -> list[str]:
    answer = await as_(actor).get(f"/messages{query}")
    assert answer.status_code == 200, answer.text
    return [item["kind"] for item in answer.json()["items"]]


async def unread(as_: As, actor: Actor) -> int:
    number: int = (await as_(actor).get("/messages/count")).json()["unread"]
    return number


async def test_only_the_audience_sees_a_message(dsn: str, as_: As) -> None:
    await apply(dsn, one_stream(fact("visit.obstructed.v1")))
    seen = {actor: await kinds(as_, actor) for actor in EVERYBODY}
    expected = {
        SIGNER: ["visit.obstructed.enterprise"],
        COLLEAGUE: ["visit.obstructed.enterprise"],
        MANAGER: ["visit.obstructed.operator"],
        DISTRICT: ["visit.obstructed"],
    }
    assert seen == {actor: expected.get(actor, []) for actor in EVERYBODY}


async def test_a_manager_who_does_not_sign_sees_what_waits_for_a_signature(dsn: str, as_: As) -> None:
    await apply(dsn, one_stream(fact(REQUESTED)))
    manager = SIGNER.model_copy(update={"account": UUID(int=24), "role": "manager"})
    assert await kinds(as_, manager) == ["confirmation.requested"]
    assert await unread(as_, manager) == 1


async def test_facts_told_again_change_nothing(dsn: str, as_: As, pool: Pool) -> None:
    facts = one_stream(fact(REQUESTED), fact("confirmation.disputed.v1"))
    for _ in range(3):
        await apply(dsn, facts)
    assert await pool.fetchval("select count(*) from message") == 2
    assert await unread(as_, SIGNER) == 0, "it is disputed, so nothing is left to sign"
    assert await unread(as_, MANAGER) == 1


async def test_what_is_signed_meanwhile_is_done(dsn: str, as_: As) -> None:
    facts = one_stream(fact(REQUESTED), fact(REMINDED), fact("confirmation.signed.v2"))
    await apply(dsn, facts[:1])
    assert await kinds(as_, SIGNER, "?unread=true") == ["confirmation.requested"]
    await apply(dsn, facts[1:2])
    assert await kinds(as_, SIGNER, "?unread=true") == ["confirmation.reminded"]
    await apply(dsn, facts[2:])
    assert await unread(as_, SIGNER) == 0
    items = (await as_(SIGNER).get("/messages")).json()["items"]
    assert [(item["done"], item["read"]) for item in items] == [(True, True)] * 2


async def test_a_paper_settles_its_own_reminders_only(dsn: str, as_: As) -> None:
    ending = fact("resource.paper_ending.v1")
    other = fact("resource.paper_ending.v1", paper_id="00000000-0000-0000-0000-000000000001")
    renewed = fact("resource.paper_renewed.v1", replaces=str(ending.paper_id))  # type: ignore[attr-defined]
    await apply(dsn, one_stream(ending, other, renewed))
    assert await unread(as_, MANAGER) == 1


async def test_read_is_of_each_account(dsn: str, as_: As) -> None:
    await apply(dsn, one_stream(fact(REQUESTED)))
    (item,) = (await as_(SIGNER).get("/messages")).json()["items"]
    await as_(OTHER_ENTERPRISE).post("/messages/read", json={"ids": [item["id"]]})
    assert (await unread(as_, SIGNER), await unread(as_, COLLEAGUE)) == (1, 1)
    for _ in range(2):
        answer = await as_(SIGNER).post("/messages/read", json={"ids": [item["id"]]})
        assert answer.status_code == 204, answer.text
    assert (await unread(as_, SIGNER), await unread(as_, COLLEAGUE)) == (0, 1)


async def test_a_stranger_marks_nothing(dsn: str, as_: As, pool: Pool) -> None:
    await apply(dsn, one_stream(fact(REQUESTED)))
    id_ = await pool.fetchval("select message_id::text from message")
    await as_(OTHER_ENTERPRISE).post("/messages/read", json={"ids": [id_]})
    await as_(TECHNICIAN).post("/messages/read", json={"all": True})
    assert await pool.fetchval("select count(*) from message_read") == 0


async def test_all_are_read_at_once(dsn: str, as_: As) -> None:
    for _ in range(3):
        await apply(dsn, one_stream(fact(REQUESTED)))
    assert await unread(as_, SIGNER) == 3
    assert (await as_(SIGNER).post("/messages/read", json={"all": True})).status_code == 204
    assert await unread(as_, SIGNER) == 0


async def test_pages_hold_each_message_once_and_say_what_is_wrong_with_a_place(dsn: str, as_: As) -> None:
    for _ in range(7):
        await apply(dsn, one_stream(fact(REQUESTED)))
    found, after = [], ""
    for _ in range(4):
        page = (await as_(SIGNER).get("/messages", params={"limit": 2, "after": after})).json()
        found += [item["id"] for item in page["items"]]
        after = page["next"]
    assert after is None
    assert len(set(found)) == len(found) == 7
    for wrong in ("x", "2026-11-24_x", "2026-11-24T00:00:00_00000000-0000-0000-0000-000000000001"):
        answer = await as_(SIGNER).get("/messages", params={"after": wrong})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "after")


@pytest.mark.parametrize(
    ("at", "status"),
    [
        ("0001-01-01T00:00:00+14:00", 422),
        ("9999-12-31T23:59:59-14:00", 422),
        ("0001-01-01T00:00:00+00:00", 200),
        ("9999-12-31T23:59:59.999999+00:00", 200),
    ],
)
async def test_a_place_at_the_end_of_time_is_answered(as_: As, at: str, status: int) -> None:
    answer = await as_(SIGNER).get(
        "/messages", params={"after": f"{at}_00000000-0000-0000-0000-000000000001"}
    )
    assert answer.status_code == status
    if status == 422:
        assert answer.json()["errors"][0]["field"] == "after"


@pytest.mark.parametrize("body", [{}, {"ids": [], "all": False}, {"ids": ["x"]}, {"all": "?"}, {"more": 1}])
async def test_a_body_that_says_nothing_is_refused(as_: As, body: dict[str, object]) -> None:
    answer = await as_(SIGNER).post("/messages/read", json=body)
    assert answer.status_code == 422, answer.text


async def test_what_is_old_counts_as_seen(dsn: str, as_: As, clock: Clock) -> None:
    await apply(dsn, one_stream(fact(REQUESTED)))
    assert await unread(as_, SIGNER) == 1
    clock.now = NOW.replace(year=2027)
    assert await unread(as_, SIGNER) == 0
    assert await kinds(as_, SIGNER) == ["confirmation.requested"]


async def test_however_facts_are_delivered_the_same_messages_are_there(dsn: str, pool: Pool) -> None:
    facts = one_stream(fact(REQUESTED), fact(REMINDED), fact("confirmation.lapsed.v1"))
    query = "select kind, done_at is not null from public.message order by kind"
    rows = await rows_after(dsn, SIGNOFF, NO_TABLES, facts, query)
    assert rows == [
        ("confirmation.lapsed", False),
        ("confirmation.lapsed.operator", False),
        ("confirmation.reminded", True),
        ("confirmation.requested", True),
    ]


async def test_a_fact_that_cannot_be_told_is_parked_and_others_go_on(dsn: str, pool: Pool) -> None:
    """A message without an audience breaks the rule of the table, so the whole batch is taken back."""
    with pytest.raises(AssertionError, match="dead letters"):
        await rows_after(
            dsn, Broken("notices_signoff", SIGNOFF.topic), NO_TABLES, one_stream(fact(REQUESTED)), "select 1"
        )
    await apply(dsn, one_stream(fact(REMINDED)))
    assert [row["kind"] for row in await pool.fetch("select kind from message")] == ["confirmation.reminded"]


class Broken(type(SIGNOFF)):  # type: ignore[misc]
    async def apply(self, connection: object, facts: object) -> None:
        await super().apply(connection, facts)
        await insert(connection, [object()])  # type: ignore[arg-type, list-item]


async def test_a_message_says_which_point_and_whose_in_the_words_of_today(dsn: str, as_: As) -> None:
    """Three visits of one day were three equal rows. The reader's own organisation is not repeated."""
    await apply(dsn, one_stream(fact(REQUESTED)))
    assert (await shown(as_, SIGNER))["about"] is None, "nobody has said yet how they are called"
    enterprise, point = fact("enterprise.registered.v1"), fact("monitoring_point.added.v1")
    asked = fact(
        REQUESTED, enterprise_id=enterprise.enterprise_id, point_id=point.point_id, operator_id=OPERATOR
    )
    await apply(
        dsn, [*one_stream(enterprise), *one_stream(point), *one_stream(fact("contract.submitted.v3"))]
    )
    lapsed = fact(
        "confirmation.lapsed.v1", **asked.model_dump(include={"enterprise_id", "point_id", "operator_id"})
    )
    await apply(dsn, one_stream(asked, lapsed))
    signer = SIGNER.model_copy(update={"organisation": enterprise.enterprise_id})
    names = [enterprise.particulars.name, point.particulars.name, "上海绿测环境运维有限公司"]
    assert (await shown(as_, signer))["about"] == " · ".join(names[1:])
    assert (await shown(as_, MANAGER))["about"] == " · ".join(names[:2])


async def shown(as_: As, actor: Actor) -> dict[str, str | None]:
    item: dict[str, str | None] = (await as_(actor).get("/messages")).json()["items"][0]
    return item
