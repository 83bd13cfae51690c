"""Sign-off over HTTP, on the fakes that pass the contract suites: who may do what, and what is recorded or refused."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from confirmation_calls import BODIES, CONTENTS, IDS, PATH, PEOPLE, Person, ServiceUnderTest, fact_types
from confirmation_samples import (
    PHOTO,
    SHOWN,
    VISIT,
    ZHOU,
)
from qingyuan_events.tasks import VisitAmended
from signoff.reactions import confirmation_of


async def test_a_confirmation_is_opened_and_signed_and_the_fact_holds_who_what_and_when(
    service: ServiceUnderTest, zhou: Person
) -> None:
    assert (await zhou.post(f"{PATH}/opening", {})).status_code == 202
    service.now += timedelta(minutes=3)
    answer = await zhou.post(f"{PATH}/signature", await zhou.signature())
    assert (answer.status_code, answer.json()["version"], answer.headers["etag"]) == (202, 3, '"3"')
    last = (await service.store.read(answer.json()["stream"]))[-1]
    signed = last.fact.model_dump()
    assert (signed["by"], signed["late"], signed["content_sha256"]) == (ZHOU, False, SHOWN)
    assert signed["not_before"] <= signed["signed_at"] == service.now
    assert signed["statement"] == (await zhou.get("/statement")).json()["text"]
    assert last.meta.actor == PEOPLE["enterprise"]


async def test_everybody_reads_the_statement(people: dict[str, Person]) -> None:
    for person in people.values():
        answer = await person.get("/statement")
        assert answer.status_code == 200
        assert set(answer.json()) == {"version", "text"}


OWNERS = {"opening": "enterprise", "signature": "enterprise", "dispute": "enterprise"} | {
    "answer": "operator",
    "escalation": "enterprise",
}


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("what", OWNERS)
async def test_only_its_enterprise_and_its_operator_write_to_a_confirmation(
    service: ServiceUnderTest, people: dict[str, Person], what: str, who: str
) -> None:
    body = BODIES.get(what) or await people[who].signature() if what == "signature" else BODIES[what]
    answer = await people[who].post(f"{PATH}/{what}", body)
    owner = OWNERS[what]
    if who == owner:
        assert answer.status_code in (202, 409), answer.text
    else:
        assert answer.status_code == (404 if who == f"another {owner}" else 403)
        assert await fact_types(service) == ["confirmation.requested.v1"]


async def test_a_confirmation_of_others_is_answered_like_a_missing_one(people: dict[str, Person]) -> None:
    nowhere = f"/confirmations/{uuid.uuid4()}/opening"
    missing = await people["enterprise"].post(nowhere, {})
    foreign = await people["another enterprise"].post(f"{PATH}/opening", {})
    assert missing.status_code == foreign.status_code == 404
    assert {k: v for k, v in missing.json().items() if k != "trace_id"} == {
        k: v for k, v in foreign.json().items() if k != "trace_id"
    }


async def test_the_former_content_is_not_signed_and_confirmation_of_the_changed_one_is_requested(
    service: ServiceUnderTest, zhou: Person
) -> None:
    await zhou.post(f"{PATH}/signature", await zhou.signature())
    changed = "b" * 64
    await service.receive(
        VisitAmended(**IDS, contents=CONTENTS, content_sha256=changed, cause="sheet_corrected")
    )
    answer = await zhou.post(f"{PATH}/signature", await zhou.signature())
    assert (answer.status_code, answer.json()["code"]) == (409, "content.changed")
    assert (await zhou.post(f"{PATH}/signature", await zhou.signature(changed))).status_code == 202
    assert await fact_types(service) == [
        "confirmation.requested.v1",
        "confirmation.signed.v2",
        "confirmation.renewed.v1",
        "confirmation.signed.v2",
    ]


async def test_after_midnight_the_signature_is_marked_late(service: ServiceUnderTest, zhou: Person) -> None:
    service.now = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
    assert (await zhou.post(f"{PATH}/signature", await zhou.signature())).status_code == 202
    last = (await service.store.read(f"confirmation-{confirmation_of(VISIT)}"))[-1]
    assert last.fact.model_dump()["late"] is True


async def test_a_dispute_is_answered_and_escalated(
    service: ServiceUnderTest, people: dict[str, Person]
) -> None:
    zhou, wang = people["enterprise"], people["operator"]
    early = await wang.post(f"{PATH}/answer", BODIES["answer"])
    assert (early.status_code, early.json()["code"]) == (409, "confirmation.not-disputed")
    shown = BODIES["dispute"] | {"photos": [PHOTO.model_dump(mode="json")], "evidence": zhou.evidence()}
    assert (await zhou.post(f"{PATH}/dispute", shown)).status_code == 202
    twice = await zhou.post(f"{PATH}/dispute", BODIES["dispute"])
    assert (twice.status_code, twice.json()["code"]) == (409, "confirmation.disputed")
    assert (await wang.post(f"{PATH}/answer", BODIES["answer"])).status_code == 202
    assert (await zhou.post(f"{PATH}/escalation", BODIES["escalation"])).status_code == 202
    assert (await fact_types(service))[1:] == [
        "confirmation.disputed.v1",
        "confirmation.dispute_answered.v1",
        "confirmation.escalated.v1",
    ]


async def test_an_empty_reason_is_named_by_its_field(zhou: Person) -> None:
    answer = await zhou.post(f"{PATH}/dispute", {"reason": " "})
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, ["reason"])
    malformed = await zhou.post(f"{PATH}/signature", await zhou.signature() | {"content_sha256": "A" * 64})
    assert [error["field"] for error in malformed.json()["errors"]] == ["content_sha256"]
