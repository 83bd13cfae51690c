"""Which of the files that facts refer to are stored: who may ask which are missing, and what a token attests."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from conforming import Conforming
from fastapi import FastAPI
from files.evidence import EvidenceService
from files.http_evidence import router
from qingyuan_events import Actor
from qingyuan_events.tasks import VisitAmended
from qingyuan_runtime.edge.http import create_app
from qingyuan_runtime.tokens import evidence
from qingyuan_runtime.tokens.actors import issue
from qingyuan_runtime.tokens.evidence import Evidence
from qingyuan_runtime.tokens.issuers import EveryIssuer
from referring import Reading, completed, disputed, photo_added
from uploading import (
    CITY,
    COLLEAGUE,
    DISTRICT,
    EVERYBODY,
    OFFICE,
    OTHER_ENTERPRISE,
    OTHER_OPERATOR,
    OWNER,
    TECHNICIAN,
    sha256,
)

pytestmark = pytest.mark.servers

KEY = EveryIssuer()
CONTENT, LATER = "e" * 64, "f" * 64
PARTIES_SEE = {TECHNICIAN, COLLEAGUE, OWNER, DISTRICT, CITY, OFFICE}


def service_of(reading: Reading, *, patience: float = 0.0) -> EvidenceService:
    return EvidenceService(reading.pool, KEY, lambda: datetime.now(UTC), patience=patience)


def edge(reading: Reading) -> FastAPI:
    async def ready() -> None:
        return None

    app = create_app("files", trusted=KEY, ready=ready)
    app.state.evidence_service = service_of(reading)
    app.include_router(router)
    return app


async def ask(
    reading: Reading, actor: Actor, path: str, body: dict[str, Any] | None = None
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {issue(actor, KEY, now=time.time())}"}
    transport = Conforming(edge(reading))
    async with httpx.AsyncClient(transport=transport, base_url="http://files", headers=headers) as http:
        return await (http.get(path) if body is None else http.post(path, json=body))


async def attested(reading: Reading, actor: Actor, **body: list[str]) -> tuple[Evidence, dict[str, Any]]:
    answer = await ask(reading, actor, "/evidence", body)
    assert answer.status_code == 200, answer.text
    response = answer.json()
    return evidence.verify(response["token"], actor.account, KEY, datetime.now(UTC)), response


def unstored() -> str:
    return sha256(uuid4().bytes)


async def visit_of(reading: Reading, *hashes: str) -> UUID:
    """A complete visit with these photographs."""
    visit = uuid4()
    photos = [photo_added(sha256, visit_id=visit) for sha256 in hashes]
    await reading.apply(*photos, completed(visit, CONTENT))
    return visit


async def test_only_those_who_may_see_a_visit_are_told_which_files_are_missing(
    reading: Reading,
) -> None:
    here, gone = await reading.file(TECHNICIAN), unstored()
    visit = await visit_of(reading, here, gone)
    told = {actor: await ask(reading, actor, f"/visits/{visit}/missing") for actor in EVERYBODY}
    assert {actor for actor in EVERYBODY if told[actor].status_code == 200} == PARTIES_SEE
    assert all(told[actor].json() == {"files": 2, "missing": [gone]} for actor in PARTIES_SEE)
    assert {told[actor].json()["code"] for actor in set(EVERYBODY) - PARTIES_SEE} == {"visit.missing"}


async def test_a_file_that_is_stored_later_is_no_longer_missing(reading: Reading) -> None:
    late = unstored()
    visit = await visit_of(reading, late)
    await reading.file(TECHNICIAN, late)
    assert (await ask(reading, OWNER, f"/visits/{visit}/missing")).json() == {"files": 1, "missing": []}


async def test_a_file_that_only_a_stranger_has_is_missing(reading: Reading) -> None:
    """It could not be shown to the parties, so it must not count as seen by them."""
    foreign = await reading.file(OTHER_OPERATOR)
    visit = await visit_of(reading, foreign)
    assert (await ask(reading, OWNER, f"/visits/{visit}/missing")).json()["missing"] == [foreign]


async def test_missing_files_of_a_dispute_are_told_to_its_parties(reading: Reading) -> None:
    fact = disputed(await reading.file(OWNER), gone := unstored())
    await reading.apply(fact)
    path = f"/confirmations/{fact.confirmation_id}/missing"
    assert (await ask(reading, TECHNICIAN, path)).json() == {"files": 2, "missing": [gone]}
    assert (await ask(reading, OTHER_ENTERPRISE, path)).json()["code"] == "confirmation.missing"


async def test_the_token_counts_what_is_missing_of_each_content(reading: Reading) -> None:
    late, gone = unstored(), unstored()
    visit = await visit_of(reading, late, gone)
    seen, response = await attested(reading, OWNER, contents=[CONTENT])
    assert seen == Evidence({CONTENT: 2}, frozenset())
    assert response["contents"] == {CONTENT: {"files": 2, "missing": sorted([late, gone])}}
    await reading.file(TECHNICIAN, late)
    await reading.file(TECHNICIAN, gone)
    amended = completed(visit, LATER).model_dump() | {"cause": "added_later"}
    amended.pop("day")
    await reading.apply(VisitAmended(**amended))
    seen, _ = await attested(reading, OWNER, contents=[CONTENT, LATER])
    assert seen.missing == {CONTENT: 0, LATER: 0}


async def test_the_token_says_when_the_last_file_of_a_content_was_stored_and_nothing_while_one_is_missing(
    reading: Reading,
) -> None:
    first, last, visit = await reading.file(TECHNICIAN), await reading.file(TECHNICIAN), uuid4()
    moment = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    for file, at in ((last, moment), (first, moment.replace(hour=3))):
        await reading.pool.execute("update file set stored_at = $2 where sha256 = $1", file, at)
    await reading.apply(
        photo_added(first, visit_id=visit), photo_added(last, visit_id=visit), completed(visit, CONTENT)
    )
    seen, _ = await attested(reading, OWNER, contents=[CONTENT])
    assert (seen.missing, seen.since) == ({CONTENT: 0}, {CONTENT: moment})
    await reading.apply(photo_added(unstored(), visit_id=visit))
    seen, _ = await attested(reading, OWNER, contents=[CONTENT])
    assert (seen.missing, seen.since) == ({CONTENT: 1}, {})


async def test_the_token_leaves_out_contents_that_are_unknown_or_not_visible(reading: Reading) -> None:
    await visit_of(reading, await reading.file(TECHNICIAN))
    assert (await attested(reading, OWNER, contents=[LATER]))[0].missing == {}
    assert (await attested(reading, OTHER_ENTERPRISE, contents=[CONTENT]))[0].missing == {}
    assert (await attested(reading, OWNER, contents=[CONTENT]))[0].missing == {CONTENT: 0}


async def test_no_file_is_missing_of_a_visit_without_files(reading: Reading) -> None:
    await reading.apply(completed(uuid4(), CONTENT))
    assert (await attested(reading, OWNER, contents=[CONTENT]))[0].missing == {CONTENT: 0}


async def test_only_files_of_the_own_organisation_count_as_stored(reading: Reading) -> None:
    mine, theirs, nobodys = await reading.file(COLLEAGUE), await reading.file(OWNER), unstored()
    seen, response = await attested(reading, TECHNICIAN, files=[mine, theirs, nobodys])
    assert seen.stored == {mine}
    assert response["missing"] == sorted([theirs, nobodys])


async def test_blank_files_are_reported_and_attested(reading: Reading) -> None:
    signature, blank = await reading.file(OWNER), await reading.file(OWNER, blank=True)
    seen, response = await attested(reading, OWNER, files=[signature, blank])
    assert (seen.stored, seen.blank) == ({signature, blank}, {blank})
    assert (response["missing"], response["blank"]) == ([], [blank])


@pytest.mark.parametrize("actor", [DISTRICT, CITY, OFFICE])
async def test_regulators_and_administrators_get_no_token(reading: Reading, actor: Actor) -> None:
    assert (await ask(reading, actor, "/evidence", {"files": [], "contents": []})).status_code == 403


async def test_attest_waits_for_a_content_that_is_not_yet_known(reading: Reading) -> None:
    """The fact with the content is applied while the request waits."""
    asking = asyncio.create_task(service_of(reading, patience=60).attest(OWNER, [CONTENT], []))
    await reading.apply(completed(uuid4(), CONTENT))
    assert set((await asking).contents) == {CONTENT}
