"""Sign-off over HTTP, on the fakes that pass the contract suites: whose it is, retries, the second factor, refusals."""

import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from confirmation_samples import (
    ENTERPRISE,
    NOON,
    OPERATOR,
    PHOTO,
    SHOWN,
    SIGNATURE,
    STORED,
    VISIT,
    WANG,
    ZHOU,
)
from conforming import Conforming
from qingyuan_events import Actor, Meta, Recorded
from qingyuan_events.tasks import VisitAmended, VisitCompleted
from qingyuan_runtime.log.store_memory import MemoryStore
from qingyuan_runtime.tokens import evidence, second_factor
from qingyuan_runtime.tokens.actors import issue
from qingyuan_runtime.tokens.evidence import Evidence
from qingyuan_runtime.tokens.issuers import EveryIssuer
from signoff.main import SERVICE
from signoff.reactions import confirmation_of, reaction

KEY = EveryIssuer()
PATH = f"/confirmations/{confirmation_of(VISIT)}"
IDS = {
    "visit_id": VISIT,
    "operator_id": OPERATOR,
    "enterprise_id": ENTERPRISE,
    "outlet_id": UUID(int=14),
    "point_id": UUID(int=15),
    "district": "310118",
}
CONTENTS = ("patrol",)
PEOPLE = {
    "enterprise": Actor(account=ZHOU, kind="enterprise", organisation=ENTERPRISE),
    "operator": Actor(account=WANG, kind="operator", organisation=OPERATOR),
    "another enterprise": Actor(account=UUID(int=31), kind="enterprise", organisation=OPERATOR),
    "another operator": Actor(account=UUID(int=32), kind="operator", organisation=ENTERPRISE),
    "district": Actor(account=UUID(int=33), kind="regulator", district="310118"),
    "administrator": Actor(account=UUID(int=34), kind="administrator"),
}


@dataclass
class House:
    """The service with a clock that tests move, and the visits that it receives."""

    store: MemoryStore = field(default_factory=MemoryStore)
    now: datetime = NOON
    heard: int = 0

    async def hears(self, fact: VisitCompleted | VisitAmended) -> None:
        self.heard += 1
        meta = Meta(actor=PEOPLE["operator"], command_id=uuid.uuid4(), correlation=uuid.uuid4())
        recorded = Recorded(f"visit-{VISIT}", self.heard, self.now, meta, fact)
        await reaction(self.store, lambda: self.now)(recorded)  # type: ignore[arg-type]


@dataclass
class Person:
    http: httpx.AsyncClient
    actor: Actor
    house: House

    async def post(self, path: str, body: dict[str, Any], *, key: str | None = None) -> httpx.Response:
        token = issue(self.actor, KEY, now=time.time())
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key or str(uuid.uuid4())}
        return await self.http.post(path, json=body, headers=headers)

    async def get(self, path: str) -> httpx.Response:
        token = issue(self.actor, KEY, now=time.time())
        return await self.http.get(path, headers={"Authorization": f"Bearer {token}"})

    def evidence(self, missing: int = 0, content: str = SHOWN, stored: frozenset[str] = STORED) -> str:
        """A token of files for this account; by default, everything is stored."""
        seen = Evidence({content: missing}, stored)
        return evidence.issue(self.actor.account, seen, KEY, self.house.now).token

    async def signature(
        self, content: str = SHOWN, *, over: str | None = None, **seen: Any
    ) -> dict[str, Any]:
        """The body of a signature, with the statement, a second factor and evidence of files."""
        given = second_factor.issue(self.actor.account, [over or content], KEY, self.house.now)
        statement = (await self.get("/statement")).json()
        return {
            "content_sha256": content,
            "statement_version": statement["version"],
            "signature": SIGNATURE.model_dump(mode="json", exclude_none=True),
            "second_factor": given.token,
            "evidence": self.evidence(content=content, **seen),
        }


@pytest.fixture
async def house() -> House:
    house = House()
    await house.hears(VisitCompleted(**IDS, day=NOON.date(), contents=CONTENTS, content_sha256=SHOWN))
    return house


@pytest.fixture
async def people(house: House) -> AsyncIterator[dict[str, Person]]:
    transport = Conforming(SERVICE.twin(lambda: house.now, KEY, house.store))
    async with httpx.AsyncClient(transport=transport, base_url="http://signoff") as client:
        yield {name: Person(client, actor, house) for name, actor in PEOPLE.items()}


@pytest.fixture
def zhou(people: dict[str, Person]) -> Person:
    return people["enterprise"]


async def facts(house: House) -> list[str]:
    return [
        recorded.fact.type for recorded in await house.store.read(f"confirmation-{confirmation_of(VISIT)}")
    ]


async def test_it_is_opened_and_signed_and_the_fact_says_all_of_it(house: House, zhou: Person) -> None:
    assert (await zhou.post(f"{PATH}/opening", {})).status_code == 202
    house.now += timedelta(minutes=3)
    answer = await zhou.post(f"{PATH}/signature", await zhou.signature())
    assert (answer.status_code, answer.json()["version"], answer.headers["etag"]) == (202, 3, '"3"')
    last = (await house.store.read(answer.json()["stream"]))[-1]
    signed = last.fact.model_dump()
    assert (signed["by"], signed["late"], signed["content_sha256"]) == (ZHOU, False, SHOWN)
    assert signed["not_before"] <= signed["signed_at"] == house.now
    assert signed["statement"] == (await zhou.get("/statement")).json()["text"]
    assert last.meta.actor == PEOPLE["enterprise"]


async def test_everybody_reads_the_statement(people: dict[str, Person]) -> None:
    for person in people.values():
        answer = await person.get("/statement")
        assert answer.status_code == 200
        assert set(answer.json()) == {"version", "text"}


BODIES: dict[str, dict[str, Any]] = {
    "opening": {},
    "dispute": {"reason": "未见更换", "photos": []},
    "answer": {"text": "见照片", "photos": []},
    "escalation": {"reason": "照片不符"},
}
OWNERS = {"opening": "enterprise", "signature": "enterprise", "dispute": "enterprise"} | {
    "answer": "operator",
    "escalation": "enterprise",
}


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("what", OWNERS)
async def test_whose_it_is_and_for_whom_it_does_not_exist(
    house: House, people: dict[str, Person], what: str, who: str
) -> None:
    body = BODIES.get(what) or await people[who].signature() if what == "signature" else BODIES[what]
    answer = await people[who].post(f"{PATH}/{what}", body)
    owner = OWNERS[what]
    if who == owner:
        assert answer.status_code in (202, 409), answer.text
    else:
        assert answer.status_code == (404 if who == f"another {owner}" else 403)
        assert await facts(house) == ["confirmation.requested.v1"]


async def test_what_does_not_exist_looks_like_what_is_not_ones_own(people: dict[str, Person]) -> None:
    nowhere = f"/confirmations/{uuid.uuid4()}/opening"
    missing = await people["enterprise"].post(nowhere, {})
    foreign = await people["another enterprise"].post(f"{PATH}/opening", {})
    assert missing.status_code == foreign.status_code == 404
    assert {k: v for k, v in missing.json().items() if k != "trace_id"} == {
        k: v for k, v in foreign.json().items() if k != "trace_id"
    }


async def test_a_second_factor_for_another_content_or_account_signs_nothing(
    house: House, people: dict[str, Person]
) -> None:
    zhou = people["enterprise"]
    for body in (
        await zhou.signature(over="b" * 64),
        await people["another enterprise"].signature(),
        await zhou.signature() | {"second_factor": "x"},
    ):
        answer = await zhou.post(f"{PATH}/signature", body)
        assert (answer.status_code, answer.json()["code"]) == (403, "second-factor.wrong")
    body = await zhou.signature()
    house.now += timedelta(minutes=5)
    answer = await zhou.post(f"{PATH}/signature", body)
    assert (answer.status_code, answer.json()["code"]) == (403, "second-factor.expired")
    assert await facts(house) == ["confirmation.requested.v1"]


async def test_a_retry_is_answered_as_the_first_time_also_when_the_second_factor_has_expired(
    house: House, zhou: Person
) -> None:
    body = await zhou.signature()
    first = await zhou.post(f"{PATH}/signature", body, key="signed-in-a-cellar")
    house.now += timedelta(hours=2)
    again = await zhou.post(f"{PATH}/signature", body, key="signed-in-a-cellar")
    assert (first.status_code, first.json()) == (202, again.json())
    other = await zhou.post(f"{PATH}/signature", await zhou.signature())
    assert (other.status_code, other.json()["code"]) == (409, "confirmation.signed")


async def test_while_files_are_missing_nothing_is_signed(house: House, zhou: Person) -> None:
    answer = await zhou.post(f"{PATH}/signature", await zhou.signature(missing=2))
    assert (answer.status_code, answer.json()["code"], answer.json()["missing"]) == (
        409,
        "evidence.incomplete",
        2,
    )
    assert "2 个文件" in answer.json()["title"]
    assert answer.headers["content-type"] == "application/problem+json"
    body = await zhou.signature() | {"evidence": zhou.evidence(content="b" * 64)}
    answer = await zhou.post(f"{PATH}/signature", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "evidence.behind")
    assert await facts(house) == ["confirmation.requested.v1"]
    assert (await zhou.post(f"{PATH}/signature", await zhou.signature())).status_code == 202


async def test_without_the_word_of_files_nothing_is_signed(house: House, people: dict[str, Person]) -> None:
    zhou, body = people["enterprise"], await people["enterprise"].signature()
    without = {name: value for name, value in body.items() if name != "evidence"}
    answer = await zhou.post(f"{PATH}/signature", without)
    assert [error["field"] for error in answer.json()["errors"]] == ["evidence"]
    for wrong in (people["another enterprise"].evidence(), body["second_factor"], "x"):
        answer = await zhou.post(f"{PATH}/signature", body | {"evidence": wrong})
        assert (answer.status_code, answer.json()["code"]) == (409, "evidence.wrong")
    assert await facts(house) == ["confirmation.requested.v1"]


@pytest.mark.parametrize("seen", [None, frozenset[str]()])
async def test_a_photo_that_is_not_stored_is_named(zhou: Person, seen: frozenset[str] | None) -> None:
    body = BODIES["dispute"] | {"photos": [PHOTO.model_dump(mode="json")]}
    token = {} if seen is None else {"evidence": zhou.evidence(stored=seen)}
    answer = await zhou.post(f"{PATH}/dispute", body | token)
    assert (answer.status_code, answer.json()["code"]) == (422, "command.invalid")
    assert [(error["field"], error["rule"]) for error in answer.json()["errors"]] == [("photos.0", "stored")]


async def test_a_dispute_is_retried_when_the_word_of_files_has_expired(house: House, zhou: Person) -> None:
    body = BODIES["dispute"] | {"photos": [PHOTO.model_dump(mode="json")], "evidence": zhou.evidence()}
    first = await zhou.post(f"{PATH}/dispute", body, key="lost-on-the-way")
    house.now += timedelta(hours=2)
    again = await zhou.post(f"{PATH}/dispute", body, key="lost-on-the-way")
    assert (first.status_code, again.status_code, first.json()) == (202, 202, again.json())
    other = await zhou.post(f"{PATH}/dispute", body)
    assert (other.status_code, other.json()["code"]) == (409, "evidence.expired")


async def test_content_that_changed_is_not_signed_and_is_asked_for_anew(house: House, zhou: Person) -> None:
    await zhou.post(f"{PATH}/signature", await zhou.signature())
    changed = "b" * 64
    await house.hears(VisitAmended(**IDS, contents=CONTENTS, content_sha256=changed, cause="sheet_corrected"))
    answer = await zhou.post(f"{PATH}/signature", await zhou.signature())
    assert (answer.status_code, answer.json()["code"]) == (409, "content.changed")
    assert (await zhou.post(f"{PATH}/signature", await zhou.signature(changed))).status_code == 202
    assert await facts(house) == [
        "confirmation.requested.v1",
        "confirmation.signed.v1",
        "confirmation.renewed.v1",
        "confirmation.signed.v1",
    ]


async def test_after_midnight_the_signature_is_marked_late(house: House, zhou: Person) -> None:
    house.now = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
    assert (await zhou.post(f"{PATH}/signature", await zhou.signature())).status_code == 202
    last = (await house.store.read(f"confirmation-{confirmation_of(VISIT)}"))[-1]
    assert last.fact.model_dump()["late"] is True


async def test_a_dispute_is_answered_and_escalated(house: House, people: dict[str, Person]) -> None:
    zhou, wang = people["enterprise"], people["operator"]
    early = await wang.post(f"{PATH}/answer", BODIES["answer"])
    assert (early.status_code, early.json()["code"]) == (409, "confirmation.not-disputed")
    shown = BODIES["dispute"] | {"photos": [PHOTO.model_dump(mode="json")], "evidence": zhou.evidence()}
    assert (await zhou.post(f"{PATH}/dispute", shown)).status_code == 202
    twice = await zhou.post(f"{PATH}/dispute", BODIES["dispute"])
    assert (twice.status_code, twice.json()["code"]) == (409, "confirmation.disputed")
    assert (await wang.post(f"{PATH}/answer", BODIES["answer"])).status_code == 202
    assert (await zhou.post(f"{PATH}/escalation", BODIES["escalation"])).status_code == 202
    assert (await facts(house))[1:] == [
        "confirmation.disputed.v1",
        "confirmation.dispute_answered.v1",
        "confirmation.escalated.v1",
    ]


async def test_an_empty_reason_is_named_by_its_field(zhou: Person) -> None:
    answer = await zhou.post(f"{PATH}/dispute", {"reason": " "})
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, ["reason"])
    malformed = await zhou.post(f"{PATH}/signature", await zhou.signature() | {"content_sha256": "A" * 64})
    assert [error["field"] for error in malformed.json()["errors"]] == ["content_sha256"]
