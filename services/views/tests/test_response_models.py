"""Every answer is what its response model says: no field more or less, no other type, no other format.

The other tests validate the answers that they happen to get (`conforming`); here every route is asked, about a day on which
everything happened that an answer can tell.
"""

import json
import re
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

import httpx
import pytest
from conforming import documented_routes, require_conforming
from fastapi import FastAPI
from fastapi.routing import APIRoute
from filing_facts import CERTIFICATE, DEVICE, LICENCE, PART, PERSON, VEHICLE, two_filings
from qingyuan_events import Actor, signoff, tasks
from qingyuan_events.parts import Location
from qingyuan_events.registry import (
    EnterpriseChangeConfirmed,
    EnterpriseChangeRequested,
    EnterpriseIdentity,
    FlueGasAnalyser,
    InstrumentRegistered,
    MonitoringPointAdded,
    OutletAdded,
    OutletParticulars,
    PointParticulars,
    Sampler,
)
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.tokens.actors import issue
from qingyuan_runtime.tokens.issuers import EveryIssuer
from read_models import Model, make_model
from report_facts import BAD, ReportFacts, document, grant
from sample_facts import ENTERPRISE, NEW, OLD, OTHER, OUTLET, POINT, SINCE, SampleFacts
from views.main import build_app
from views.shared.people import MemoryPeople
from working_day import submit, terms, working_day
from working_day_facts import (
    CONTRACT,
    DAY,
    OPERATOR,
    OWN,
    PLAN,
    RIVAL,
    SPACE,
    TECHNICIAN,
    ConfirmationFacts,
    VisitFacts,
    at,
    ref,
    sheet,
)

pytestmark = pytest.mark.servers

KEY = EveryIssuer()
NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
OFFICE = Actor(account=UUID(int=74), kind="administrator")
WORKER = Actor(account=TECHNICIAN, kind="operator", organisation=OPERATOR)
STACK, CHIMNEY_POINT = UUID(int=91), UUID(int=92)
ASKED, OLD_FORM, REFUSED, AGAIN = (UUID(int=number) for number in (93, 94, 89, 90))
SHANGHAI = Location(longitude=Decimal("121.1"), latitude=Decimal("31.15"), datum="CGCS2000")
VISITS = [
    uuid5(SPACE, f"visit {name}") for name in ("first", "second", "late", "broken", "obstructed", "far")
]


def a_flue(sample: SampleFacts) -> None:
    """An outlet, a point and instruments of flue gas, with everything that may be left out."""
    outlet = OutletParticulars(code="DA001", name="总排口", medium="flue_gas", location=SHANGHAI)
    added = OutletAdded(outlet_id=STACK, enterprise_id=ENTERPRISE, particulars=outlet, valid_from=SINCE)
    sample.add(f"outlet-{STACK}", added)
    ids: dict[str, Any] = {"point_id": CHIMNEY_POINT, "enterprise_id": ENTERPRISE}
    point = PointParticulars(code="DA001", name="烟囱", medium="flue_gas", factors=("a21026",), location=SHANGHAI, mn="A" * 24)  # fmt: skip
    found = MonitoringPointAdded(**ids, outlet_id=STACK, particulars=point, valid_from=SINCE)
    sample.add(f"monitoring_point-{CHIMNEY_POINT}", found)
    analyser = FlueGasAnalyser(
        factor="a21026", brand="源测", model="S1", serial_number="1", method="非分散红外法", construction="built", unit="mg/m³",
        om_operator="甲公司", permit_point_name="无", permit_point_code="无", integrator="集成", installer="安装",
        reference_oxygen=Decimal("6.0"),
    )  # fmt: skip
    sampler = Sampler(name="采样器", model="P2", construction="built", manufacturer="甲", outlet_kind="总排口", refrigeration=True)  # fmt: skip
    for number, particulars in enumerate((analyser, sampler), 95):
        stands = InstrumentRegistered(
            instrument_id=UUID(int=number), **ids, particulars=particulars, valid_from=SINCE
        )
        sample.add(f"instrument-{UUID(int=number)}", stands)


def changes(sample: SampleFacts) -> None:
    wanted = EnterpriseIdentity(name="新泉化工", uscc="U清泉化工", district="310118")
    for number, reason in ((97, "更名"), (98, "再更名")):
        asked = EnterpriseChangeRequested(
            enterprise_id=ENTERPRISE,
            request_id=UUID(int=number),
            wanted=wanted,
            valid_from=DAY,
            reason=reason,
        )
        sample.add(f"enterprise-{ENTERPRISE}", asked)
    confirmed = EnterpriseChangeConfirmed(enterprise_id=ENTERPRISE, request_id=UUID(int=98), reason="已核对")
    sample.add(f"enterprise-{ENTERPRISE}", confirmed)


def contracts(sample: SampleFacts) -> None:
    """One that waits and was reminded; one of the first form; one that was supplemented; one that took the number of another."""
    submit(sample, ASKED, OWN, "上海绿测环境运维有限公司")
    reminded = tasks.ContractReminded(contract_id=ASKED, **OWN, number=1, reminded_at=NOW)
    sample.add(f"contract-{ASKED}", reminded)
    said = tasks.ContractParticulars(
        number="HT-0", name="旧合同", operator_name="甲", points=(POINT,), first_day=SINCE, last_day=DAY,
        amount=Decimal("1200.50"), subcontracted=True, summary="摘要",
    )  # fmt: skip
    old = tasks.ContractSubmitted(contract_id=OLD_FORM, **OWN, particulars=said, files=(ref("合同.pdf"),))
    sample.add(f"contract-{OLD_FORM}", old)
    more = tasks.ContractSupplemented(contract_id=CONTRACT, **OWN, text="补充", files=(ref("补充.pdf"),))
    sample.add(f"contract-{CONTRACT}", more)
    gap = tasks.PaperGap(
        resource_id=PERSON, kind="competence_certificate", number="YW-1", why="ended", from_day=DAY, windows=2
    )
    technician = tasks.AssigneeV2(account=TECHNICIAN, certificate_to=date(2027, 1, 1), resource_id=PERSON)
    crew = tasks.PlanCrewChangedV2(
        plan_id=PLAN, **OWN, assignees=(technician,), reason="换人", gaps=(gap,), gaps_reason="已报名换证",
        devices=(tasks.DeviceV2(name="便携仪", serial_number="7", calibrated_to=None),),
    )  # fmt: skip
    sample.add(f"plan-{PLAN}", crew)
    declined = tasks.ContractDeclined(contract_id=REFUSED, **OWN, reason="不认识")
    again = tasks.ContractSubmittedV3(contract_id=AGAIN, **OWN, terms=terms(REFUSED, "甲"), replaces=REFUSED)
    submit(sample, REFUSED, OWN, "甲")
    sample.add(f"contract-{REFUSED}", declined)
    sample.add(f"contract-{AGAIN}", again)
    ended = tasks.ContractEnded(contract_id=OLD_FORM, **OWN, last_day=DAY, reason="更换")
    confirmed = tasks.ContractConfirmed(contract_id=OLD_FORM, **OWN, points=(POINT, CHIMNEY_POINT))
    sample.add(f"contract-{OLD_FORM}", confirmed)
    sample.add(f"contract-{OLD_FORM}", ended)


def visits(sample: SampleFacts) -> None:
    """One that the enterprise obstructed, and one too far from it to have been reached, with a dispute that was answered."""
    obstructed = VisitFacts(sample, "obstructed", day=date(2026, 11, 18))
    obstructed.signs_in(marks=("no_fix",))
    times = {"claimed_at": at(obstructed.day, 10), "received_at": at(obstructed.day, 10)}
    refused = tasks.Obstruction(what="不让进", by=TECHNICIAN, **times)
    obstructed.add(tasks.VisitObstructed, obstruction=refused)
    far = VisitFacts(sample, "far", day=DAY + timedelta(days=1))
    rich = sheet("far patrol", day=far.day, reading="2.5").model_copy(
        update={
            "findings": (tasks.Finding(field="reading", rule="r", level="warning", sentence="偏高"),),
            "used": (tasks.Used(name="试剂", quantity=Decimal("0.50"), unit="L", expires=DAY),),
            "computed": {"mean": "2.50"},
            "instruments": (OLD,),
        }
    )
    far.whole(rich)
    asked = ConfirmationFacts(far)
    by: dict[str, Any] = {"by": UUID(int=61)}
    asked.add(signoff.ConfirmationOpened, **by, opened_at=NOW)
    disputed = {"reason": "不符", "photos": (ref("异议.jpg"),), "disputed_at": NOW}
    asked.add(signoff.ConfirmationDisputed, **by, **disputed)
    asked.add(signoff.DisputeAnswered, text="已核实", photos=(), by=TECHNICIAN, answered_at=NOW)
    asked.add(signoff.ConfirmationEscalated, **by, reason="不接受", escalated_at=NOW)


def reports(sample: SampleFacts) -> None:
    """One that came back and was accepted, one in its place, and a draft with nothing but mistakes."""
    grant(sample, "told of", "W-M3", point_id=POINT, factor="w01018")
    back = ReportFacts(sample, "back", document(BAD)).hands_in()
    back.is_returned()
    back.changes(document(conclusion="pass"))
    back.submits("已修改")
    back.is_checked()
    back.is_reevaluated()
    back.is_accepted()
    ReportFacts(sample, "newer", document(number="LC-2"), replaces=back.id).hands_in().is_accepted(back.id)
    wrong = {
        "points": [{"id": str(POINT), "factors": ["x", {"factor": 1}]}],
        "number": 7,
        "performed": {"from": "?"},
    }
    ReportFacts(sample, "wrong", wrong)


@pytest.fixture(scope="module")
async def model(postgres_server: DatabaseServer) -> AsyncIterator[Model]:
    sample = working_day()
    for part in (a_flue, changes, contracts, visits, reports):
        part(sample)
    sample.recorded += two_filings().recorded
    made = await make_model(postgres_server)
    await made.apply(sample.recorded)
    yield made
    await made.close()


@pytest.fixture(scope="module")
async def app(model: Model) -> FastAPI:
    async def nothing() -> None:
        return None

    return build_app(model.reader, trusted=KEY, ready=nothing, people=MemoryPeople({}), clock=lambda: NOW)


@pytest.fixture(scope="module")
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://views") as client:
        yield client


SIGNED = next(
    recorded.fact.content_sha256
    for recorded in working_day().recorded
    if isinstance(recorded.fact, signoff.ConfirmationSignedV2)
)
CONFIRMATIONS = [uuid5(visit, "confirmation") for visit in VISITS if visit not in VISITS[3:5]]
PLACES: dict[str, list[Any]] = {
    "visit_id": VISITS,
    "confirmation_id": CONFIRMATIONS,
    "contract_id": [CONTRACT, ASKED, OLD_FORM, REFUSED, AGAIN],
    "plan_id": [PLAN],
    "enterprise_id": [ENTERPRISE, OTHER],
    "point_id": [POINT, CHIMNEY_POINT],
    "instrument_id": [OLD, NEW, UUID(int=95)],
    "operator_id": [OPERATOR, RIVAL],
    "resource_id": [PERSON, DEVICE, VEHICLE, PART],
    "paper_id": [CERTIFICATE, LICENCE],
    "report_id": [uuid5(SPACE, f"report {name}") for name in ("back", "newer")],
    "stream": [f"enterprise-{ENTERPRISE}", f"outlet-{OUTLET}", f"instrument-{OLD}", f"instrument-{NEW}"],
}
ONLY_FOR: dict[str, list[Any]] = {"/filings/{operator_id}/review": [RIVAL]}
"""Routes that not every thing of its kind has an answer for."""
QUERIES = {
    "/enterprises": ["", "?limit=1", "?page=1"],
    "/choices": [f"?of={kind}" for kind in ("enterprise", "point", "operator", "technician")],
    "/enterprise-changes": ["?state=all"],
    "/instruments": ["?status=all", "?limit=1"],
    "/points/{point_id}/instruments": ["?status=all", "?limit=1"],
    "/visits": ["", "?limit=1", "?page=2&limit=1"],
    "/cycles": ["?limit=200", "?limit=1", "?page=2&limit=1"],
    "/plans": ["", "?limit=1"],
    "/contracts": ["", "?limit=1"],
    "/confirmations": ["", "?limit=1", "?page=2&limit=1"],
    "/board": [
        f"?by={by}&from=2026-11-01&to=2026-11-30" for by in ("district", "operator", "enterprise&limit=1")
    ],
    "/filings": ["", "?limit=1", "?page=1"],
    "/filings/{operator_id}": ["", "?as_of=2026-11-19", "?as_known=2026-11-19"],
    "/filings/{operator_id}/resources": ["", "?as_of=2026-11-19&limit=1", "?as_known=2026-11-19&page=1"],
    "/reports": ["", "?limit=1", "?page=1&order=queue"],
    "/exemptions": ["", "?page=1"],
    "/papers": ["?ends_within=3650", "?ends_within=3650&limit=1&page=2"],
    "/checks/{confirmation_id}": [f"?sha256={'0' * 64}", f"?sha256={SIGNED}"],
}


def json_routes() -> list[APIRoute]:
    async def nothing() -> None:
        return None

    app = build_app(None, trusted=KEY, ready=nothing, people=MemoryPeople({}))  # type: ignore[arg-type]
    return [route for route in documented_routes(app) if not route.path.endswith((".xlsx", ".pdf"))]


def addresses(path: str) -> Iterator[str]:
    name = next(iter(re.findall(r"{(\w+)}", path)), None)
    for place in ONLY_FOR.get(path) or (PLACES[name] if name else [None]):
        for query in QUERIES.get(path, [""]):
            yield path.replace(f"{{{name}}}", str(place)).replace("{year}", "2026") + query


async def ask(http: httpx.AsyncClient, path: str) -> bytes:
    actor = WORKER if path.startswith("/tasks") else OFFICE
    token = {"Authorization": f"Bearer {issue(actor, KEY, now=time.time())}"}
    answer = await http.get(path, headers=token)
    assert answer.status_code == 200, answer.text
    return answer.content


@pytest.mark.parametrize("route", json_routes(), ids=lambda route: route.path)
async def test_an_answer_is_what_its_model_says(http: httpx.AsyncClient, route: APIRoute) -> None:
    for path in addresses(route.path):
        require_conforming(route.response_model, await ask(http, path))


async def test_a_plan_shows_the_gaps_of_its_crew_and_why_it_was_planned_so(http: httpx.AsyncClient) -> None:
    plan = json.loads(await ask(http, f"/plans/{PLAN}"))
    first, second = plan["crews"]
    assert (first.get("gaps"), first.get("gaps_reason")) == (None, None)
    assert [(gap["number"], gap["windows"]) for gap in second["gaps"]] == [("YW-1", 2)]
    assert second["gaps_reason"] == "已报名换证"
    assert plan["assignees"][0]["resource_id"] == str(PERSON)
