"""What filings say against visits, over HTTP and on real PostgreSQL: marks, their evidence, and who relied on a revoked paper."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

import httpx
import pytest
from conforming import Conforming
from filing_facts import CERTIFICATE, PERSON, FilingFacts, version
from qingyuan_events import Actor
from qingyuan_events import filing as facts
from qingyuan_local.testing import DatabaseServer
from read_models import make_model
from reliance_facts import WORKER, certificate, filed_worker, files, revoke, work_and_filing
from sample_facts import SampleFacts
from views.main import build_app
from views.shared.people import MemoryPeople
from working_day import working_day
from working_day_browser import (
    CITY,
    DISTRICT,
    KEY,
    NEIGHBOUR,
    NOW,
    OFFICE,
    OTHER_DISTRICT,
    OTHERS,
    OWN,
    SIGNER,
    Browser,
    nothing,
)
from working_day_facts import CONTRACT, OPERATOR, PLAN, RIVAL, SPACE, TECHNICIAN, VisitFacts, sheet

pytestmark = pytest.mark.servers
RELIED = f"/papers/{CERTIFICATE}/relied-on"
IMPOSSIBLE = f"/filings/{OPERATOR}/impossible"
RENEWED, COLLEAGUE = UUID(int=402), UUID(int=42)


def visit(name: str) -> str:
    return str(uuid5(SPACE, f"visit {name}"))


@asynccontextmanager
async def asked(server: DatabaseServer, sample: SampleFacts, now: datetime = NOW) -> AsyncIterator[Browser]:
    model = await make_model(server)
    await model.apply(sample.recorded)
    people = MemoryPeople({TECHNICIAN: "张三"})
    app = build_app(model.reader, people=people, trusted=KEY, ready=nothing, clock=lambda: now)
    transport = Conforming(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://views") as http:
        yield Browser(http)
    await model.close()


async def marks(browser: Browser, actor: Actor = OFFICE) -> dict[str, list[str]]:
    return {row["id"]: row["filing_marks"] for row in await browser.items("/visits", actor)}


async def only(browser: Browser, mark: str, actor: Actor = OFFICE) -> set[str]:
    return {row["id"] for row in await browser.items(f"/visits?mark={mark}&page=1", actor)}


@pytest.fixture(scope="module")
async def revoked(postgres_server: DatabaseServer) -> AsyncIterator[Browser]:
    sample, filing = work_and_filing()
    revoke(filing)
    async with asked(postgres_server, sample) as browser:
        yield browser


async def test_visits_from_the_day_of_the_revocation_on_are_marked_backwards_too(revoked: Browser) -> None:
    expected = {
        visit("first"): ["operator_not_filed"],
        visit("late"): [],
        visit("broken"): ["certificate_missing"],
        visit("second"): ["certificate_missing"],
    }
    assert await marks(revoked, OWN) == expected
    assert await marks(revoked, SIGNER) == expected
    assert await marks(revoked, DISTRICT) == expected
    assert await marks(revoked) == expected | {visit("rival"): ["operator_not_filed"]}


@pytest.mark.parametrize("actor", [OWN, SIGNER, DISTRICT, CITY, OFFICE], ids=lambda actor: actor.kind)
async def test_the_list_is_filtered_by_a_mark_of_filings(revoked: Browser, actor: Actor) -> None:
    assert await only(revoked, "certificate_missing", actor) == {visit("broken"), visit("second")}
    assert await only(revoked, "not_filed_person", actor) == set()
    unfiled = await only(revoked, "operator_not_filed", actor)
    assert unfiled == {visit("first"), *([visit("rival")] if actor in (CITY, OFFICE) else [])}
    assert await only(revoked, "operator_locked", actor) == set()


@pytest.mark.parametrize("actor", [OWN, SIGNER, DISTRICT, CITY, OFFICE], ids=lambda actor: actor.kind)
async def test_a_marked_visit_shows_the_paper_as_evidence(revoked: Browser, actor: Actor) -> None:
    shown = (await revoked.get(f"/visits/{visit('second')}", actor)).json()
    assert shown["operator_filing"] == {"state": "filed", "since": "2026-11-05"}
    assert shown["certificates"] == [
        {
            "account": str(TECHNICIAN),
            "mark": "certificate_missing",
            "paper": {
                "paper_id": str(CERTIFICATE),
                "kind": "competence_certificate",
                "number": "YW-1",
                "valid_from": "2024-01-01",
                "valid_to": "2026-12-10",
                "revoked_from": "2026-11-12",
            },
            "relied": True,
        }
    ]


async def test_before_the_first_filing_nothing_is_judged(revoked: Browser) -> None:
    shown = (await revoked.get(f"/visits/{visit('first')}", OWN)).json()
    assert shown["certificates"] == []
    assert shown["operator_filing"] == {"state": "none", "since": None}
    covered = (await revoked.get(f"/visits/{visit('late')}", OWN)).json()
    assert [(each["mark"], each["relied"]) for each in covered["certificates"]] == [(None, False)]


async def test_where_a_filing_stands_is_said_of_contracts_plans_and_on_the_board(revoked: Browser) -> None:
    filed = {"state": "filed", "since": "2026-11-05"}
    none = {"state": "none", "since": None}
    for path in (f"/contracts/{CONTRACT}", f"/plans/{PLAN}"):
        for actor in (OWN, SIGNER, DISTRICT):
            assert (await revoked.get(path, actor)).json()["operator_filing"] == filed
    for path in ("/contracts", "/plans"):
        rows = await revoked.items(path)
        assert {row["operator_id"]: row["operator_filing"] for row in rows} == {
            str(OPERATOR): filed,
            str(RIVAL): none,
        }
    rows = (await revoked.get("/board?by=operator&from=2026-11-01&to=2026-11-30")).json()["rows"]
    assert {row["key"]: row["operator_filing"] for row in rows} == {str(OPERATOR): filed, str(RIVAL): none}
    rows = (await revoked.get("/board?by=district&from=2026-11-01&to=2026-11-30")).json()["rows"]
    assert {row["operator_filing"] for row in rows} == {None}


async def test_what_relied_on_a_revoked_paper_is_listed_for_all_concerned(revoked: Browser) -> None:
    for actor in (OWN, SIGNER, DISTRICT, CITY, OFFICE):
        answer = (await revoked.get(f"{RELIED}?page=1", actor)).json()
        assert [row["id"] for row in answer["items"]] == [visit("second"), visit("broken")]
        assert answer["count"] == 2
        assert answer["paper"]["first_day_not_held"] == "2026-11-12"
        assert answer["items"][0]["confirmation"]["state"] == "requested"
        assert answer["items"][0]["technician"] == "张三"
        assert [each["form"] for each in answer["items"][0]["visit_sheets"]] == ["patrol_wastewater"]


async def test_nobody_else_learns_who_relied_on_a_paper(revoked: Browser) -> None:
    for actor in (OTHERS, NEIGHBOUR):
        assert (await revoked.get(RELIED, actor)).status_code == 404
    elsewhere = (await revoked.get(RELIED, OTHER_DISTRICT)).json()
    assert elsewhere["items"] == []
    assert (await revoked.get(f"/papers/{UUID(int=404)}/relied-on")).status_code == 404


async def test_an_enterprise_learns_nothing_of_a_paper_that_holds(postgres_server: DatabaseServer) -> None:
    sample, _ = work_and_filing()
    async with asked(postgres_server, sample) as browser:
        answer = (await browser.get(RELIED, OWN)).json()
        assert (answer["items"], answer["paper"]["first_day_not_held"]) == ([], None)
        assert (await browser.get(RELIED, SIGNER)).status_code == 404


async def test_a_paper_corrected_backwards_lists_what_relied_on_it(postgres_server: DatabaseServer) -> None:
    sample, filing = work_and_filing()
    corrected = WORKER.model_copy(update={"papers": (certificate(valid_to=date(2026, 11, 16)),)})
    correct(filing, corrected)
    async with asked(postgres_server, sample) as browser:
        assert (await browser.get(RELIED, OWN)).json()["items"] == []  # a draft
    files(filing, 2, None, version(PERSON, "person", 2), on=date(2026, 11, 18))
    async with asked(postgres_server, sample) as browser:
        answer = (await browser.get(RELIED, OWN)).json()
        assert [row["id"] for row in answer["items"]] == [visit("second"), visit("broken")]
        assert answer["paper"]["first_day_not_held"] == "2026-11-17"


def correct(filing: FilingFacts, worker: facts.PersonParticulars) -> None:
    filing.say(
        facts.ResourceCorrected,
        resource_id=PERSON,
        particulars=worker,
        changed_on=date(2026, 11, 18),
        reason="录入有误",
    )


async def test_a_certificate_that_a_correction_took_out_holds_on_no_day_and_lists_what_relied_on_it(
    postgres_server: DatabaseServer,
) -> None:
    sample, filing = work_and_filing()
    correct(filing, WORKER.model_copy(update={"papers": ()}))
    files(filing, 2, None, version(PERSON, "person", 2), on=date(2026, 11, 18))
    async with asked(postgres_server, sample) as browser:
        assert (await marks(browser, OWN))[visit("broken")] == ["certificate_missing"]
        answer = (await browser.get(RELIED, OWN)).json()
        assert {row["id"] for row in answer["items"]} >= {visit("broken"), visit("second")}
        assert answer["paper"]["first_day_not_held"] == "2024-01-01"


async def test_a_certificate_that_was_replaced_holds_for_its_days(postgres_server: DatabaseServer) -> None:
    sample = working_day()
    filing = FilingFacts(sample, OPERATOR)
    filed_worker(filing, WORKER.model_copy(update={"papers": (certificate(valid_to=date(2026, 11, 16)),)}))
    fresh = certificate(RENEWED, valid_from=date(2026, 11, 20), valid_to=date(2029, 11, 19))
    filing.say(
        facts.ResourcePaperRenewed,
        resource_id=PERSON,
        paper=fresh,
        replaces=CERTIFICATE,
        changed_on=date(2026, 11, 20),
    )
    files(filing, 2, None, version(PERSON, "person", 2), on=date(2026, 11, 20))
    async with asked(postgres_server, sample) as browser:
        found = await marks(browser, OWN)
        assert (found[visit("late")], found[visit("second")]) == ([], [])
        assert found[visit("broken")] == ["certificate_missing"]
        shown = (await browser.get(f"/visits/{visit('broken')}", OWN)).json()["certificates"][0]
        assert (shown["paper"]["valid_to"], shown["relied"]) == ("2029-11-19", False)


async def test_a_companion_who_is_not_filed_is_marked(postgres_server: DatabaseServer) -> None:
    sample, _ = work_and_filing()
    with_companion(sample)
    async with asked(postgres_server, sample) as browser:
        assert await only(browser, "not_filed_person") == {visit("together")}
        shown = (await browser.get(f"/visits/{visit('together')}", SIGNER)).json()
        assert [(each["account"], each["mark"], each["paper"] is None) for each in shown["certificates"]] == [
            (str(TECHNICIAN), None, False),
            (str(COLLEAGUE), "not_filed_person", True),
        ]


def with_companion(sample: SampleFacts) -> None:
    together = VisitFacts(sample, "together", day=date(2026, 11, 19))
    add: Callable[..., None] = together.add

    def with_colleague(kind: Any, **more: Any) -> None:
        if "sign_in" in more:
            more["sign_in"] = more["sign_in"].model_copy(update={"companions": (COLLEAGUE,)})
        add(kind, **more)

    together.add = with_colleague  # type: ignore[method-assign]
    together.whole(sheet("t patrol", day=together.day))


@pytest.mark.parametrize("filed_too", [True, False])
async def test_who_has_left_is_no_filed_person_any_more_filed_or_not(
    postgres_server: DatabaseServer, filed_too: bool
) -> None:
    sample, filing = work_and_filing()
    filing.say(facts.ResourceEnded, resource_id=PERSON, last_day=date(2026, 11, 17), reason="离职")
    if filed_too:
        files(filing, 2, None, version(PERSON, "person", 2), on=date(2026, 11, 18))
    async with asked(postgres_server, sample) as browser:
        found = await marks(browser, OWN)
        assert (found[visit("broken")], found[visit("second")]) == ([], ["not_filed_person"])


async def test_work_of_a_locked_operator_says_so_until_it_is_active_again(
    postgres_server: DatabaseServer,
) -> None:
    sample, _ = work_and_filing()
    locked = facts.FilingLocked(operator_id=OPERATOR, reason="一年没有业务")
    sample.add(f"filing-{OPERATOR}", locked, datetime(2026, 11, 16, 4, tzinfo=UTC))
    async with asked(postgres_server, sample) as browser:
        contract = (await browser.get(f"/contracts/{CONTRACT}", SIGNER)).json()
        assert contract["operator_filing"] == {"state": "locked", "since": "2026-11-16"}
    again = facts.FilingReactivated(operator_id=OPERATOR, reason="恢复业务")
    sample.add(f"filing-{OPERATOR}", again, datetime(2026, 11, 20, 4, tzinfo=UTC))
    async with asked(postgres_server, sample) as browser:
        assert await only(browser, "operator_locked") == {visit("broken")}
        contract = (await browser.get(f"/contracts/{CONTRACT}", SIGNER)).json()
        assert contract["operator_filing"] == {"state": "filed", "since": "2026-11-20"}


async def test_planned_windows_without_a_certificate_are_impossible(revoked: Browser) -> None:
    for actor in (OWN, DISTRICT, CITY, OFFICE):
        answer = (await revoked.get(f"{IMPOSSIBLE}?within=30", actor)).json()
        assert answer["figures"] == {"windows": 2, "impossible": 2, "at_risk": 0}
        assert [(row["content"], row["closes"], row["verdict"]) for row in answer["items"]] == [
            ("patrol", "2026-11-22", "impossible"),
            ("calibration", "2026-11-22", "impossible"),
        ]
        (why,) = answer["items"][0]["why"]
        assert (why["account"], "name" in why, why["filed"]) == (str(TECHNICIAN), False, True)
        assert why["paper"]["revoked_from"] == "2026-11-12"
    assert (await revoked.get(f"{IMPOSSIBLE}?within=1")).json()["figures"]["windows"] == 0
    second = (await revoked.get(f"{IMPOSSIBLE}?limit=1&page=2")).json()
    assert ([row["content"] for row in second["items"]], second["count"]) == (["calibration"], 2)


async def test_impossible_windows_are_nobody_elses_business(revoked: Browser) -> None:
    for actor in (OTHERS, SIGNER):
        assert (await revoked.get(IMPOSSIBLE, actor)).status_code == 404
    elsewhere = (await revoked.get(IMPOSSIBLE, OTHER_DISTRICT)).json()
    assert (elsewhere["items"], elsewhere["figures"]["windows"]) == ([], 0)


async def test_of_an_operator_that_is_not_filed_nothing_is_judged(revoked: Browser) -> None:
    answer = (await revoked.get(f"/filings/{RIVAL}/impossible")).json()
    assert answer["operator_filing"]["state"] == "none"
    assert answer["figures"]["windows"] > 0
    assert (answer["items"], answer["count"]) == ([], 0)
