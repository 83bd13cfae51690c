"""Reports as their operator, the enterprise and the regulators read them."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from qingyuan_local.testing import DatabaseServer
from read_models import make_model
from report_facts import BAD, FACTOR_AT, REVIEWER, ReportFacts, document, town
from sample_facts import ENTERPRISE, NEW, POINT, SampleFacts
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
from working_day_facts import FAR_POINT, OPERATOR, THEIRS

pytestmark = pytest.mark.servers
EVERYBODY = (OWN, OTHERS, SIGNER, NEIGHBOUR, DISTRICT, OTHER_DISTRICT, CITY, OFFICE)


def story() -> dict[str, ReportFacts]:
    """One report in each state."""
    sample = town()
    told = {"draft": ReportFacts(sample, "draft", document(day="2026-11-07"))}
    told["good"] = ReportFacts(sample, "good").hands_in()
    told["good"].is_accepted()
    told["bad"] = ReportFacts(sample, "bad", document(BAD, day="2026-11-05")).hands_in()
    told["returned"] = ReportFacts(sample, "returned", document(BAD, day="2026-11-06")).hands_in()
    told["returned"].is_returned()
    told["returned"].changes(document(day="2026-11-06", number="LC-GEHEIM"))
    told["waiting"] = ReportFacts(sample, "waiting", document(day="2026-11-08")).hands_in()
    told["abandoned"] = ReportFacts(sample, "abandoned")
    told["abandoned"].is_withdrawn()
    told["theirs"] = ReportFacts(sample, "theirs", document(point=FAR_POINT), whose=THEIRS).hands_in()
    return told


@pytest.fixture(scope="module")
def told() -> dict[str, ReportFacts]:
    return story()


@pytest.fixture(scope="module")
async def browser(postgres_server: DatabaseServer, told: dict[str, ReportFacts]) -> AsyncIterator[Browser]:
    model = await make_model(postgres_server)
    sample: SampleFacts = told["good"].sample
    await model.apply(sample.recorded)
    for fact in sample.recorded:
        await model.seen(fact)
    async with browser_of(app_on(model)) as found:
        yield found
    await model.close()


def names(told: dict[str, ReportFacts], rows: list[dict[str, Any]]) -> list[str]:
    by_id = {str(report.id): name for name, report in told.items()}
    return [by_id[row["id"]] for row in rows]


HANDED_IN = {"good", "bad", "returned", "waiting"}
SEEN = [
    (OWN, HANDED_IN | {"draft", "abandoned"}),
    (OTHERS, {"theirs"}),
    (SIGNER, HANDED_IN),
    (NEIGHBOUR, {"theirs"}),
    (DISTRICT, HANDED_IN),
    (OTHER_DISTRICT, {"theirs"}),
    (CITY, HANDED_IN | {"theirs"}),
    (OFFICE, HANDED_IN | {"theirs"}),
]


@pytest.mark.parametrize(("actor", "seen"), SEEN)
async def test_each_sees_the_own_reports_and_nobody_anothers_draft(
    browser: Browser, told: dict[str, ReportFacts], actor: Any, seen: set[str]
) -> None:
    assert set(names(told, await browser.items("/reports", actor))) == seen
    for name, report in told.items():
        for path in (f"/reports/{report.id}", f"/reports/{report.id}/earlier"):
            assert (await browser.get(path, actor)).status_code == (200 if name in seen else 404)


async def test_the_queue_shows_what_waits_worst_first(browser: Browser, told: dict[str, ReportFacts]) -> None:
    found = await browser.items("/reports?state=waiting&order=queue", CITY)
    assert names(told, found)[0] == "bad"
    assert set(names(told, found)) == {"bad", "waiting", "theirs"}
    assert [row["result"] for row in found] == ["fail", "pass", "pass"]


async def test_what_is_changed_after_a_return_only_its_operator_sees(
    browser: Browser, told: dict[str, ReportFacts]
) -> None:
    path = f"/reports/{told['returned'].id}"
    own = (await browser.get(path, OWN)).json()
    assert own["draft"]["document"]["number"] == "LC-GEHEIM"
    assert own["changed_since"] is True
    assert own["steps"][-1]["what"] == "changed"
    for actor in (SIGNER, DISTRICT, CITY, OFFICE):
        answer = await browser.get(path, actor)
        assert "GEHEIM" not in answer.text
        found = answer.json()
        assert (found["draft"], found["changed_since"]) == (None, False)
        assert found["steps"][-1]["what"] == "returned"
        assert found["number"] == "LC-2026-11-06"


async def test_one_report_has_its_rounds_with_verdict_and_review(
    browser: Browser, told: dict[str, ReportFacts]
) -> None:
    found = (await browser.get(f"/reports/{told['returned'].id}", DISTRICT)).json()
    (submitted,) = found["rounds"]
    assert submitted["document"] == document(BAD, day="2026-11-06")
    assert [given["what"] for given in submitted["verdicts"]] == ["checked"]
    assert submitted["verdicts"][0]["verdict"]["result"] == found["result"] == "fail"
    assert submitted["review"]["by"] == str(REVIEWER)
    assert submitted["review"]["reasons"][0]["text"] == "请补充原始记录"
    assert [step["what"] for step in found["steps"]] == [
        "drafted", "file_attached", "original_attached", "submitted", "checked", "returned",
    ]  # fmt: skip
    assert [known["id"] for known in found["instruments"]] == [str(NEW)]
    assert (found["enterprise_id"], found["operator_id"]) == (str(ENTERPRISE), str(OPERATOR))
    assert found["points"][0]["id"] == str(POINT)


FILTERED = [
    ("state=draft", OWN, {"draft"}),
    ("state=open", OWN, {"draft", "returned"}),
    ("state=standing", OWN, HANDED_IN),
    ("state=accepted", CITY, {"good"}),
    ("result=fail", CITY, {"bad", "returned"}),
    ("blocking=false&result=pass", CITY, {"good", "waiting", "theirs"}),
    (f"point_id={FAR_POINT}", CITY, {"theirs"}),
    (f"point_id={POINT}&result=pass", CITY, {"good", "waiting"}),
    (f"enterprise_id={ENTERPRISE}", CITY, HANDED_IN),
    (f"operator_id={OPERATOR}", CITY, HANDED_IN),
    ("district=310113", CITY, {"theirs"}),
    ("doc_type=verification", CITY, set()),
    ("doc_type=sample_comparison&basis=HJ%20355-2019", OTHER_DISTRICT, {"theirs"}),
    ("factor=w01018&state=accepted", CITY, {"good"}),
    ("factor=w21003", CITY, set()),
    ("number=lc-2026-11-05", CITY, {"bad"}),
    ("number=%25", CITY, set()),
    ("from=2026-11-05&to=2026-11-06", CITY, {"bad", "returned"}),
]


@pytest.mark.parametrize(("query", "actor", "expected"), FILTERED)
@pytest.mark.parametrize("order", ["newest", "queue"])
async def test_the_list_is_filtered_and_counted(
    browser: Browser, told: dict[str, ReportFacts], query: str, actor: Any, expected: set[str], order: str
) -> None:
    answer = (await browser.get(f"/reports?{query}&order={order}&page=1", actor)).json()
    assert set(names(told, answer["items"])) == expected
    assert answer["count"] == len(expected)


@pytest.mark.parametrize("order", ["newest", "queue"])
async def test_pages_follow_each_other_without_gap_or_repeat(
    browser: Browser, told: dict[str, ReportFacts], order: str
) -> None:
    found: list[str] = []
    after = ""
    while after is not None:
        page = (await browser.get(f"/reports?order={order}&limit=2&after={after}", CITY)).json()
        found += names(told, page["items"])
        after = page["next"]
    assert sorted(found) == sorted(HANDED_IN | {"theirs"})


async def test_a_wrong_filter_is_refused(browser: Browser) -> None:
    for wrong in (
        "state=unknown",
        "order=worst",
        "result=good",
        "point_id=1",
        "page=0",
        "outcome=bad",
        "x=1",
    ):
        assert (await browser.get(f"/reports?{wrong}", CITY)).status_code == 422, wrong


async def test_the_place_of_a_factor_in_the_trend(browser: Browser, told: dict[str, ReportFacts]) -> None:
    found = await browser.items(f"/reports/{told['waiting'].id}/earlier", DISTRICT)
    (trend,) = found
    assert (trend["at"], trend["by"], trend["factor"]) == (FACTOR_AT, "instrument", "w01018")
    assert names(told, trend["reports"]) == ["good", "bad", "returned", "waiting"]
    assert all(place["rules"] for place in trend["reports"])


async def test_a_request_waits_for_a_report_and_for_nobody_elses(
    browser: Browser, told: dict[str, ReportFacts]
) -> None:
    stream = told["draft"].stream
    known = await browser.get("/reports", OWN, If_Version_At_Least=f"{stream}@1")
    assert known.status_code == 200
    for actor, wanted in ((OWN, f"{stream}@99"), (DISTRICT, f"{stream}@1"), (OTHERS, f"{stream}@1")):
        answer = await browser.get("/reports", actor, If_Version_At_Least=wanted)
        assert (answer.status_code, answer.json()["code"]) == (503, "view.behind")
