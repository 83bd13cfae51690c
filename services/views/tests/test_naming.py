"""What names an entry is told before it is voided, and what was done at a voided one stays and says so."""

import time
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import pytest
from conforming import Conforming
from qingyuan_events import Actor
from qingyuan_events.registry import MonitoringPointVoided, OutletVoided
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.tokens.actors import issue
from qingyuan_runtime.tokens.issuers import EveryIssuer
from read_models import Model, model_after
from sample_facts import ENTERPRISE, NEW, OLD, OTHER, OUTLET, POINT, SampleFacts
from views.main import build_app
from views.register import naming
from views.shared.people import MemoryPeople
from views.shared.scope import scope_of
from views.work import answers, today
from views.work.queries import WorkQueries
from views.work.query_models import CycleQuery, VisitQuery
from working_day import working_day
from working_day_facts import CONTRACT, DAY, OPERATOR, PLAN, TECHNICIAN, ConfirmationFacts, VisitFacts, sheet

pytestmark = pytest.mark.servers

KEY = EveryIssuer()
OWN = Actor(account=OLD, kind="enterprise", organisation=ENTERPRISE)
DISTRICT = Actor(account=OLD, kind="regulator", district="310118")
POINT_STREAM, OUTLET_STREAM, INSTRUMENT = f"monitoring_point-{POINT}", f"outlet-{OUTLET}", f"instrument-{NEW}"


def work_with_an_instrument() -> SampleFacts:
    """One more signed visit and one that is not, both about the instrument, and an aborted one that is."""
    sample = working_day()
    for number, name in enumerate(("signed", "open", "aborted")):
        day = date(2026, 11, 18 + number)
        about = sheet(name, day=day).model_copy(update={"instruments": (NEW,)})
        visit = VisitFacts(sample, name, day=day)
        if name == "aborted":
            visit.signs_in()
            visit.records(about)
            visit.aborts()
            continue
        confirmation = ConfirmationFacts(visit.whole(about))
        if name == "signed":
            confirmation.signs()
    return sample


@pytest.fixture(scope="module")
async def model(postgres_server: DatabaseServer) -> AsyncIterator[Model]:
    made = await model_after(postgres_server, work_with_an_instrument().recorded)
    yield made
    await made.close()


async def told(model: Model, actor: Actor, stream: str, day: date = DAY) -> dict[str, int] | None:
    async with WorkQueries(model.reader).scoped(scope_of(actor)) as connection:
        return await naming.naming(connection, scope_of(actor), stream, day)


async def test_the_work_at_a_point_or_an_outlet_is_counted_and_what_was_aborted_is_not(model: Model) -> None:
    visits = await WorkQueries(model.reader).visits(scope_of(OWN), VisitQuery(point_id=POINT, limit=100))
    done = [row for row in visits.rows if row["state"] != "aborted"]
    expected = {
        "visits": len(done),
        "signed": sum(row["confirmation_state"] == "signed" for row in done),
        "contracts": 1,
        "plans": 0,
    }
    assert (expected["visits"], 0 < expected["signed"] < len(done)) == (5, True)
    assert await told(model, OWN, POINT_STREAM) == await told(model, DISTRICT, OUTLET_STREAM) == expected
    assert await told(model, OWN, f"enterprise-{ENTERPRISE}") == expected


async def test_a_plan_counts_until_it_is_over_or_stopped_and_a_contract_until_its_last_day(
    model: Model,
) -> None:
    """The plan of these weeks was stopped on 22 November."""
    early = await told(model, OWN, POINT_STREAM, date(2026, 11, 20))
    late = await told(model, OWN, POINT_STREAM, date(2027, 1, 1))
    assert early
    assert late
    assert (early["plans"], early["contracts"], late["plans"], late["contracts"]) == (1, 1, 0, 0)


async def test_an_instrument_is_named_by_the_sheets_about_it_alone(model: Model) -> None:
    assert await told(model, OWN, INSTRUMENT) == {"visits": 2, "signed": 1, "contracts": 0, "plans": 0}
    assert await told(model, OWN, f"instrument-{OLD}") == {
        "visits": 0,
        "signed": 0,
        "contracts": 0,
        "plans": 0,
    }


async def test_others_are_told_nothing(model: Model) -> None:
    others = (
        Actor(account=OLD, kind="enterprise", organisation=OTHER),
        Actor(account=OLD, kind="regulator", district="310113"),
    )
    for actor in others:
        assert [await told(model, actor, stream) for stream in (POINT_STREAM, INSTRUMENT)] == [None, None]
    for stream in (f"contract-{CONTRACT}", f"outlet-{POINT}", f"outlet-{'-' * 36}"):
        assert await told(model, OWN, stream) is None


async def asked(model: Model, actor: Actor, stream: str) -> httpx.Response:
    async def ready() -> None:
        return None

    app = build_app(model.reader, people=MemoryPeople({}), trusted=KEY, ready=ready)
    token = {"Authorization": f"Bearer {issue(actor, KEY, now=time.time())}"}
    async with httpx.AsyncClient(transport=Conforming(app), base_url="http://views") as http:
        return await http.get(f"/naming/{stream}", headers=token)


async def test_it_is_asked_over_http(model: Model) -> None:
    answer = await asked(model, OWN, INSTRUMENT)
    assert (answer.status_code, answer.json()["signed"]) == (200, 1)
    operator = Actor(account=OLD, kind="operator", organisation=OPERATOR)
    assert (await asked(model, operator, INSTRUMENT)).status_code == 403
    assert (await asked(model, OWN, f"outlet-{'-' * 36}")).status_code == 404


async def voided_model(server: DatabaseServer) -> Model:
    sample, ids = work_with_an_instrument(), {"outlet_id": OUTLET, "enterprise_id": ENTERPRISE}
    sample.add(POINT_STREAM, MonitoringPointVoided(**ids, point_id=POINT, reason="重复登记"))
    sample.add(OUTLET_STREAM, OutletVoided(**ids, reason="重复登记"))
    return await model_after(server, sample.recorded)


async def test_work_at_a_voided_point_stays_and_its_pages_say_so(
    postgres_server: DatabaseServer, model: Model
) -> None:
    voided = await voided_model(postgres_server)
    assert [await marks(model), await marks(voided)] == [{False}, {True}]
    assert await told(voided, OWN, POINT_STREAM) == await told(model, OWN, POINT_STREAM)
    await voided.close()


async def marks(model: Model) -> set[Any]:
    """What the pages of visits, cycles, a contract and a plan say of the one point of them all."""
    work, scope = (
        WorkQueries(model.reader),
        scope_of(Actor(account=OLD, kind="operator", organisation=OPERATOR)),
    )
    visits = await work.visits(scope, VisitQuery(limit=100))
    cycles = await work.cycles(scope, CycleQuery(limit=100), DAY)
    contract, plan = await work.contract(scope, CONTRACT, DAY), await work.plan(scope, PLAN)
    assert contract
    assert plan
    assert visits.rows
    assert cycles.rows
    return {
        *(answers.visit_row(row, visits.names)["point_voided"] for row in visits.rows),
        *(answers.cycle_row(row, cycles.names, None)["point_voided"] for row in cycles.rows),
        *(point["voided"] for point in answers.contract(contract)["points"]),
        *(point["voided"] for point in answers.plan(plan)["points"]),
    }


async def test_no_cycle_at_a_voided_point_is_missed_and_what_was_done_there_stays_done(
    postgres_server: DatabaseServer, model: Model
) -> None:
    voided = await voided_model(postgres_server)
    for actor in (OWN, DISTRICT, Actor(account=OLD, kind="operator", organisation=OPERATOR)):
        before, after = await states(model, actor), await states(voided, actor)
        assert before["missed"] > 0
        assert after["missed"] == after["open"] == 0
        assert (after["done"], after.total()) == (before["done"], before.total())
    await voided.close()


async def states(model: Model, actor: Actor) -> Counter[str]:
    """How many cycles are in each state; the page of their plan agrees on which are stopped."""
    work, scope = WorkQueries(model.reader), scope_of(actor)
    page = await work.cycles(scope, CycleQuery(plan_id=PLAN, limit=100), DAY)
    counted = Counter(row["state"] for row in page.rows)
    plan = await work.plan(scope, PLAN)
    assert plan
    stopped = [c for c in answers.plan(plan)["cycles"] if c["stopped"] and c["visit_id"] is None]
    assert len(stopped) == counted["stopped"]
    return counted


async def test_the_phone_is_not_sent_to_a_voided_point(postgres_server: DatabaseServer, model: Model) -> None:
    voided = await voided_model(postgres_server)
    assert [await points_today(model), await points_today(voided)] == [[str(POINT)], []]
    await voided.close()


async def points_today(model: Model) -> list[str]:
    actor = Actor(account=TECHNICIAN, kind="operator", organisation=OPERATOR)
    async with WorkQueries(model.reader).scoped(scope_of(actor)) as connection:
        found = await today.answer(connection, actor, DAY)
    return [each["point"]["id"] for each in found["points"]]
