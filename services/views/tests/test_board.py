"""Every number of the board is the length of the list it leads to, whatever the period, the filter and the asker."""

from collections.abc import AsyncIterator, Callable
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from conforming import Conforming
from hypothesis import given
from hypothesis import strategies as st
from qingyuan_events import Actor
from qingyuan_events.registry import MonitoringPointVoided
from qingyuan_local.testing import DatabaseServer
from read_models import make_model
from sample_facts import ENTERPRISE, OUTLET, POINT
from views.board.queries import SHOWN, period
from views.main import build_app
from views.shared.people import MemoryPeople
from working_day import working_day
from working_day_browser import CITY, DISTRICT, KEY, NOW, OTHERS, OWN, SIGNER, Browser, nothing
from working_day_facts import OPERATOR, RIVAL, VisitFacts, sheet

pytestmark = pytest.mark.servers

LISTS = {
    "planned": "/cycles?state=planned",
    "done": "/cycles?state=done",
    "missed": "/cycles?state=missed",
    "visits": "/visits?state=not_aborted",
    "aborted": "/visits?state=aborted",
    "empty": "/visits?state=not_aborted&mark=empty",
    "late": "/visits?state=not_aborted&mark=received_late",
    "backfilled": "/visits?state=not_aborted&backfilled=true",
    "outside_fence": "/visits?state=not_aborted&mark=outside_fence",
    "obstructed": "/visits?mark=obstructed",
    "unsigned": "/visits?confirmation=unsigned",
    "signed_late": "/visits?confirmation=signed_late",
    "disputed": "/visits?confirmation=disputed",
    "escalated": "/visits?confirmation=escalated",
    "originals_late": "/visits?confirmation=originals_late",
}
KEYS = {"district": "district", "operator": "operator_id", "enterprise": "enterprise_id"}


@pytest.fixture(scope="module", params=[False, True], ids=["as it is", "its point voided"])
async def browser(request: pytest.FixtureRequest, postgres_server: DatabaseServer) -> AsyncIterator[Browser]:
    model = await make_model(postgres_server)
    sample = working_day()
    if request.param:
        ids = {"point_id": POINT, "outlet_id": OUTLET, "enterprise_id": ENTERPRISE}
        sample.add(f"monitoring_point-{POINT}", MonitoringPointVoided(**ids, reason="重复登记"))
    for day in (date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 31)):
        VisitFacts(sample, f"on {day}", day=day).whole(sheet(f"{day} patrol", day=day))
    VisitFacts(sample, "empty", day=date(2026, 9, 15)).whole()
    for number in range(9):
        aborted = VisitFacts(sample, f"aborted {number}", day=date(2026, 10, 15))
        aborted.signs_in(marks=("outside_fence", "received_late"))
        aborted.backfills()
        if number < 2:
            aborted.is_obstructed()
        aborted.aborts()
    for fact in sample.recorded:
        await model.apply([fact])
    app = build_app(model.reader, trusted=KEY, ready=nothing, people=MemoryPeople({}), clock=lambda: NOW)
    transport = Conforming(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://views") as http:
        yield Browser(http)
    await model.close()


async def board(browser: Browser, query: str, actor: Actor = CITY) -> dict[str, Any]:
    answer = await browser.get(f"/board?{query}", actor)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


PERIODS = [
    "from=2026-11-01&to=2026-11-30",
    "from=2026-09-30&to=2026-11-24",
    "from=2026-10-01&to=2026-10-31",
    "from=2026-11-04&to=2026-11-10",
    "from=2026-11-22&to=2026-11-23",
    "from=2025-01-01&to=2027-12-31",
    "from=1900-01-01&to=2199-12-31",
    "from=2026-11-30&to=2026-11-01",
]


@pytest.mark.parametrize("query", PERIODS)
@pytest.mark.parametrize("by", KEYS)
async def test_each_number_is_the_length_of_its_list(browser: Browser, query: str, by: str) -> None:
    shown = await board(browser, f"{query}&by={by}")
    for figure, path in LISTS.items():
        assert len(await browser.items(f"{path}&{query}&limit=500", CITY)) == shown["totals"][figure], figure
        for row in shown["rows"]:
            narrowed = f"{path}&{query}&{KEYS[by]}={row['key']}&limit=500"
            assert len(await browser.items(narrowed, CITY)) == row[figure], (figure, row["name"])


@pytest.mark.parametrize("actor", [DISTRICT, OWN, OTHERS, SIGNER], ids=lambda actor: actor.kind)
async def test_each_has_a_board_of_their_own(browser: Browser, actor: Actor) -> None:
    query = "from=2026-09-30&to=2026-11-24"
    shown = await board(browser, f"{query}&by=operator", actor)
    (row,) = shown["rows"]
    assert row["key"] == str(RIVAL if actor is OTHERS else OPERATOR)
    for figure, path in LISTS.items():
        assert len(await browser.items(f"{path}&{query}&limit=500", actor)) == row[figure], figure


async def test_a_board_is_narrowed_by_district_and_operator(browser: Browser) -> None:
    for narrowed in ("district=310118", f"operator_id={OPERATOR}"):
        shown = await board(browser, f"from=2026-11-01&to=2026-11-30&by=enterprise&{narrowed}")
        assert [row["name"] for row in shown["rows"]] == ["清泉化工"]


@pytest.mark.parametrize("by", KEYS)
@pytest.mark.parametrize("order", SHOWN)
async def test_pages_of_a_board_are_the_board(browser: Browser, by: str, order: str) -> None:
    """Most first, each row once, and every page knows the totals of all."""
    query = f"from=2026-09-30&to=2026-11-24&by={by}&order={order}"
    whole = await board(browser, query)
    assert (whole["next"], whole["count"]) == (None, len(whole["rows"]))
    rows, after = [], ""
    while after is not None:
        page = await board(browser, f"{query}&limit=1{after and f'&after={after}'}")
        assert (page["totals"], page["count"]) == (whole["totals"], whole["count"])
        rows += page["rows"]
        after = page["next"]
    assert rows == whole["rows"]
    assert len(rows) > 1
    assert [row[order] for row in rows] == sorted((row[order] for row in rows), reverse=True)


@pytest.mark.parametrize("after", ["x", "WyJhIiwgImIiXQ=="])
async def test_a_place_that_is_none_is_refused(browser: Browser, after: str) -> None:
    answer = await browser.get(f"/board?after={after}", CITY)
    assert (answer.status_code, answer.json()["code"]) == (400, "cursor.malformed")


async def test_the_figures_of_the_story(browser: Browser, request: pytest.FixtureRequest) -> None:
    """What was planned at a voided point and not done is neither planned nor missed; what was done there counts."""
    planned, missed = (12, 4) if request.node.callspec.params["browser"] else (15, 5)
    totals = (await board(browser, "from=2026-11-01&to=2026-11-30"))["totals"]
    assert totals == {
        "planned": planned, "done": 5, "missed": missed, "visits": 4, "aborted": 1, "empty": 0, "late": 1, "backfilled": 1, "outside_fence": 1, "obstructed": 0,
        "unsigned": 2, "signed_late": 1, "disputed": 1, "escalated": 0, "originals_late": 1,
    }  # fmt: skip
    assert tuple(totals) == SHOWN


@pytest.mark.parametrize("figure", ["signed_late", "disputed", "escalated", "originals_late"])
async def test_confirmations_are_narrowed_by_what_the_figures_say(browser: Browser, figure: str) -> None:
    """As the visits are: a dispute that was answered and signed since is a dispute of the period still."""
    november = "from=2026-11-01&to=2026-11-30"
    listed = await browser.items(f"/confirmations?state={figure}&{november}", CITY)
    visits = await browser.items(f"/visits?confirmation={figure}&{november}", CITY)
    assert len(listed) == len(visits) == (await board(browser, november))["totals"][figure]


@pytest.mark.parametrize("path", ["/confirmations?state", "/visits?confirmation"])
async def test_an_answered_dispute_waits_for_no_answer(browser: Browser, path: str) -> None:
    november = "from=2026-11-01&to=2026-11-30"
    assert len(await browser.items(f"{path}=disputed&{november}", CITY)) == 1
    assert await browser.items(f"{path}=unanswered&{november}", CITY) == []


@pytest.mark.parametrize("days", ["from=2026-10-01&to=2026-10-31", "from=2026-10-02&to=2026-10-31"])
async def test_an_aborted_visit_is_counted_as_aborted_and_in_no_rate(browser: Browser, days: str) -> None:
    """Nine of the visits in October were aborted, each back-filled, late and outside the fence."""
    totals = (await board(browser, days))["totals"]
    done = {"from=2026-10-01&to=2026-10-31": 2, "from=2026-10-02&to=2026-10-31": 1}[days]
    assert (totals["visits"], totals["aborted"]) == (done, 9)
    assert [totals[name] for name in ("backfilled", "late", "outside_fence")] == [0, 0, 0]


async def test_an_obstruction_is_counted_whatever_came_of_the_visit(browser: Browser) -> None:
    query = "from=2026-10-01&to=2026-10-31"
    assert (await board(browser, query))["totals"]["obstructed"] == 2
    listed = await browser.items(f"/visits?mark=obstructed&{query}", CITY)
    assert [(visit["obstructed"], visit["state"]) for visit in listed] == [(True, "aborted")] * 2


async def test_a_visit_without_any_work_is_counted_as_empty_and_the_aborted_ones_are_not(
    browser: Browser,
) -> None:
    totals = (await board(browser, "from=2026-09-01&to=2026-10-31"))["totals"]
    assert (totals["visits"], totals["empty"], totals["aborted"]) == (4, 1, 9)


DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@given(DAYS, st.integers(0, 800))
def test_a_period_is_cut_into_months_and_days_without_gap_or_overlap(first_day: date, length: int) -> None:
    last_day = first_day + timedelta(days=length)
    cut = period(first_day, last_day)
    days: list[date] = []
    collect: Callable[[date, date], None] = lambda a, b: days.extend(  # noqa: E731
        a + timedelta(days=n) for n in range((b - a).days + 1)
    )
    for span in cut.ranges:
        collect(*span)
    if cut.first_month < cut.end_month:
        assert (cut.first_month.day, cut.end_month.day) == (1, 1)
        collect(cut.first_month, cut.end_month - timedelta(days=1))
    assert sorted(days) == [first_day + timedelta(days=n) for n in range(length + 1)]
    assert sum((b - a).days + 1 for a, b in cut.ranges) <= 61
