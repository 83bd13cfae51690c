"""What visits used of spare parts, by visit and lot, and what is left of those that are filed: over HTTP, on real PostgreSQL."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from filing_facts import LATER, PART, FilingFacts, part, version
from qingyuan_events import Actor
from qingyuan_events import filing as facts
from qingyuan_events.tasks import SheetRevisionV3, Used
from qingyuan_local.testing import DatabaseServer
from reliance_facts import files, work_and_filing
from sample_facts import ENTERPRISE, SampleFacts
from test_filing_marks import asked, visit
from test_working_day_http import (
    CITY,
    DISTRICT,
    NEIGHBOUR,
    OFFICE,
    OTHER_DISTRICT,
    OTHERS,
    OWN,
    SIGNER,
    Browser,
)
from working_day_facts import OPERATOR, RIVAL, VisitFacts, sheet

pytestmark = pytest.mark.servers
USES, STOCK = f"/filings/{OPERATOR}/part-uses", f"/filings/{OPERATOR}/stock"
HOSE, FILTER = UUID(int=501), UUID(int=502)
CHANGED = date(2026, 11, 20)
"""The day of change of the filed parts in the sample."""


def used(name: str, quantity: str = "1", **more: Any) -> Used:
    return Used(name=name, quantity=Decimal(quantity), unit=more.pop("unit", "根"), **more)


def written(name: str, day: date, *parts: Used) -> SheetRevisionV3:
    return sheet(name, day=day).model_copy(update={"used": parts})


def visited(sample: SampleFacts, name: str, day: date, *parts: Used) -> VisitFacts:
    return VisitFacts(sample, name, day=day).whole(written(f"{name} patrol", day, *parts))


def hose(quantity: int = 20) -> facts.SparePartParticulars:
    return part.model_copy(update={"model": "PT-16 A", "quantity": Decimal(quantity)})


def with_parts() -> tuple[SampleFacts, FilingFacts]:
    """A hose of 20 is filed with the change of the 20th; it was used before, on the 20th, and after."""
    sample, filing = work_and_filing()
    filing.adds(PART, hose())
    files(filing, 2, None, version(PART, "spare_part"), on=CHANGED)
    visited(sample, "before", date(2026, 11, 19), used("泵管", "5", model="PT-16 A", lot="L0"))
    visited(
        sample,
        "on",
        CHANGED,
        used("泵 管", "2", model="pt-16a", lot="L1", expires=date(2026, 11, 19)),
        used("乙炔", "1", unit="瓶", lot="G7", expires=date(2027, 1, 1)),
    )
    visited(sample, "after", date(2026, 11, 23), used("泵管", "1.5", model="PT-16 A", lot="L2"))
    return sample, filing


@pytest.fixture(scope="module")
async def browser(postgres_server: DatabaseServer) -> AsyncIterator[Browser]:
    sample, _ = with_parts()
    async with asked(postgres_server, sample) as asking:
        yield asking


async def uses(browser: Browser, query: str = "", actor: Actor = OWN) -> list[tuple[str, str, str]]:
    return [
        (row["name"], row["lot"], row["quantity"]) for row in await browser.items(f"{USES}{query}", actor)
    ]


ALL = [("泵管", "L2", "1.5"), ("乙炔", "G7", "1"), ("泵 管", "L1", "2"), ("泵管", "L0", "5")]


@pytest.mark.parametrize("actor", [OWN, DISTRICT, CITY, OFFICE], ids=lambda actor: actor.kind)
async def test_each_use_is_listed_by_visit_and_lot_the_newest_first(browser: Browser, actor: Actor) -> None:
    assert await uses(browser, actor=actor) == ALL
    last, *_ = await browser.items(USES, actor)
    assert (last["visit_id"], last["day"], last["unit"]) == (visit("after"), "2026-11-23", "根")
    assert (last["point_name"], last["enterprise_id"]) == ("总测点", str(ENTERPRISE))
    page = (await browser.get(f"{USES}?page=2&limit=3", actor)).json()
    assert (page["count"], [row["lot"] for row in page["items"]]) == (4, ["L0"])


async def test_what_is_not_filed_and_what_had_expired_are_told(browser: Browser) -> None:
    rows = {row["lot"]: (row["filed"], row["expired"]) for row in await browser.items(USES, OWN)}
    assert rows == {"L2": (True, False), "G7": (False, False), "L1": (True, True), "L0": (True, False)}


@pytest.mark.parametrize(
    ("query", "lots"),
    [
        ("?search=泵", ["L2", "L1", "L0"]),
        ("?search=PT-16", ["L2", "L1", "L0"]),
        ("?search=乙炔", ["G7"]),
        ("?lot=l1", ["L1"]),
        ("?from=2026-11-20&to=2026-11-22", ["G7", "L1"]),
        ("?filed=true", ["L2", "L1", "L0"]),
        ("?filed=false", ["G7"]),
        ("?expired=true", ["L1"]),
        ("?search=泵&expired=true&lot=L2", []),
    ],
)
async def test_the_list_is_filtered(browser: Browser, query: str, lots: list[str]) -> None:
    assert [lot for _, lot, _ in await uses(browser, query)] == lots


async def test_the_stock_goes_down_by_what_was_used_since_its_quantity_was_filed(browser: Browser) -> None:
    for actor in (OWN, DISTRICT, OTHER_DISTRICT, CITY, OFFICE):
        assert (await browser.get(STOCK, actor)).json() == {
            "items": [
                {
                    "name": "泵管",
                    "model": "PT-16 A",
                    "categories": ["spare_part"],
                    "places": ["仓库"],
                    "units": ["根"],
                    "uses": 2,
                    "expired": 1,
                    "quantity": "20",
                    "since": "2026-11-20",
                    "used": "3.5",
                    "left": "16.5",
                }
            ],
            "unfiled": 1,
        }


async def test_a_phone_takes_the_filed_parts_along(browser: Browser) -> None:
    assert (await browser.get("/tasks/today", OWN)).json()["parts"] == [{"name": "泵管", "model": "PT-16 A"}]
    assert (await browser.get("/tasks/today", OTHERS)).json()["parts"] == []


async def test_the_uses_are_nobody_elses_business(browser: Browser) -> None:
    for actor in (OTHERS, SIGNER, NEIGHBOUR, OTHER_DISTRICT):
        assert await uses(browser, actor=actor) == []
    for actor in (OTHERS, SIGNER, NEIGHBOUR):
        assert (await browser.get(STOCK, actor)).status_code == 404
    assert await uses(browser, actor=OWN) == ALL
    assert await browser.items(f"/filings/{RIVAL}/part-uses", OWN) == []


async def test_the_file_has_what_the_list_shows(browser: Browser) -> None:
    answer = await browser.get(f"{USES}.xlsx?filed=true&search=泵", OWN)
    assert answer.status_code == 200
    about, rows = openpyxl.load_workbook(BytesIO(answer.content)).worksheets
    assert ("备案", "已备案的备件") in list(about.values)
    titles, *lines = rows.values
    found = [dict(zip(titles, line, strict=True)) for line in lines]
    assert [(line["批号"], line["已过有效期"], line["数量"]) for line in found] == [
        ("L2", None, 1.5),
        ("L1", "是", 2),
        ("L0", None, 5),
    ]
    other = await browser.get(f"{USES}.xlsx", OTHERS)
    assert len(list(openpyxl.load_workbook(BytesIO(other.content)).worksheets[1].values)) == 1


def filed_again(filing: FilingFacts, particulars: facts.SparePartParticulars, number: int, on: date) -> None:
    filing.say(
        facts.ResourceCorrected, resource_id=PART, particulars=particulars, changed_on=on, reason="盘点"
    )
    files(filing, number + 1, None, version(PART, "spare_part", number), on=on)


async def test_a_new_count_begins_with_its_day_and_another_place_does_not(
    postgres_server: DatabaseServer,
) -> None:
    sample, filing = with_parts()
    filed_again(filing, hose().model_copy(update={"place": "二号库"}), 2, date(2026, 11, 22))
    async with asked(postgres_server, sample) as browser:
        (moved,) = (await browser.get(STOCK, OWN)).json()["items"]
        assert (moved["places"], moved["since"], moved["left"]) == (["二号库"], "2026-11-20", "16.5")
    filed_again(filing, hose(30), 3, date(2026, 11, 22))
    async with asked(postgres_server, sample) as browser:
        (counted,) = (await browser.get(STOCK, OWN)).json()["items"]
        assert (counted["since"], counted["used"], counted["left"]) == ("2026-11-22", "1.5", "28.5")


async def test_parts_with_one_name_and_model_are_one_stock(postgres_server: DatabaseServer) -> None:
    sample, filing = with_parts()
    filing.adds(LATER, hose(4).model_copy(update={"place": "车上"}))
    files(filing, 3, None, version(LATER, "spare_part"), on=CHANGED)
    async with asked(postgres_server, sample) as browser:
        (both,) = (await browser.get(STOCK, OWN)).json()["items"]
        assert (both["quantity"], both["left"], both["places"]) == ("24", "20.5", ["仓库", "车上"])


async def test_a_draft_is_no_stock_and_what_is_gone_is_none(postgres_server: DatabaseServer) -> None:
    sample, filing = work_and_filing()
    filing.adds(PART, hose())
    async with asked(postgres_server, sample) as browser:
        assert (await browser.get(STOCK, OWN)).json()["items"] == []
    files(filing, 2, None, version(PART, "spare_part"), on=CHANGED)
    filing.say(facts.ResourceEnded, resource_id=PART, last_day=date(2026, 11, 19), reason="用完")
    files(filing, 3, None, version(PART, "spare_part", 2), on=CHANGED)
    async with asked(postgres_server, sample) as browser:
        assert (await browser.get(STOCK, OWN)).json()["items"] == []


async def test_a_correction_replaces_and_a_visit_that_was_aborted_used_nothing(
    postgres_server: DatabaseServer,
) -> None:
    sample, _ = work_and_filing()
    corrected = visited(sample, "corrected", CHANGED, used("泵管", "9", lot="wrong"))
    wrong = corrected.sheets[0]
    right = written("corrected patrol'", CHANGED, used("泵管", "2", lot="right"))
    corrected.corrects_sheet(right.model_copy(update={"supersedes": (wrong.revision_id,)}))
    aborted = VisitFacts(sample, "aborted", day=CHANGED)
    aborted.signs_in()
    aborted.records(written("aborted patrol", CHANGED, used("泵管", "1", lot="aborted")))
    aborted.aborts()
    async with asked(postgres_server, sample) as browser:
        assert await uses(browser) == [("泵管", "right", "2")]


async def test_of_two_revisions_that_disagree_only_the_last_is_taken_from_the_stock(
    postgres_server: DatabaseServer,
) -> None:
    sample, _ = work_and_filing()
    both = visited(sample, "both", CHANGED, used("泵管", "1", lot="first"))
    both.corrects_sheet(written("both patrol'", CHANGED, used("泵管", "2", lot="second")))
    async with asked(postgres_server, sample) as browser:
        shown = (await browser.get(f"/visits/{visit('both')}", OWN)).json()
        assert shown["conflict"]
        assert await uses(browser) == [("泵管", "second", "2")]
