"""Whatever a service accepts, every read model that follows it can show: nasty bodies for every command of every service.

Each body is right in every field but for one or two leaves, which hold what people and machines send by mistake. What is
accepted goes on to all read models, on real PostgreSQL; what is refused is refused with a sentence, never by a fault.
"""

import os
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import contract_calls as plans
import pytest
import registry.main
import signoff.main
import tasks.main
import visit_calls as visits
from bending import KEY, Bend, Body, Walk, bends
from confirmation_samples import ENTERPRISE as SIGNER
from confirmation_samples import OPERATOR as ANSWERER
from confirmation_samples import SHOWN, SIGNATURE, STORED, requested
from fastapi import FastAPI
from filing_walk import changed, filings
from followers import Followers
from hypothesis import HealthCheck, given, settings
from pydantic import BaseModel
from qingyuan_events import Actor, Fact, Meta, Recorded
from qingyuan_events.registry import EnterpriseChangeRequested
from qingyuan_events.signoff import ConfirmationRequested
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.log.store import Write
from qingyuan_runtime.log.store_memory import MemoryStore
from qingyuan_runtime.reacting.timers import Timer
from qingyuan_runtime.tokens import evidence, second_factor
from qingyuan_runtime.tokens.evidence import Evidence
from qingyuan_standards.days import local_day
from registry_calls import NOON, plain
from report_walk import handed_in_reports
from samples import enterprise, gas, outlet, point, sampler, water
from signoff import rules
from tasks import reminders
from visit_samples import ENTERPRISE, OPERATOR, POINT, TOWN, VISIT

pytestmark = pytest.mark.servers

EXAMPLES = int(os.environ.get("EXAMPLES", "15"))

SOON = NOON + timedelta(minutes=1)
OFFICE = Actor(account=UUID(int=1), kind="administrator")
SINCE = {"valid_from": "2024-03-01"}
WHY = {"reason": "录错"}
FLUE: Body = {"particulars": {"code": "DA001", "name": "1 号锅炉", "medium": "flue_gas"}}


async def register(bend: Bend) -> MemoryStore:
    app = registry.main.SERVICE.twin(lambda: NOON, KEY)
    walk = Walk(app, bend)
    contact = {"contact": {"name": "周清源", "phone": "021-5555 0101"}}
    whole = await walk.says(OFFICE, "/enterprises", plain(enterprise) | contact | SINCE)
    await walk.says(
        OFFICE, f"/enterprises/{whole}/correction", changed(enterprise, address="新路 1 号") | SINCE | WHY
    )
    mouth = await walk.says(OFFICE, "/outlets", plain(outlet) | {"enterprise_id": whole} | SINCE)
    await walk.says(OFFICE, f"/outlets/{mouth}/correction", changed(outlet, name="新名") | SINCE | WHY)
    spot = await walk.says(OFFICE, "/points", plain(point) | {"outlet_id": mouth} | SINCE)
    await walk.says(OFFICE, f"/points/{spot}/correction", changed(point, name="新名") | SINCE | WHY)
    for kind in (water, sampler):
        await _instrument(walk, kind, spot)
    flue = await _flue(walk, whole)
    await _asks_for_another_name(walk, app.state.repository.store, whole)
    ends = {"valid_to": "2026-11-01"} | WHY
    for path in (f"/points/{spot}", f"/outlets/{mouth}", *flue, f"/enterprises/{whole}"):
        await walk.says(OFFICE, f"{path}/closing", ends)
    await walk.says(OFFICE, f"/enterprises/{whole}/contact-erasure", WHY)
    return app.state.repository.store  # type: ignore[no-any-return]


async def _flue(walk: Walk, whole: str) -> tuple[str, str]:
    """Where an analyser of flue gas stands, in the order of closing."""
    mouth = await walk.says(OFFICE, "/outlets", FLUE | {"enterprise_id": whole} | SINCE)
    measured = {"particulars": FLUE["particulars"] | {"factors": ["a21026"]}, "outlet_id": mouth}
    spot = await walk.says(OFFICE, "/points", measured | SINCE)
    await _instrument(walk, gas, spot)
    return f"/points/{spot}", f"/outlets/{mouth}"


async def _asks_for_another_name(walk: Walk, store: MemoryStore, whole: str) -> None:
    """What an enterprise is known by waits for an answer: one is taken back, one is refused, one is confirmed."""
    owner = Actor(account=UUID(int=6), kind="enterprise", organisation=UUID(whole))
    for name, answer, who in (
        ("清源化工", "withdrawal", owner),
        ("新泉化工", "refusal", OFFICE),
        ("清泉新材料", "confirmation", OFFICE),
    ):
        path = f"/enterprises/{whole}"
        await walk.says(owner, f"{path}/correction", changed(enterprise, name=name) | SINCE | WHY)
        asked = [found.fact for found in await store.read(f"enterprise-{whole}")]
        change = [fact.request_id for fact in asked if isinstance(fact, EnterpriseChangeRequested)][-1:]
        for request_id in change:
            await walk.says(who, f"{path}/changes/{request_id}/{answer}", {"reason": "已核对"})


async def _instrument(walk: Walk, kind: BaseModel, spot: str) -> None:
    first = await walk.says(OFFICE, "/instruments", plain(kind) | {"point_id": spot} | SINCE)
    path = f"/instruments/{first}"
    await walk.says(OFFICE, f"{path}/correction", changed(kind, model="改正") | SINCE | WHY)
    await walk.says(OFFICE, f"{path}/om-operator", {"om_operator": "乙公司", "valid_from": "2026-01-01"})
    newer = await walk.says(OFFICE, f"{path}/replacement", plain(kind) | {"valid_from": "2026-06-01"} | WHY)
    await walk.says(OFFICE, f"/instruments/{newer}/retirement", {"valid_to": "2026-07-01"} | WHY)


async def working_day(bend: Bend) -> MemoryStore:
    app = tasks.main.SERVICE.twin(lambda: NOON, KEY)
    app.state.repository.register.apply(*TOWN)
    walk = Walk(app, bend)
    operator = Actor(account=UUID(int=2), kind="operator", organisation=OPERATOR, role="manager")
    client = Actor(account=UUID(int=3), kind="enterprise", organisation=ENTERPRISE)
    other = {"particulars": plans.CONTRACT["particulars"] | {"number": "HT-0"}}
    declined = await walk.says(operator, "/contracts", plans.CONTRACT | other)
    await walk.says(client, f"/contracts/{declined}/refusal", {"reason": "不是我们的合同"})
    await walk.says(operator, "/contracts", plans.CONTRACT | other)
    await _is_reminded_of(await walk.says(operator, "/contracts", plans.CONTRACT | UNANSWERED), app)
    contract = await walk.says(operator, "/contracts", plans.CONTRACT)
    await walk.says(
        operator, f"/contracts/{contract}/supplement", {"text": "补充", "files": plans.CONTRACT["files"]}
    )
    await walk.says(client, f"/contracts/{contract}/confirmation", {"points": [str(POINT)]})
    said = plans.PLAN | {"contract_id": contract}
    await walk.says(operator, "/plans/preview", said)
    plan = await walk.says(operator, "/plans", said)
    await walk.says(
        operator, f"/plans/{plan}/crew", {"assignees": plans.PLAN["assignees"], "devices": []} | WHY
    )
    await walk.says(operator, f"/plans/{plan}/stopping", {"last_day": "2026-12-08"} | WHY)
    opening = visits.OPENING | {"contract_id": contract}
    for what, body in visits.COMMANDS.items():
        await walk.says(operator, f"/visits/{VISIT}/{what}", {"opening": opening} | body)
    given_up = {"opening": opening} | visits.COMMANDS["abort"]
    await walk.says(operator, f"/visits/{UUID(int=77)}/abort", given_up)
    await walk.says(client, f"/contracts/{contract}/ending", {"last_day": "2026-12-01"} | WHY)
    return app.state.repository.store  # type: ignore[no-any-return]


UNANSWERED = {"particulars": plans.CONTRACT["particulars"] | {"number": "HT-1"}}


async def _is_reminded_of(contract: str, app: FastAPI) -> None:
    """What no body asks for: a timer does."""
    if contract:
        timer = Timer(f"contract-{contract}", "remind 1", NOON, UUID(contract), UUID(int=1), None)
        await reminders.when_due(app.state.repository.store)(timer, SOON)


async def confirmation(bend: Bend) -> MemoryStore:
    store = MemoryStore()
    again = requested.model_copy(update={"confirmation_id": UUID(int=7), "visit_id": UUID(int=8)})
    for fact in (requested, again):
        await _asked_for(store, fact)
    walk = Walk(signoff.main.SERVICE.twin(lambda: SOON, KEY, store), bend)
    signer = Actor(account=UUID(int=4), kind="enterprise", organisation=SIGNER)
    answerer = Actor(account=UUID(int=5), kind="operator", organisation=ANSWERER)
    base = f"/confirmations/{requested.confirmation_id}"
    await walk.says(signer, f"{base}/opening", {})
    await walk.says(answerer, f"{base}/originals", _seen(answerer))
    await walk.says(signer, f"{base}/dispute", {"reason": "未见更换", "photos": []})
    await walk.says(answerer, f"{base}/answer", {"text": "见照片", "photos": []})
    await walk.says(signer, f"{base}/escalation", {"reason": "照片不符"})
    await walk.says(signer, f"/confirmations/{again.confirmation_id}/signature", _signature(signer))
    return store


async def _asked_for(store: MemoryStore, fact: ConfirmationRequested) -> None:
    system = Actor(account=UUID(int=9), kind="system")
    meta = Meta(actor=system, command_id=uuid.uuid4(), correlation=uuid.uuid4())
    await store.append([Write(f"confirmation-{fact.confirmation_id}", 0, (fact,))], meta, str(fact))


def _seen(actor: Actor) -> Body:
    """That files has every original, and since when."""
    token = evidence.issue(actor.account, Evidence({SHOWN: 0}, STORED, {SHOWN: SOON}), KEY, SOON).token
    return {"content_sha256": SHOWN, "evidence": token}


def _signature(signer: Actor) -> Body:
    given = second_factor.issue(signer.account, [SHOWN], KEY, SOON).token
    hand = SIGNATURE.model_dump(mode="json", exclude_none=True)
    read = {"statement_version": rules.statement(local_day(SOON)).version}
    return _seen(signer) | read | {"signature": hand, "second_factor": given}


def facts_of(store: MemoryStore) -> list[Recorded[Fact]]:
    return [fact for stream in store._streams.values() for fact in stream.facts]


@pytest.fixture(scope="session")
async def followers(postgres_server: DatabaseServer) -> AsyncIterator[Followers]:
    made = await Followers.open(postgres_server)
    yield made
    await made.close()


@pytest.mark.parametrize("walk", [register, working_day, confirmation, filings, handed_in_reports])
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(bend=bends())
async def test_what_is_accepted_can_be_shown(
    followers: Followers, walk: Callable[[Bend], Awaitable[MemoryStore]], bend: Bend
) -> None:
    facts = facts_of(await walk(bend))
    shown = await followers.project(facts)
    assert shown
    for name, rows in shown.items():
        streams = {fact.stream for fact in facts if fact.fact.topic == followers.projections[name].topic}
        assert set(rows) <= streams


async def test_the_bodies_are_right_before_they_are_bent(followers: Followers) -> None:
    """Else everything would be refused, and nothing shown."""
    for walk, fewest in (
        (register, 39),
        (working_day, 24),
        (confirmation, 9),
        (filings, 38),
        (handed_in_reports, 30),
    ):
        facts = facts_of(await walk(lambda body: {}))
        assert len(facts) >= fewest, (walk, [fact.fact.type for fact in facts])
        assert await followers.project(facts)
