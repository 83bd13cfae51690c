"""From a message to what is sent: to whom, when, how often, and never twice."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

import pytest
from message_facts import (
    ENTERPRISE,
    MANAGER,
    NOW,
    As,
    apply,
    fact,
    one_stream,
)
from messages.addresses import Recipient
from messages.channels.port import NotAccepted, NotNow, Outcome, Unsure
from messages.digesting import Digester
from messages.message import Audience
from messages.preferences import PreferenceRepository, Preferences
from messages.rulebook import EDITIONS, after_quiet
from qingyuan_runtime.process.unavailable import RetryLater
from qingyuan_standards.days import local_clock
from sending_office import ONE, WITHOUT_ADDRESS, Office, tell, wait_for_the_morning

pytestmark = pytest.mark.servers
QUIET = EDITIONS[-1].quiet


async def test_a_message_is_sent_by_the_ways_of_its_rule_to_who_has_an_address(
    dsn: str, office: Office
) -> None:
    await tell(dsn, "confirmation.disputed.v1")
    assert await office.spreader().spread() == 1
    await office.sender().send()
    assert await office.states() == [("wechat", "sent")]
    (letter,) = office.way.letters
    assert (letter.address, letter.title) == ("o1", "排污单位提出了异议")
    assert letter.link.startswith("https://q.example/m/#/")
    assert office.addresses.asked[0].roles == ("manager",)
    assert await office.pool.fetchval("select address from delivery") is None, "an address is not kept"


async def test_who_chose_for_a_kind_chose_for_the_elder_fact_that_says_the_same(
    dsn: str, office: Office
) -> None:
    chosen = Preferences({"contract.submitted": {"wechat": False}})
    await PreferenceRepository(office.pool).save(ONE.account, chosen)
    await tell(dsn, "contract.submitted.v1")
    assert await office.spreader().spread() == 1
    assert await office.states() == []


async def test_every_phone_that_is_bound_to_the_account_is_reached_once(dsn: str, office: Office) -> None:
    office.addresses.everybody = [ONE.model_copy(update={"openids": ("o1", "o2")})]
    await tell(dsn, "confirmation.disputed.v1")
    for _ in range(2):
        await office.spreader().spread()
        await office.sender().send()
    assert sorted(letter.address for letter in office.way.letters) == ["o1", "o2"]
    assert await office.states() == [("wechat", "sent")] * 2


@pytest.mark.parametrize(
    ("changed", "reached"),
    [
        ({}, ["13800000000", "a@example.com", "o1"]),
        ({"openids": ()}, ["13800000000", "a@example.com"]),
        ({"openids": ("o2",)}, ["13800000000", "a@example.com"]),
        ({"openids": ("o2", "o1")}, ["13800000000", "a@example.com", "o1"]),
        ({"email": "new@example.com", "mobile": None}, ["new@example.com", "o1"]),
    ],
)
async def test_what_waits_goes_only_where_the_person_is_reached_when_it_is_sent(
    dsn: str, office: Office, changed: dict[str, object], reached: list[str]
) -> None:
    await wait_for_the_morning(dsn, office)
    office.addresses.everybody = [ONE.model_copy(update=changed)]
    await office.sender().send()
    assert sorted(letter.address for letter in office.way.letters) == reached
    assert {state for _, state in await office.states()} == {"sent"}
    assert office.addresses.asked[-1].roles == ("manager",)


async def test_what_waits_for_a_locked_account_or_one_with_another_role_is_not_sent(
    dsn: str, office: Office
) -> None:
    await wait_for_the_morning(dsn, office)
    office.addresses.everybody = [WITHOUT_ADDRESS]
    await office.sender().send()
    assert office.way.letters == []
    assert await office.states() == []


async def test_while_nobody_says_who_is_reached_nothing_is_tried_and_nothing_lost(
    dsn: str, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_audience: Audience) -> Sequence[Recipient]:
        raise RetryLater("accounts")

    await wait_for_the_morning(dsn, office)
    with monkeypatch.context() as without:
        without.setattr(office.addresses, "recipients", away)
        for _ in range(5):
            with pytest.raises(RetryLater):
                await office.sender().send()
    assert {state for _, state in await office.states()} == {"waiting"}
    await office.sender().send()
    assert {state for _, state in await office.states()} == {"sent"}
    assert await office.pool.fetchval("select max(tries) from delivery") == 1


async def test_what_is_read_on_a_phone_leads_to_its_page(dsn: str, office: Office) -> None:
    await tell(dsn, "plan.published.v2")
    await office.pool.execute("update message set phone_link = '/m/#/plans'")
    await PreferenceRepository(office.pool).save(
        ONE.account, Preferences({"plan.published": {"email": True}})
    )
    await office.spreader().spread()
    await office.sender().send()
    links = {letter.link.partition("example")[2][:3] for letter in office.way.letters}
    assert len(links) == 2
    assert "/m/" in links


async def test_a_way_that_says_when_is_tried_no_earlier(dsn: str, office: Office) -> None:
    await tell(dsn, "confirmation.disputed.v1")
    await office.spreader().spread()
    office.way.fails = [NotNow("quota", pause=timedelta(hours=4))]
    await office.sender().send()
    office.clock.now += timedelta(hours=3, minutes=59)
    assert await office.sender().send() == 0
    office.clock.now += timedelta(minutes=1)
    assert await office.sender().send() == 1
    assert await office.states() == [("wechat", "sent")]


async def test_choices_count_but_not_against_the_rules(dsn: str, office: Office) -> None:
    chosen = {
        "confirmation.disputed": {"wechat": False, "sms": True},
        "contract.confirmed": {"wechat": False},
    }
    await PreferenceRepository(office.pool).save(ONE.account, Preferences(chosen))  # type: ignore[arg-type]
    await tell(dsn, "confirmation.disputed.v1")
    await tell(dsn, "contract.confirmed.v1")
    await office.spreader().spread()
    assert await office.states() == [("sms", "waiting"), ("wechat", "waiting")]


async def test_a_way_that_this_house_does_not_have_is_left_out(dsn: str, office: Office) -> None:
    await tell(dsn, "confirmation.disputed.v1")
    assert await office.spreader(frozenset({"sms"})).spread() == 1
    assert await office.states() == []


async def test_what_is_old_or_done_is_not_sent(dsn: str, office: Office) -> None:
    await tell(dsn, "confirmation.disputed.v1", at=NOW - timedelta(days=2))
    await tell(dsn, "confirmation.disputed.v1", "confirmation.signed.v2")
    assert await office.spreader().spread() == 0


async def test_what_is_done_in_the_night_is_not_sent_in_the_morning(dsn: str, office: Office) -> None:
    office.clock.now = NOW.replace(hour=15)
    facts = one_stream(fact("confirmation.disputed.v1"), fact("confirmation.signed.v2"), at=office.clock.now)
    await apply(dsn, facts[:1])
    await office.spreader().spread()
    assert await office.sender().send() == 0
    await apply(dsn, facts[1:])
    office.clock.now += timedelta(hours=12)
    assert await office.sender().send() == 0
    assert await office.states() == []


@pytest.mark.parametrize(
    ("hour", "until"), [("21:59", "21:59"), ("22:00", "07:00"), ("03:00", "07:00"), ("06:59", "07:00"), ("07:00", "07:00")]
)  # fmt: skip
def test_nothing_is_sent_in_the_quiet_hours(hour: str, until: str) -> None:
    moment = NOW.replace(hour=(int(hour[:2]) - 8) % 24, minute=int(hour[3:]))
    sent = after_quiet(moment, QUIET)
    assert f"{local_clock(sent):%H:%M}" == until
    assert timedelta(0) <= sent - moment < timedelta(hours=10)


async def test_what_is_urgent_is_sent_at_night(dsn: str, office: Office) -> None:
    office.clock.now = NOW.replace(hour=16)
    await tell(dsn, "visit.obstructed.v1", at=office.clock.now)
    await office.spreader().spread()
    assert await office.sender().send() > 0


async def test_a_digest_counts_what_is_open_once_an_hour(dsn: str, office: Office) -> None:
    for _ in range(7):
        await tell(dsn, "confirmation.requested.v1", "confirmation.reminded.v1", at=NOW - timedelta(hours=5))
    await tell(dsn, "confirmation.requested.v1", "confirmation.signed.v2", at=NOW - timedelta(hours=5))
    digester = Digester(office.pool, office.clock)
    assert await digester.digest() == 0, "it is ten, and the hour is half past eight"
    office.clock.now = NOW - timedelta(minutes=80)
    assert sum(await asyncio.gather(*(digester.digest() for _ in range(5)))) == 1
    await office.spreader().spread()
    await office.sender().send()
    (letter,) = office.way.letters
    assert letter.title == "你有 7 项待签字"
    assert office.addresses.asked[0].signers
    assert office.addresses.asked[0].organisation == ENTERPRISE


async def test_a_digest_is_no_message_of_the_inbox(dsn: str, office: Office, as_: As) -> None:
    await tell(dsn, "confirmation.requested.v1", at=NOW - timedelta(hours=5))
    office.clock.now = NOW - timedelta(minutes=80)
    await Digester(office.pool, office.clock).digest()
    from message_facts import SIGNER

    kinds = [item["kind"] for item in (await as_(SIGNER).get("/messages")).json()["items"]]
    assert kinds == ["confirmation.requested"]


async def test_who_does_not_want_this_hour_gets_no_digest(dsn: str, office: Office) -> None:
    await PreferenceRepository(office.pool).save(
        ONE.account, Preferences(digest_hours=frozenset(EDITIONS[-1].digests[0].hours[1:]))
    )
    await tell(dsn, "confirmation.requested.v1", at=NOW - timedelta(hours=5))
    office.clock.now = NOW - timedelta(minutes=80)
    await Digester(office.pool, office.clock).digest()
    await office.spreader().spread()
    assert await office.states() == []


async def test_many_senders_send_each_once(dsn: str, office: Office) -> None:
    for _ in range(30):
        await tell(dsn, "confirmation.disputed.v1")
    await asyncio.gather(*(office.spreader().spread() for _ in range(4)))
    await asyncio.gather(*(office.sender().send() for _ in range(8)))
    while await office.sender().send():
        pass
    ids = [letter.provider_id for letter in office.way.letters]
    assert len(ids) == len(set(ids)) == 30


async def test_pauses_grow_and_after_the_last_try_it_has_failed(dsn: str, office: Office, as_: As) -> None:
    await tell(dsn, "confirmation.disputed.v1")
    await office.spreader().spread()
    office.way.fails = [NotNow("busy")] * 3
    for pause in (1, 2):
        assert await office.sender().send() == 1
        assert await office.sender().send() == 0
        office.clock.now += timedelta(minutes=pause)
    assert await office.sender().send() == 1
    assert await office.states() == [("wechat", "failed")]
    (failure,) = (await as_(MANAGER).get("/messages/failures")).json()["items"]
    assert (failure["state"], failure["tries"], failure["error"]) == ("failed", 3, "busy")


@pytest.mark.parametrize(
    ("error", "state"), [(NotAccepted("x"), "failed"), (Unsure("x"), "unknown"), (KeyError("x"), "unknown")]
)
async def test_what_is_refused_or_unsure_is_not_tried_again(
    dsn: str, office: Office, error: Exception, state: str
) -> None:
    await tell(dsn, "confirmation.disputed.v1")
    await office.spreader().spread()
    office.way.fails = [error]
    await office.sender().send()
    office.clock.now += timedelta(days=1)
    await office.sender().send()
    assert await office.states() == [("wechat", state)]
    assert len(office.way.letters) == 1


@pytest.mark.parametrize(
    ("says", "state", "sent"), [("sent", "sent", 0), (None, "unknown", 0), ("unsent", "sent", 1)]
)
async def test_what_a_dead_sender_has_left_is_never_sent_blindly(
    dsn: str, office: Office, says: Outcome | None, state: str, sent: int
) -> None:
    await tell(dsn, "confirmation.disputed.v1")
    await office.spreader().spread()
    await office.pool.execute("update delivery set state = 'sending', claimed_at = $1", office.clock.now)
    office.way.says = says
    await office.sender().send()
    assert await office.states() == [("wechat", "sending")], "its sender may still be at it"
    office.clock.now += timedelta(minutes=6)
    await office.sender().send()
    assert await office.states() == [("wechat", state)]
    assert len(office.way.letters) == sent


async def test_failures_of_others_are_not_shown(dsn: str, office: Office, as_: As) -> None:
    office.addresses.everybody = [ONE.model_copy(update={"organisation": uuid4()})]
    await tell(dsn, "confirmation.disputed.v1")
    await office.spreader().spread()
    office.way.fails = [NotAccepted("x")]
    await office.sender().send()
    found: Sequence[object] = (await as_(MANAGER).get("/messages/failures")).json()["items"]
    assert found == []
