"""What a person may choose, and what not."""

from pathlib import Path

import pytest
from message_facts import AUDIT, COLLEAGUE, DISTRICT, MANAGER, OFFICE, SECURITY, SIGNER, TECHNICIAN, As
from messages.channels.opening import reaching
from messages.settings import MessagesSettings
from qingyuan_events import Actor

pytestmark = pytest.mark.servers
PATH = "/messages/preferences"


async def chosen(as_: As, actor: Actor, kind: str) -> dict[str, tuple[bool, bool]]:
    items = (await as_(actor).get(PATH)).json()["items"]
    (found,) = [item for item in items if item["kind"] == kind]
    return {way["channel"]: (way["on"], way["locked"]) for way in found["channels"]}


def body(**changed: object) -> dict[str, object]:
    return {"choices": [], "quiet": True, "digest_hours": []} | changed


async def test_without_a_choice_the_rules_hold(as_: As) -> None:
    assert await chosen(as_, MANAGER, "visit.obstructed.operator") == {
        "wechat": (True, True),
        "sms": (True, False),
        "email": (False, False),
    }


async def test_a_choice_is_of_one_account(as_: As) -> None:
    choice = {"kind": "visit.obstructed.operator", "channel": "sms", "on": False}
    for _ in range(2):
        answer = await as_(MANAGER).put(PATH, json=body(choices=[choice], quiet=False))
        assert answer.status_code == 204, answer.text
    assert (await chosen(as_, MANAGER, choice["kind"]))["sms"] == (False, False)  # type: ignore[arg-type]
    assert (await as_(MANAGER).get(PATH)).json()["quiet"]["on"] is False
    assert (await chosen(as_, TECHNICIAN, choice["kind"]))["sms"] == (True, False)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("actor", "changed", "field", "code"),
    [
        (MANAGER, {"choices": [{"kind": "visit.obstructed.operator", "channel": "wechat", "on": False}]}, "choices.0", "preference.locked"),
        (MANAGER, {"choices": [{"kind": "confirmation.lapsed", "channel": "sms", "on": True}]}, "choices.0", "preference.unknown"),
        (DISTRICT, {"choices": [{"kind": "filing.submitted", "channel": "sms", "on": True}]}, "choices.0", "preference.unknown"),
        (SIGNER, {"digest_hours": []}, "digest_hours", "preference.hours"),
        (SIGNER, {"digest_hours": ["09:17"]}, "digest_hours", "preference.hours"),
    ],
)  # fmt: skip
async def test_what_the_rules_do_not_leave_open_is_refused(
    as_: As, actor: Actor, changed: dict[str, object], field: str, code: str
) -> None:
    answer = await as_(actor).put(PATH, json=body(**changed))
    assert answer.status_code == 422, answer.text
    (error,) = answer.json()["errors"]
    assert (error["field"], error["code"] if "code" in error else error["rule"]) == (field, code)


async def test_hours_of_digests_are_chosen_among_those_of_the_rules(as_: As) -> None:
    answer = await as_(COLLEAGUE).put(PATH, json=body(digest_hours=["20:00"]))
    assert answer.status_code == 204, answer.text
    digest = (await as_(COLLEAGUE).get(PATH)).json()["digest"]
    assert [hour["hour"] for hour in digest if hour["on"]] == ["20:00"]
    assert len(digest) == 3


async def test_no_regulator_is_offered_what_no_regulator_can_bind(as_: As) -> None:
    items = (await as_(DISTRICT).get(PATH)).json()["items"]
    assert items
    assert not [item for item in items if "wechat" in {way["channel"] for way in item["channels"]}]
    choice = {"kind": "visit.obstructed", "channel": "wechat", "on": True}
    answer = await as_(DISTRICT).put(PATH, json=body(choices=[choice]))
    assert (answer.status_code, answer.json()["errors"][0]["rule"]) == (422, "preference.unknown")


@pytest.mark.parametrize("actor", [SIGNER, MANAGER, DISTRICT])
async def test_no_two_choices_have_one_name(as_: As, actor: Actor) -> None:
    names = [item["name"] for item in (await as_(actor).get(PATH)).json()["items"]]
    assert len(set(names)) == len(names)


async def test_ways_by_which_nothing_comes_are_named(as_: As) -> None:
    """The folder stands in for a provider of SMS, and reaches nobody."""
    assert (await as_(SIGNER).get(PATH)).json()["absent"] == ["wechat", "email", "sms"]
    there = MessagesSettings(smtp_host="mail", sms_folder=Path("sms"))
    assert reaching(there) == {"email"}


async def test_texts_and_failures_are_for_those_who_can_act(as_: As) -> None:
    for actor, texts, failures in (
        (OFFICE, 200, 200),
        (SECURITY, 403, 403),
        (AUDIT, 403, 403),
        (MANAGER, 403, 200),
        (TECHNICIAN, 403, 403),
        (COLLEAGUE, 403, 403),
        (SIGNER, 403, 200),
        (DISTRICT, 403, 403),
    ):
        assert (await as_(actor).get("/messages/texts")).status_code == texts
        assert (await as_(actor).get("/messages/failures")).status_code == failures, actor
