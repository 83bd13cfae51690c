"""What becomes due late: not in quiet hours, however it came to be due, and not when the message is older than a day."""

from datetime import timedelta

import pytest
from message_facts import MANAGER, NOW, As
from messages.channels.port import NotNow
from messages.preferences import PreferenceRepository, Preferences
from messages.rulebook import EDITIONS
from sending_office import ONE, Office, tell

pytestmark = pytest.mark.servers
EVENING = NOW.replace(hour=13, minute=30)
"""Half past nine in Shanghai. Quiet hours are from ten to seven."""
KINDS = "select distinct kind from delivery join message using (message_id)"
NIGHT, MORNING = timedelta(hours=4), timedelta(hours=9, minutes=30)


async def _planned_in_the_evening(dsn: str, office: Office, kind: str = "confirmation.disputed.v1") -> None:
    office.clock.now = EVENING
    await tell(dsn, kind, at=EVENING)
    await office.spreader().spread()


async def _letters_sent(office: Office) -> int:
    before = len(office.way.letters)
    await office.sender().send()
    return len(office.way.letters) - before


async def test_another_try_waits_for_the_morning(dsn: str, office: Office) -> None:
    await _planned_in_the_evening(dsn, office)
    office.way.fails = [NotNow("WeChat 45009", pause=NIGHT)]
    assert await _letters_sent(office) == 1
    for pause, sent in ((NIGHT, 0), (MORNING - timedelta(minutes=1), 0), (MORNING, 1)):
        office.clock.now = EVENING + pause
        assert await _letters_sent(office) == sent
    assert await office.states() == [("wechat", "sent")]
    assert await office.pool.fetchval("select tries from delivery") == 2


@pytest.mark.parametrize("says", [None, "unsent"])
async def test_what_a_sender_could_not_send_in_the_evening_waits_for_the_morning(
    dsn: str, office: Office, says: str | None
) -> None:
    """The sender was away, or died while it sent and the way says that nothing was."""
    await _planned_in_the_evening(dsn, office)
    if says:
        office.way.says = "unsent"
        await office.pool.execute("update delivery set state = 'sending', claimed_at = $1", EVENING)
    office.clock.now = EVENING + NIGHT
    assert await _letters_sent(office) == 0
    office.clock.now = EVENING + MORNING
    assert await _letters_sent(office) == 1


async def test_who_has_no_quiet_hours_is_reached_at_night(dsn: str, office: Office) -> None:
    await PreferenceRepository(office.pool).save(ONE.account, Preferences(quiet=False))
    await _planned_in_the_evening(dsn, office)
    office.clock.now = EVENING + NIGHT
    assert await _letters_sent(office) == 1


async def test_what_is_urgent_is_tried_at_night_and_the_rest_of_the_same_fact_is_not(
    dsn: str, office: Office
) -> None:
    await _planned_in_the_evening(dsn, office, "visit.obstructed.v1")
    kinds = {row["kind"] for row in await office.pool.fetch(KINDS)}
    office.clock.now = EVENING + NIGHT
    await office.sender().send()
    sent, urgent = {letter.kind for letter in office.way.letters}, EDITIONS[-1].urgent_kinds
    assert sent == kinds & urgent
    assert sent
    assert {
        row["kind"] for row in await office.pool.fetch(f"{KINDS} where state = 'waiting'")
    } == kinds - urgent


async def test_what_is_older_than_a_day_has_failed_and_is_shown(dsn: str, office: Office, as_: As) -> None:
    await _planned_in_the_evening(dsn, office)
    office.clock.now = EVENING + MORNING + timedelta(days=6)
    assert await _letters_sent(office) == 0
    assert await office.states() == [("wechat", "failed")]
    (failure,) = (await as_(MANAGER).get("/messages/failures")).json()["items"]
    assert (failure["state"], failure["tries"], failure["error"]) == ("failed", 0, "too old")
    assert await office.pool.fetchval("select address from delivery") is None


async def test_tries_end_a_day_after_the_message(dsn: str, office: Office) -> None:
    await _planned_in_the_evening(dsn, office)
    office.way.fails = [NotNow("WeChat 45009", pause=timedelta(hours=24, minutes=1))]
    assert await _letters_sent(office) == 1
    office.clock.now = EVENING + timedelta(hours=23)
    assert await _letters_sent(office) == 0
    assert await office.states() == [("wechat", "waiting")]
    office.clock.now = EVENING + timedelta(hours=24, minutes=2)
    assert await _letters_sent(office) == 0
    assert await office.states() == [("wechat", "failed")]
