"""Filings over HTTP, on real PostgreSQL: what is filed, what is a draft, what waits, which papers end, and who sees it."""

import random
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any
from unittest.mock import ANY

import httpx
import openpyxl
import pytest
from conforming import Conforming
from fastapi import FastAPI
from filing_facts import (
    DEVICE,
    FIRST,
    LATER,
    PART,
    PERSON,
    REVIEWER,
    TODAY,
    VEHICLE,
    FilingFacts,
    filed,
    two_filings,
)
from qingyuan_events import Fact, Recorded
from qingyuan_events import filing as facts
from qingyuan_local.testing import DatabaseServer
from read_models import Model, make_model
from sample_facts import POINT, SampleFacts
from test_filing_marks import asked
from views.filings.projection import MODEL, Filings
from views.main import build_app
from views.shared.filed_names import MemoryFiledNames
from views.shared.people import MemoryPeople
from working_day import working_day
from working_day_browser import CITY, DISTRICT, KEY, NOW, OFFICE, OTHERS, OWN, SIGNER, Browser, nothing
from working_day_facts import OPERATOR, RIVAL

pytestmark = pytest.mark.servers
FILING = f"/filings/{OPERATOR}"


@pytest.fixture(scope="module")
async def model(postgres_server: DatabaseServer) -> AsyncIterator[Model]:
    made = await make_model(postgres_server)
    facts = [*working_day().recorded, *two_filings().recorded]
    await made.apply(facts)
    for fact in facts:
        await made.seen(fact)
    yield made
    await made.close()


@pytest.fixture(scope="module")
async def app(model: Model) -> FastAPI:
    return build_app(
        model.reader,
        people=MemoryPeople({}),
        filed_names=MemoryFiledNames({PERSON: "王工"}),
        trusted=KEY,
        ready=nothing,
        clock=lambda: NOW,
    )


@pytest.fixture(scope="module")
async def browser(app: FastAPI) -> AsyncIterator[Browser]:
    transport = Conforming(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://views") as http:
        yield Browser(http)


async def test_the_queue_has_what_waits_and_the_list_has_all(browser: Browser) -> None:
    waiting = await browser.items("/filings?state=waiting", CITY)
    assert [(row["operator_id"], row["state"], row["number"]) for row in waiting] == [
        (str(RIVAL), "first_review", 1)
    ]
    everything = await browser.items("/filings", DISTRICT)
    assert {row["operator_id"] for row in everything} == {str(OPERATOR), str(RIVAL)}
    assert await browser.items("/filings?state=returned&search=清测", OFFICE) != []
    assert await browser.items("/filings?search=无此机构", OFFICE) == []


async def test_an_operator_sees_its_own_filing(browser: Browser) -> None:
    assert [row["operator_id"] for row in await browser.items("/filings", OWN)] == [str(OPERATOR)]
    filing = (await browser.get(FILING, OWN)).json()
    assert filing["state"] == "returned"
    assert filing["returned"] == 1
    assert filing["filed_on"] == "2026-11-20"
    assert filing["counts"] == {"person": 1, "device": 1, "vehicle": 1, "spare_part": 1}
    assert filing["unfiled"] == 1  # the part has passed, and is not handed in again
    assert filing["contracts"]["projects"] > 0
    assert [step["what"] for step in filing["steps"]][-2:] == ["review_opened", "second_review_returned"]


async def test_each_resource_says_where_it_stands(browser: Browser) -> None:
    rows = {row["id"]: row for row in await browser.items(f"{FILING}/resources", OWN)}
    assert {key: row["state"] for key, row in rows.items()} == {
        str(PERSON): "filed",
        str(DEVICE): "returned",
        str(VEHICLE): "filed",
        str(PART): "passed",
    }
    returned = rows[str(DEVICE)]
    assert [remark["field"] for remark in returned["remarks"]] == ["papers.0.scan"]
    assert returned["particulars"]["papers"][0]["valid_to"] == "2027-10-31"
    assert returned["filed"]["papers"][0]["valid_to"] == "2026-10-31"
    assert list(rows[str(PERSON)]["revoked"].values()) == [{"first_day": "2026-06-01", "reason": "撤销"}]


async def exported(browser: Browser, query: str, actor: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What was asked for, and each row by the titles of its columns."""
    answer = await browser.get(f"{FILING}/resources.xlsx?{query}", actor)
    assert answer.status_code == 200, answer.text
    about, listed = openpyxl.load_workbook(BytesIO(answer.content)).worksheets
    titles, *rows = listed.iter_rows(values_only=True)
    return dict(about.iter_rows(values_only=True)), [dict(zip(titles, row, strict=True)) for row in rows]


async def test_people_are_exported_with_their_names_and_papers(browser: Browser) -> None:
    about, rows = await exported(browser, "kind=person", OWN)
    assert (about["名单"], about["条件"]) == ("人员", "无")
    assert [(row["姓名"], row["状态"]) for row in rows] == [("王工", "已备案")]
    assert rows[0]["撤销自"] == datetime(2026, 6, 1)
    assert isinstance(rows[0]["有效期止"], datetime)


@pytest.mark.parametrize(
    ("query", "number"),
    [("kind=person&search=王工", 1), ("kind=person&search=yw-1", 1), ("kind=person&search=李工", 0),
     ("kind=device&search=ga-21", 1), ("kind=device&state=filed", 0), ("kind=spare_part", 1),
     ("kind=vehicle&ends_within=0", 0)],
)  # fmt: skip
async def test_an_export_has_the_rows_of_the_list(browser: Browser, query: str, number: int) -> None:
    about, rows = await exported(browser, query, OWN)
    assert len(rows) == number
    asked_for = {"search": "查找", "state": "状态", "ends_within": "有效期"}
    assert all(title in about for name, title in asked_for.items() if name in query)


async def test_the_export_of_another_operator_is_empty(browser: Browser) -> None:
    assert await exported(browser, "kind=device", OTHERS) == (ANY, [])


async def test_an_export_needs_a_kind_and_of_people_their_names(model: Model, browser: Browser) -> None:
    assert (await browser.get(f"{FILING}/resources.xlsx", OWN)).status_code == 422
    away = build_app(
        model.reader, people=MemoryPeople({}), filed_names=MemoryFiledNames(None), trusted=KEY, ready=nothing
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(away), base_url="http://views") as http:
        answer = await Browser(http).get(f"{FILING}/resources.xlsx?kind=person", OWN)
    assert (answer.status_code, answer.json()["code"]) == (409, "names.away")


async def test_where_a_filing_begins_anew_nothing_has_passed(postgres_server: DatabaseServer) -> None:
    sample = two_filings()
    own = FilingFacts(sample, OPERATOR)
    own.say(facts.FilingCancelled, revoked=False, reason="不再从事运维")
    own.begins()
    async with asked(postgres_server, sample) as browser:
        rows = {row["id"]: row["state"] for row in await browser.items(f"{FILING}/resources", OWN)}
    assert rows[str(PART)] == "draft"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=device", [DEVICE]),
        ("state=returned", [DEVICE]),
        ("search=ga-21", [DEVICE]),
        ("search=yw-1", [PERSON]),
        ("ends_within=30", [PERSON]),
        ("ends_within=0", [PERSON]),  # its certificate is revoked
        ("kind=vehicle&state=draft", []),
    ],
)
async def test_resources_are_filtered(browser: Browser, query: str, found: Sequence[Any]) -> None:
    rows = await browser.items(f"{FILING}/resources?{query}", OWN)
    assert [row["id"] for row in rows] == [str(key) for key in found]


async def test_pages_are_counted(browser: Browser) -> None:
    answer = (await browser.get(f"{FILING}/resources?limit=3&page=2", OWN)).json()
    assert (len(answer["items"]), answer["count"]) == (1, 4)


async def test_a_review_shows_what_was_handed_in_beside_what_is_filed(browser: Browser) -> None:
    review = (await browser.get(f"/filings/{RIVAL}/review", CITY)).json()
    assert (review["stage"], review["number"], review["basics"]["before"]) == ("first_review", 1, None)
    assert [(row["id"], row["before"]) for row in review["resources"]] == [(str(LATER), None)]
    assert (await browser.get(f"{FILING}/review", CITY)).status_code == 404


async def test_papers_that_end_come_in_their_order(browser: Browser) -> None:
    rows = await browser.items("/papers?ends_within=60", CITY)
    assert [(row["title"], row["days_left"], row["revoked_from"]) for row in rows] == [
        ("现场运维", 20, "2026-06-01")
    ]
    assert [row["title"] for row in await browser.items("/papers?ends_within=10", OWN)] == [
        "现场运维"
    ]  # revoked
    assert await browser.items("/papers?ends_within=60", OTHERS) == []


async def test_a_resource_has_its_history(browser: Browser) -> None:
    resource = (await browser.get(f"/resources/{DEVICE}", OWN)).json()
    assert [step["what"] for step in resource["steps"]] == ["added", "paper_renewed"]


async def test_daily_information_says_what_is_missing_where(browser: Browser) -> None:
    daily = (await browser.get(f"{FILING}/daily", OWN)).json()
    assert [document["title"] for document in daily["documents"]] == ["操作规程"]
    missing = {point["point_id"]: point["missing"] for point in daily["points"]}
    assert missing[str(POINT)] == ["maintenance_requirements", "management_rules"]
    assert all(len(kinds) == 3 for point, kinds in missing.items() if point != str(POINT))
    office = (await browser.get(f"{FILING}/daily", OFFICE)).json()
    assert (
        {point["point_name"] for point in daily["points"]}
        == {point["point_name"] for point in office["points"]}
        != {""}
    )
    theirs = (await browser.get(f"{FILING}/daily", OTHERS)).json()
    assert theirs == {"documents": [], "points": []}


async def test_annual_information_of_a_year(browser: Browser) -> None:
    year = (await browser.get(f"{FILING}/annual/2026", CITY)).json()
    assert (year["plan"]["title"], year["closed"], year["years"]) == ("2026 年培训计划", True, [2026])
    assert [row["entry"]["content"] for row in year["entries"]] == ["HJ 355"]
    empty = (await browser.get(f"{FILING}/annual/2020", OTHERS)).json()
    assert (empty["plan"], empty["entries"], empty["years"]) == (None, [], [])


async def test_strangers_see_nothing(browser: Browser) -> None:
    for path in (FILING, f"{FILING}/review", f"/resources/{DEVICE}"):
        for actor in (OTHERS, SIGNER):
            assert (await browser.get(path, actor)).status_code == 404, (path, actor)
    assert await browser.items(f"{FILING}/resources", OTHERS) == []
    assert await browser.items("/filings", SIGNER) == []


async def test_the_public_register_has_filed_operators_and_no_person(browser: Browser, app: FastAPI) -> None:
    answer = await browser.http.get("/public/operators?page=1")
    assert answer.json()["items"] == [
        {
            "name": "上海清测运维有限公司",
            "uscc": "91130200699229617X",
            "scope": ["wastewater", "voc"],
            "scope_other": None,
            "undertaking": "承诺",
            "registered_in": "310000",
            "filed_on": "2026-11-20",
            "state": "filed",
        }
    ]
    assert (await browser.http.get("/public/operators?scope=flue_gas")).json()["items"] == []
    assert len((await browser.http.get("/public/operators?scope=voc&search=清测")).json()["items"]) == 1


async def test_what_was_written_is_waited_for(browser: Browser) -> None:
    answer = await browser.get(FILING, OWN, if_version_at_least=f"filing-{OPERATOR}@3")
    assert answer.status_code == 200
    answer = await browser.get(FILING, OTHERS, if_version_at_least=f"resource-{DEVICE}@1")
    assert answer.status_code == 503


async def test_what_was_cancelled_is_filed_anew(postgres_server: DatabaseServer) -> None:
    """The basics were not changed, so the new submission names the version that was filed before."""
    sample = SampleFacts()
    own = FilingFacts(sample, OPERATOR)
    filed(own)
    own.say(facts.FilingCancelled, revoked=True, reason="弄虚作假")
    own.say(facts.FilingBegun, name="上海清测运维有限公司")
    model = await make_model(postgres_server)
    await model.apply(sample.recorded)
    app = build_app(model.reader, people=MemoryPeople({}), trusted=KEY, ready=nothing, clock=lambda: NOW)
    async with httpx.AsyncClient(transport=Conforming(app), base_url="http://views") as http:
        browser = Browser(http)
        rows = await browser.items(f"{FILING}/resources", OWN)
        assert {(row["state"], row["filed"]) for row in rows} == {("draft", None)}
        assert (await browser.get(FILING, OWN)).json()["filed_basics"] is None
        before = len(sample.recorded)
        own.submits(2, 2, *FIRST)
        own.say(facts.FilingReviewOpened, number=2, by=REVIEWER)
        own.say(facts.FilingFirstReviewPassed, number=2, by=REVIEWER)
        own.say(facts.FilingSecondReviewPassed, number=2, by=REVIEWER)
        own.say(facts.Filed, number=2, basics_version=2, resources=FIRST, filed_on=TODAY)
        await model.apply(sample.recorded[before:])
        filing = (await browser.get(FILING, OWN)).json()
        assert (filing["state"], filing["standing"], filing["filed_basics"]["staff"]) == (
            "filed",
            "active",
            12,
        )
    await model.close()


async def test_the_order_of_streams_changes_nothing(postgres_server: DatabaseServer) -> None:
    """Facts of a filing may come before those of the resources that they name, and the other way round."""
    facts = two_filings().recorded
    streams = sorted({fact.stream for fact in facts})
    digests = []
    for seed in range(4):
        ordered = _shuffled_streams(facts, random.Random(seed))
        model = await make_model(postgres_server)
        for fact in ordered:
            await model.apply([fact])
        async with model.writers[MODEL].acquire() as connection:
            digests.append(await Filings().digests(connection, streams))
        await model.close()
    assert all(digest == digests[0] for digest in digests)
    assert set(digests[0]) == set(streams)


def _shuffled_streams(facts: Sequence[Recorded[Fact]], chance: random.Random) -> list[Recorded[Fact]]:
    """The facts in another order, in which those of one stream keep theirs."""
    waiting: dict[str, list[Recorded[Fact]]] = {}
    for fact in facts:
        waiting.setdefault(fact.stream, []).append(fact)
    ordered = []
    while waiting:
        stream = chance.choice(sorted(waiting))
        ordered.append(waiting[stream].pop(0))
        if not waiting[stream]:
            del waiting[stream]
    return ordered
