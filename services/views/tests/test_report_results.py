"""Numbers by rule that open their reports, exemptions and who sees them, and trends of one instrument."""

from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from qingyuan_events import reports as facts
from qingyuan_local.testing import DatabaseServer
from read_models import make_model
from report_facts import BAD, FACTOR_AT, REVIEWER, ReportFacts, applied, document, grant, town
from sample_facts import ENTERPRISE, NEW, OLD, POINT, SampleFacts
from working_day import contract
from working_day_browser import (
    CITY,
    DISTRICT,
    NEIGHBOUR,
    OFFICE,
    OTHER_DISTRICT,
    OTHERS,
    OWN,
    SIGNER,
    Browser,
    app_on,
    browser_of,
)
from working_day_facts import FAR_POINT, RIVAL, THEIRS

pytestmark = pytest.mark.servers
EVERYBODY = (OWN, OTHERS, SIGNER, NEIGHBOUR, DISTRICT, OTHER_DISTRICT, CITY, OFFICE)
RULE = "W-M3"
RIVAL_HERE = {"operator_id": RIVAL, "enterprise_id": ENTERPRISE, "district": "310118"}
COPIED = facts.ReportFinding(
    code="pairs.in-earlier-report", severity="warning", at=FACTOR_AT, sentence="数据对与更早的报告相同。"
)


class Story:
    """Two operators at one enterprise, one after the other; exemptions of the point, of one report, and elsewhere."""

    def __init__(self) -> None:
        self.sample: SampleFacts = town()
        contract(self.sample, UUID(int=35), RIVAL_HERE, POINT, "上海他人运维有限公司")
        sample = self.sample
        self.reports = {
            "first": ReportFacts(sample, "first", document(day="2026-11-02"), whose=RIVAL_HERE).hands_in(),
            "good": ReportFacts(sample, "good").hands_in(COPIED),
            "bad": ReportFacts(sample, "bad", document(BAD, day="2026-11-05")).hands_in(),
            "exempted": ReportFacts(sample, "exempted", document(BAD, day="2026-11-06")).hands_in(),
            "theirs": ReportFacts(sample, "theirs", document(point=FAR_POINT), whose=THEIRS).hands_in(),
            "unnamed": ReportFacts(sample, "unnamed", document(instrument=None, day="2026-11-07")).hands_in(),
            "old": ReportFacts(sample, "old", document(instrument=OLD, day="2026-11-08")).hands_in(),
        }
        self.withdrawn = ReportFacts(sample, "withdrawn", document(day="2026-11-04")).hands_in()
        self.withdrawn.is_withdrawn()
        self.exemptions = {
            "point": grant(sample, "point", RULE, point_id=POINT, factor="w01018"),
            "next": grant(sample, "next", RULE, first_day=date(2027, 1, 1), last_day=date(2027, 2, 1)),
            "over": grant(sample, "over", RULE, first_day=date(2025, 1, 1), last_day=date(2025, 2, 1)),
            "rivals report": grant(sample, "rivals report", RULE, report_id=self.reports["first"].id),
            "elsewhere": grant(sample, "elsewhere", RULE, THEIRS),
        }
        self.reports["exempted"].is_reevaluated(applied(self.exemptions["point"], RULE))

    def names(self, rows: list[dict[str, Any]]) -> list[str]:
        known = {str(report.id): name for name, report in self.reports.items()}
        known |= {str(key): name for name, key in self.exemptions.items()}
        return [known.get(row["id"], "withdrawn") for row in rows]


@pytest.fixture(scope="module")
def story() -> Story:
    return Story()


@pytest.fixture(scope="module")
async def browser(postgres_server: DatabaseServer, story: Story) -> AsyncIterator[Browser]:
    model = await make_model(postgres_server)
    await model.apply(story.sample.recorded)
    async with browser_of(app_on(model)) as found:
        yield found
    await model.close()


async def results(browser: Browser, actor: Any, query: str = "") -> dict[str, Any]:
    answer = await browser.get(f"/report-results?{query}", actor)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def numbers(found: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """Each number of the table, with the filter that opens its reports."""
    for result, number in found["results"].items():
        yield f"result={result}", number
    for item in found["items"]:
        yield f"rule={item['rule']}", item["reports"]
        counted = item["outcomes"] | {mark: item[mark] for mark in ("blocking", "near_limit")}
        for outcome, number in counted.items():
            yield f"rule={item['rule']}&outcome={outcome}", number


@pytest.mark.parametrize("actor", EVERYBODY, ids=lambda actor: f"{actor.kind} {actor.account.int}")
@pytest.mark.parametrize(
    "query",
    [
        "",
        "from=2026-11-03&to=2026-11-06",
        "state=standing",
        "finding=pairs.in-earlier-report",
    ],
)
async def test_every_number_opens_as_many_reports(browser: Browser, actor: Any, query: str) -> None:
    found = await results(browser, actor, query)
    for opens, number in numbers(found):
        page = (await browser.get(f"/reports?{query}&{opens}&page=1", actor)).json()
        assert page["count"] == number, opens


async def test_the_table_says_what_a_rule_came_to(browser: Browser, story: Story) -> None:
    found = await results(browser, DISTRICT)
    assert found["reports"] == 7
    cod = next(item for item in found["items"] if item["rule"] == RULE)
    assert cod["title"]
    assert cod["standard"] == "HJ 355-2019"
    assert (cod["outcomes"]["fail"], cod["outcomes"]["exempted"]) == (1, 1)
    assert story.names(await browser.items(f"/reports?rule={RULE}&outcome=exempted", DISTRICT)) == [
        "exempted"
    ]
    assert story.names(await browser.items(f"/reports?rule={RULE}&outcome=fail", DISTRICT)) == ["bad"]
    assert story.names(await browser.items("/reports?outcome=exempted", DISTRICT)) == ["exempted"]
    assert await browser.items("/reports?rule=UNKNOWN", DISTRICT) == []
    of_failed = await results(browser, DISTRICT, f"rule={RULE}&outcome=fail")
    assert (of_failed["reports"], {item["reports"] for item in of_failed["items"]}) == (1, {1})


async def test_a_re_evaluation_stands_beside_the_first_verdict_and_counts_alone(
    browser: Browser, story: Story
) -> None:
    found = (await browser.get(f"/reports/{story.reports['exempted'].id}", DISTRICT)).json()
    first, again = found["rounds"][0]["verdicts"]
    assert (first["what"], again["what"]) == ("checked", "reevaluated")
    assert (first["by"], again["by"]) == (None, str(REVIEWER))
    assert first["result"] == "fail"
    assert found["result"] == again["result"] != "fail"
    assert [one["exemption_id"] for one in again["exemptions"]] == [str(story.exemptions["point"])]


SEEN = [
    (OWN, {"point", "next", "over"}),
    (OTHERS, {"point", "next", "over", "rivals report", "elsewhere"}),
    (SIGNER, {"point", "next", "over", "rivals report"}),
    (NEIGHBOUR, {"elsewhere"}),
    (DISTRICT, {"point", "next", "over", "rivals report"}),
    (OTHER_DISTRICT, {"elsewhere"}),
    (CITY, {"point", "next", "over", "rivals report", "elsewhere"}),
]


@pytest.mark.parametrize(("actor", "seen"), SEEN)
async def test_exemptions_are_seen_by_whom_they_concern(
    browser: Browser, story: Story, actor: Any, seen: set[str]
) -> None:
    answer = (await browser.get("/exemptions?page=1", actor)).json()
    assert set(story.names(answer["items"])) == seen
    assert answer["count"] == len(seen)


FILTERED = [
    ("state=holds", {"point", "rivals report", "elsewhere"}),
    ("state=upcoming", {"next"}),
    ("state=over", {"over"}),
    ("from=2025-02-01&to=2025-12-31", {"over"}),
    ("from=2027-01-01", {"next"}),
    (f"point_id={POINT}", {"point"}),
    ("district=310113", {"elsewhere"}),
    (f"rule={RULE}&factor=w01018", {"point"}),
    ("rule=UNKNOWN", set()),
    ("reason_code=process", {"point", "next", "over", "rivals report", "elsewhere"}),
]


@pytest.mark.parametrize(("query", "expected"), FILTERED)
async def test_exemptions_are_filtered(
    browser: Browser, story: Story, query: str, expected: set[str]
) -> None:
    assert set(story.names(await browser.items(f"/exemptions?{query}", CITY))) == expected


async def test_an_exemption_counts_the_reports_that_it_was_applied_to(browser: Browser, story: Story) -> None:
    rows = {row["id"]: row for row in await browser.items("/exemptions", DISTRICT)}
    row = rows[str(story.exemptions["point"])]
    assert (row["applied"], row["reason"]) == (1, "生产工况或排放特征不具备测试条件")
    opened = await browser.items(f"/reports?exemption_id={row['id']}", DISTRICT)
    assert story.names(opened) == ["exempted"]
    rivals = rows[str(story.exemptions["rivals report"])]
    assert rivals["report"] == {"id": str(story.reports["first"].id), "number": "LC-2026-11-02"}


async def test_a_report_shows_the_exemptions_that_hold_on_its_day(browser: Browser, story: Story) -> None:
    bad = (await browser.get(f"/reports/{story.reports['bad'].id}", SIGNER)).json()
    assert story.names(bad["exemptions"]) == ["point"]
    first = (await browser.get(f"/reports/{story.reports['first'].id}", OTHERS)).json()
    assert set(story.names(first["exemptions"])) == {"point", "rivals report"}
    theirs = (await browser.get(f"/reports/{story.reports['theirs'].id}", CITY)).json()
    assert story.names(theirs["exemptions"]) == ["elsewhere"]


async def test_a_trend_is_of_the_instrument_and_ends_with_the_report(browser: Browser, story: Story) -> None:
    path = f"/reports/{story.reports['exempted'].id}/earlier"
    (trend,) = await browser.items(path, DISTRICT)
    assert story.names(trend["reports"]) == ["first", "good", "bad", "exempted"]
    assert trend["instrument"]["id"] == str(NEW)
    assert [place["result"] for place in trend["reports"]][:3] == ["pass", "pass", "fail"]
    assert all(place["rules"][0]["rule"] for place in trend["reports"])
    (own,) = await browser.items(path, OWN)
    assert story.names(own["reports"]) == ["good", "bad", "exempted"]


async def test_a_trend_without_an_instrument_is_of_point_and_factor(browser: Browser, story: Story) -> None:
    (trend,) = await browser.items(f"/reports/{story.reports['unnamed'].id}/earlier", DISTRICT)
    assert (trend["by"], trend["instrument"]) == ("point", None)
    assert story.names(trend["reports"]) == ["first", "good", "bad", "exempted", "unnamed"]
    (old,) = await browser.items(f"/reports/{story.reports['old'].id}/earlier", DISTRICT)
    assert story.names(old["reports"]) == ["old"]
