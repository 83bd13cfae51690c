"""Filings as of a day and as known on a day: the same as the pages of that day said, and nothing of it for strangers."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

import httpx
import pytest
from conforming import Conforming
from fastapi import FastAPI
from filing_facts import CERTIFICATE, PERSON, RENEWED, REVIEWER, FilingFacts, basics, person, version
from filing_stories import Deed, deeds, told
from hypothesis import HealthCheck, given, settings
from qingyuan_events import filing as facts
from qingyuan_local.testing import DatabaseServer
from qingyuan_standards.days import local_day
from read_models import Model, make_model
from sample_facts import SampleFacts
from views.main import build_app
from views.shared.people import MemoryPeople
from working_day_browser import CITY, DISTRICT, KEY, NOW, OFFICE, OTHERS, OWN, SIGNER, Browser, nothing
from working_day_facts import OPERATOR

pytestmark = pytest.mark.servers
FILING = f"/filings/{OPERATOR}"
JANUARY = date(2026, 1, 20)
"""Since when the person is there."""
READERS = (OWN, CITY, DISTRICT, OFFICE)
STRANGERS = (OTHERS, SIGNER)


def at(month: int, day: int, hour: int = 2) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def paper_until(last_day: date, paper_id: UUID = CERTIFICATE) -> facts.Paper:
    return person.papers[0].model_copy(update={"valid_to": last_day, "paper_id": paper_id})


def passes(filing: FilingFacts, month: int, day: int, number: int, *versions: facts.ResourceVersion) -> None:
    """Handed in and filed on one day."""
    when, basics_version = at(month, day), 2 if number == 1 else None
    handed_in = {"basics_version": basics_version, "resources": versions, "late": False}
    filing.say(facts.FilingSubmitted, when, number=number, **handed_in)
    filing.say(facts.FilingReviewOpened, when, number=number, by=REVIEWER)
    if number == 1:
        filing.say(facts.FilingFirstReviewPassed, when, number=number, by=REVIEWER)
    filing.say(facts.FilingSecondReviewPassed, when, number=number, by=REVIEWER)
    filed = {"basics_version": basics_version, "resources": versions, "filed_on": date(2026, month, day)}
    filing.say(facts.Filed, when, number=number, **filed)


def a_year() -> SampleFacts:
    """A person is filed on 10 February with a paper until 31 December. A correction of 5 April, filed on 20 April, says that
    the paper ended on 31 March. On 1 May it is revoked from 15 March on; on 10 May the person leaves with the month before."""
    sample = SampleFacts()
    filing = FilingFacts(sample, OPERATOR)
    filing.say(facts.FilingBegun, at(2, 1), name=basics.name)
    filing.say(facts.FilingBasicsChanged, at(2, 1), basics=basics, changed_on=JANUARY)
    stated = person.model_copy(update={"papers": (paper_until(date(2026, 12, 31)),)})
    filing.say(facts.ResourceAdded, at(2, 2), resource_id=PERSON, particulars=stated, changed_on=JANUARY)
    passes(filing, 2, 10, 1, version(PERSON, "person"))
    corrected = stated.model_copy(update={"papers": (paper_until(date(2026, 3, 31)),)})
    filing.say(
        facts.ResourceCorrected,
        at(4, 5),
        resource_id=PERSON,
        particulars=corrected,
        changed_on=JANUARY,
        reason="有效期录错",
    )
    passes(filing, 4, 20, 2, version(PERSON, "person", 2))
    filing.say(
        facts.ResourcePaperRevoked,
        at(5, 1),
        resource_id=PERSON,
        paper_id=CERTIFICATE,
        first_day=date(2026, 3, 15),
        reason="弄虚作假",
    )
    ended = {"last_day": date(2026, 4, 30), "reason": "离职"}
    filing.say(facts.ResourceEnded, at(5, 10), resource_id=PERSON, **ended)
    filing.say(facts.FilingLocked, at(5, 20), reason="没有业务")
    return sample


@pytest.fixture(scope="module")
async def model(postgres_server: DatabaseServer) -> AsyncIterator[Model]:
    made = await make_model(postgres_server)
    await made.apply(a_year().recorded)
    yield made
    await made.close()


@pytest.fixture(scope="module")
async def app(model: Model) -> FastAPI:
    return build_app(model.reader, people=MemoryPeople({}), trusted=KEY, ready=nothing, clock=lambda: NOW)


@pytest.fixture(scope="module")
async def browser(app: FastAPI) -> AsyncIterator[Browser]:
    transport = Conforming(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://views") as http:
        yield Browser(http)


async def the_person(browser: Browser, **when: str) -> dict[str, Any] | None:
    rows = await browser.items(f"{FILING}/resources?{httpx.QueryParams(when)}", OWN)
    return rows[0] if rows else None


def last_day(row: dict[str, Any] | None) -> str:
    """Of the paper as it is filed."""
    assert row is not None
    assert row["filed"] is not None
    found: str = row["filed"]["papers"][0]["valid_to"]
    return found


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds)
async def test_what_was_known_on_a_day_is_what_the_page_said_at_its_end(
    model: Model, browser: Browser, sequence: list[Deed]
) -> None:
    story = told(sequence)
    path = f"/filings/{story.operator_id}"
    said: dict[date, tuple[Any, Any]] = {}
    for day, recorded in groupby(story.sample.recorded, lambda each: local_day(each.recorded_at)):
        await model.apply(list(recorded))
        said[day] = await _pages(browser, path)
    for day, pages in said.items():
        assert await _pages(browser, path, as_known=str(day)) == pages
        assert await _pages(browser, path, as_known=str(day), as_of=str(day)) == pages
    today = str(local_day(NOW))
    for when in ({"as_of": today}, {"as_known": today}, {"as_of": today, "as_known": today}):
        assert await _pages(browser, path, **when) == await _pages(browser, path)


OF_TODAY = ("contracts", "report_by")
"""What an earlier day is not asked for: another service's facts, and a duty."""


async def _pages(browser: Browser, path: str, **when: str) -> tuple[Any, Any]:
    asked = httpx.QueryParams(when)
    filing = (await browser.get(f"{path}?{asked}")).json()
    resources = (await browser.get(f"{path}/resources?page=1&limit=500&{asked}")).json()
    return {name: value for name, value in filing.items() if name not in OF_TODAY}, resources


async def test_as_of_today_also_says_what_contracts_say(browser: Browser) -> None:
    today = (await browser.get(FILING, OWN)).json()
    no_duty = today | {"report_by": None}
    assert (await browser.get(f"{FILING}?as_of=2026-11-20", OWN)).json() == no_duty
    assert (await browser.get(f"{FILING}?as_known=2026-05-20", OWN)).json() == no_duty | {"contracts": None}


async def test_what_was_filed_on_a_day(browser: Browser) -> None:
    def short(filing: dict[str, Any]) -> tuple[Any, ...]:
        return filing["state"], filing["filed_on"], filing["standing"], filing["filed_basics"] is not None

    before = (await browser.get(f"{FILING}?as_of=2026-02-09", OWN)).json()
    assert short(before) == ("draft", None, "active", False)
    filed = (await browser.get(f"{FILING}?as_of=2026-02-10", OWN)).json()
    assert short(filed) == ("filed", "2026-02-10", "active", True)
    assert short((await browser.get(f"{FILING}?as_of=2026-05-20", OWN)).json())[2] == "locked"
    assert short((await browser.get(f"{FILING}?as_of=2026-05-19", OWN)).json())[2] == "active"


async def test_before_it_was_begun_there_is_no_filing(browser: Browser) -> None:
    for when in ("as_of=2026-01-25", "as_known=2026-01-31", "as_of=2026-11-01&as_known=2026-01-31"):
        assert (await browser.get(f"{FILING}?{when}", OWN)).status_code == 404


async def test_a_person_is_there_from_the_day_that_was_stated_up_to_its_last(browser: Browser) -> None:
    assert await the_person(browser, as_of="2026-01-19") is None
    stated = await the_person(browser, as_of="2026-01-20")
    assert stated is not None
    assert (stated["state"], stated["filed"]) == ("draft", None)
    assert await the_person(browser, as_of="2026-01-20", as_known="2026-02-01") is None
    there = await the_person(browser, as_of="2026-04-29")
    gone = await the_person(browser, as_of="2026-04-30")
    assert there
    assert gone
    assert (there["state"], gone["state"], gone["ended_on"]) == ("filed", "ended", "2026-04-30")
    known = await the_person(browser, as_of="2026-05-05", as_known="2026-05-05")
    assert known
    assert known["state"] == "filed", "that it had left was not known"


async def test_a_revocation_backwards_counts_once_it_is_known(browser: Browser) -> None:
    revoked = await the_person(browser, as_of="2026-03-15")
    assert revoked
    assert list(revoked["revoked"]) == [str(CERTIFICATE)]
    for when in ({"as_of": "2026-03-14"}, {"as_of": "2026-03-15", "as_known": "2026-04-30"}):
        held = await the_person(browser, **when)
        assert held
        assert held["revoked"] == {}


async def test_a_correction_backwards_counts_once_it_is_filed(browser: Browser) -> None:
    assert last_day(await the_person(browser, as_of="2026-03-01")) == "2026-03-31"
    assert last_day(await the_person(browser, as_of="2026-03-01", as_known="2026-04-20")) == "2026-03-31"
    not_filed = await the_person(browser, as_of="2026-03-01", as_known="2026-04-19")
    assert last_day(not_filed) == "2026-12-31"
    assert not_filed
    assert not_filed["particulars"]["papers"][0]["valid_to"] == "2026-03-31"
    assert last_day(await the_person(browser, as_of="2026-03-01", as_known="2026-04-04")) == "2026-12-31"


async def test_papers_that_end_are_counted_from_the_day(browser: Browser) -> None:
    known = {"as_known": "2026-04-04", "ends_within": "30"}
    assert await the_person(browser, as_of="2026-11-30", **known) is None
    assert await the_person(browser, as_of="2026-12-01", **known) is not None


@pytest.mark.parametrize("query", ["kind=device", "state=draft", "search=无此人"])
async def test_the_past_is_filtered_as_the_present(browser: Browser, query: str) -> None:
    assert await browser.items(f"{FILING}/resources?as_of=2026-03-01&{query}", OWN) == []
    other = "kind=person&state=changed&search=yw-1"
    assert (
        len(await browser.items(f"{FILING}/resources?as_of=2026-04-10&as_known=2026-04-10&{other}", OWN)) == 1
    )


async def test_the_pages_of_a_past_list_follow_each_other(
    postgres_server: DatabaseServer, model: Model, browser: Browser
) -> None:
    story = told([Deed("add", 1, 0, number) for number in range(4)])
    await model.apply(story.sample.recorded)
    path = f"/filings/{story.operator_id}/resources?as_of={story.today}"
    everything = [row["id"] for row in await browser.items(path)]
    first = (await browser.get(f"{path}&limit=2")).json()
    second = (await browser.get(f"{path}&limit=2&after={first['next']}")).json()
    third = (await browser.get(f"{path}&limit=2&page=3")).json()
    found = [row["id"] for page in (first, second, third) for row in page["items"]]
    assert (found, third["next"], third["count"]) == (everything, None, 5)


async def test_strangers_see_nothing_of_the_past(browser: Browser) -> None:
    when = "as_of=2026-03-01&as_known=2026-11-01"
    timeline = f"/resources/{PERSON}/timeline"
    for actor in STRANGERS:
        assert (await browser.get(f"{FILING}?{when}", actor)).status_code == 404
        assert await browser.items(f"{FILING}/resources?{when}", actor) == []
        assert (await browser.get(timeline, actor)).status_code == 404
    for actor in READERS:
        assert (await browser.get(f"{FILING}?{when}", actor)).status_code == 200
        assert len(await browser.items(f"{FILING}/resources?{when}", actor)) == 1
        assert (await browser.get(timeline, actor)).status_code == 200


async def test_the_kept_facts_show_no_row_to_a_stranger_whatever_a_query_forgets(model: Model) -> None:
    async with model.reader.acquire() as connection:
        assert await connection.fetchval("select count(*) from filings.kept_fact") == 0


async def test_the_public_register_knows_no_other_day(browser: Browser) -> None:
    for name in ("as_of", "as_known"):
        answer = await browser.http.get(f"/public/operators?{name}=2026-03-01")
        assert answer.status_code == 422


async def test_no_name_is_kept_with_a_fact(model: Model) -> None:
    async with model.writers["filings"].acquire() as connection:
        await connection.execute("set qingyuan.sees = 'all'")
        kept = await connection.fetchval("select string_agg(fact::text, '') from kept_fact")
        await connection.execute("reset qingyuan.sees")
    assert "现场运维" in kept
    assert "ciphertext" not in kept


async def test_the_timeline_of_a_person_has_its_facts_and_what_the_filing_said_of_it(
    postgres_server: DatabaseServer,
) -> None:
    sample = a_year()
    filing = FilingFacts(sample, OPERATOR)
    other = UUID(int=399)
    filing.say(
        facts.ResourceAdded, at(6, 1), resource_id=other, particulars=person, changed_on=date(2026, 6, 1)
    )
    filing.say(
        facts.ResourcePaperEnding,
        at(6, 2),
        resource_id=other,
        paper_id=CERTIFICATE,
        valid_to=date(2026, 12, 10),
        days=60,
    )
    renewed = {"paper": paper_until(date(2028, 1, 1), RENEWED), "replaces": CERTIFICATE}
    filing.say(
        facts.ResourcePaperRenewed, at(6, 3), resource_id=other, changed_on=date(2026, 6, 3), **renewed
    )
    handed_in = {"basics_version": None, "resources": (version(other, "person", 3),), "late": False}
    remark = facts.Remark(resource_id=other, field="papers.0.scan", reason="unreadable", text="印章看不清")
    about = {"number": 3, "by": REVIEWER}
    filing.say(facts.FilingSubmitted, at(6, 4), number=3, **handed_in)
    filing.say(facts.FilingSecondReviewReturned, at(6, 5), **about, remarks=(remark,), passed=())
    filing.say(facts.FilingSubmitted, at(6, 6), number=4, **handed_in)
    passed = (version(other, "person", 3),)
    filing.say(facts.FilingSecondReviewReturned, at(6, 7), number=4, by=REVIEWER, remarks=(), passed=passed)
    made = await make_model(postgres_server)
    await made.apply(sample.recorded)
    app = build_app(made.reader, people=MemoryPeople({}), trusted=KEY, ready=nothing, clock=lambda: NOW)
    async with httpx.AsyncClient(transport=Conforming(app), base_url="http://views") as http:
        browser = Browser(http)
        lines = await browser.items(f"/resources/{other}/timeline", CITY)
        short = [(line["what"], line["number"], line["day"]) for line in lines]
        assert short == [
            ("added", None, "2026-06-01"),
            ("paper_ending", None, "2026-12-10"),
            ("paper_renewed", None, "2026-06-03"),
            ("submitted", 3, None),
            ("second_review_returned", 3, None),
            ("submitted", 4, None),
            ("passed", 4, None),
        ]
        assert [remark["text"] for remark in lines[4]["remarks"]] == ["印章看不清"]
        assert (lines[1]["paper"]["number"], lines[1]["days"]) == ("YW-1", 60)
        assert {line["by_kind"] for line in lines} == {"enterprise"}
        first = await browser.items(f"/resources/{PERSON}/timeline", CITY)
        assert [line["what"] for line in first] == [
            *("added", "submitted", "first_review_passed", "second_review_passed", "filed"),
            *("corrected", "submitted", "second_review_passed", "filed", "paper_revoked", "ended"),
        ]
        until = await browser.items(f"/resources/{PERSON}/timeline?as_known=2026-04-05", CITY)
        assert [line["what"] for line in until] == [line["what"] for line in first[:6]]
    await made.close()
