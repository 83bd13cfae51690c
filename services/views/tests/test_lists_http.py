"""The lists as people use them: filters, page numbers with a count, choices, and Excel files."""

from collections.abc import AsyncIterator
from datetime import datetime
from io import BytesIO
from typing import Any

import httpx
import openpyxl
import pytest
from conforming import Conforming
from fastapi import FastAPI
from qingyuan_events import Actor
from qingyuan_local.testing import DatabaseServer
from read_models import make_model
from sample_facts import ENTERPRISE, OTHER, POINT
from test_printing import FONTS
from views.main import build_app
from views.printing.http import Printing
from views.printing.pictures import MemoryPictures
from views.printing.press import Press
from views.shared import workbook
from views.shared.people import MemoryPeople
from working_day import working_day
from working_day_browser import (
    COLLEAGUE,
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
from working_day_facts import FAR_POINT, OPERATOR, PLAN, TECHNICIAN

pytestmark = pytest.mark.servers
LISTS = ["/visits", "/confirmations", "/cycles", "/contracts", "/plans"]
TECHNICIAN_NAME = "周师傅"


@pytest.fixture(scope="module")
async def app(postgres_server: DatabaseServer) -> AsyncIterator[FastAPI]:
    model = await make_model(postgres_server)
    await model.apply(working_day().recorded)
    people = MemoryPeople({TECHNICIAN: TECHNICIAN_NAME, SIGNER.account: "与名单无关的人"})
    printing = Printing(Press(FONTS), MemoryPictures({}), people, "https://q.example")
    yield build_app(
        model.reader, trusted=KEY, ready=nothing, people=people, printing=printing, clock=lambda: NOW
    )
    await model.close()


@pytest.fixture(scope="module")
async def browser(app: FastAPI) -> AsyncIterator[Browser]:
    async with httpx.AsyncClient(transport=Conforming(app), base_url="http://views") as http:
        yield Browser(http)


async def sheets(browser: Browser, path: str, actor: Actor = OFFICE) -> list[list[tuple[Any, ...]]]:
    """The rows of the first sheet, and those of the list."""
    answer = await browser.get(path, actor)
    assert answer.status_code == 200, answer.text
    book = openpyxl.load_workbook(BytesIO(answer.content))
    return [list(sheet.values) for sheet in book.worksheets]


FILTERED = [
    ("/visits?technician_id=" + str(TECHNICIAN), 5),
    ("/visits?technician_id=" + str(SIGNER.account), 0),
    ("/visits?content=calibration", 2),
    (f"/visits?point_id={FAR_POINT}", 1),
    (f"/visits?content=patrol&enterprise_id={ENTERPRISE}", 3),
    ("/confirmations?content=calibration", 2),
    (f"/confirmations?point_id={FAR_POINT}", 1),
    ("/confirmations?technician_id=" + str(TECHNICIAN), 4),
    ("/confirmations?from=2026-11-05&to=2026-11-20", 1),
    ("/cycles?content=calibration", 8),
    ("/cycles?content=unknown", 0),
    ("/cycles?technician_id=" + str(TECHNICIAN), 5),
    ("/cycles?state=done", 5),
    ("/cycles?technician_id=" + str(SIGNER.account), 0),
    (f"/contracts?operator_id={OPERATOR}", 1),
    (f"/contracts?enterprise_id={OTHER}", 1),
    ("/contracts?standing=expiring", 2),
    ("/contracts?standing=in_force", 0),
    ("/contracts?state=confirmed", 2),
    ("/contracts?from=2026-12-31&to=2027-06-30", 2),
    ("/contracts?from=2027-01-01", 0),
    ("/contracts?to=2025-12-31", 0),
    (f"/plans?enterprise_id={ENTERPRISE}", 1),
    ("/plans?standing=running", 2),
    ("/plans?standing=over", 0),
    ("/plans?to=2026-01-01", 0),
]


@pytest.mark.parametrize(("path", "number"), FILTERED)
async def test_lists_are_filtered_and_counted_by_the_server(browser: Browser, path: str, number: int) -> None:
    answer = (await browser.get(f"{path}&page=1")).json()
    assert (len(answer["items"]), answer["count"]) == (number, number)


@pytest.mark.parametrize("path", LISTS)
async def test_pages_by_number_are_those_by_cursor(browser: Browser, path: str) -> None:
    by_cursor, after = [], ""
    while after is not None:
        page = (await browser.get(f"{path}?limit=2&after={after}")).json()
        by_cursor.append(page["items"])
        after = page["next"]
    for number, items in enumerate(by_cursor, 1):
        page = (await browser.get(f"{path}?limit=2&page={number}")).json()
        assert page["items"] == items
        assert page["count"] == sum(map(len, by_cursor))
    beyond = (await browser.get(f"{path}?limit=2&page={len(by_cursor) + 1}")).json()
    assert (beyond["items"], beyond["next"]) == ([], None)


@pytest.mark.parametrize("path", LISTS)
async def test_the_count_is_of_what_one_may_see(browser: Browser, path: str) -> None:
    own = (await browser.get(f"{path}?page=1", SIGNER)).json()
    everything = (await browser.get(f"{path}?page=1", OFFICE)).json()
    assert own["count"] == len(own["items"]) < everything["count"]


async def test_a_page_number_is_a_number_from_one(browser: Browser) -> None:
    for wrong in ("0", "-1", "x", "99999999999"):
        assert (await browser.get(f"/visits?page={wrong}")).status_code == 422


async def test_a_visit_in_the_list_has_its_technicians_name(browser: Browser) -> None:
    assert {row["technician"] for row in await browser.items("/visits", SIGNER)} == {TECHNICIAN_NAME}


async def test_a_confirmation_in_the_list_has_its_technicians_name(browser: Browser) -> None:
    assert {row["technician"] for row in await browser.items("/confirmations", SIGNER)} == {TECHNICIAN_NAME}


async def choices(browser: Browser, query: str, actor: Actor) -> list[str]:
    return [choice["name"] for choice in await browser.items(f"/choices?{query}", actor)]


async def test_choices_are_what_one_may_see(browser: Browser) -> None:
    for actor in (OWN, SIGNER, DISTRICT):
        assert await choices(browser, "of=enterprise", actor) == ["清泉化工"]
        assert await choices(browser, "of=operator", actor) == ["上海绿测环境运维有限公司"]
        assert await choices(browser, "of=technician", actor) == [TECHNICIAN_NAME]
        assert await choices(browser, f"of=enterprise&id={OTHER}", actor) == []
        assert await choices(browser, f"of=point&id={FAR_POINT}", actor) == []
        assert await choices(browser, f"of=technician&id={SIGNER.account}", actor) == []
    for actor in (OTHERS, NEIGHBOUR, OTHER_DISTRICT):
        assert "清泉化工" not in await choices(browser, "of=enterprise", actor)
        assert await choices(browser, f"of=enterprise&id={ENTERPRISE}", actor) == []
        assert await choices(browser, f"of=point&id={POINT}", actor) == []
        assert await choices(browser, f"of=operator&id={OPERATOR}", actor) == []


async def test_choices_are_found_by_a_part_of_the_name(browser: Browser) -> None:
    assert await choices(browser, "of=enterprise&search=清泉", OFFICE) == ["清泉化工"]
    assert await choices(browser, "of=operator&search=他人", OFFICE) == ["上海他人运维有限公司"]
    assert await choices(browser, "of=operator&search=%25", OFFICE) == []
    assert await choices(browser, "of=technician&search=周", OFFICE) == [TECHNICIAN_NAME]
    assert await choices(browser, "of=technician&search=吴", OFFICE) == []
    (point,) = await browser.items(f"/choices?of=point&enterprise_id={ENTERPRISE}", OFFICE)
    assert (point["id"], point["detail"]) == (str(POINT), "清泉化工")
    assert (await browser.get("/choices?of=weather", OFFICE)).status_code == 422


async def test_the_file_has_the_rows_of_the_list_with_names_numbers_and_days(browser: Browser) -> None:
    about, (titles, *rows) = await sheets(browser, "/visits.xlsx?from=2026-11-04&to=2026-11-04", SIGNER)
    (row,) = [dict(zip(titles, row, strict=True)) for row in rows]
    assert row["排污单位"] == "清泉化工"
    assert row["运维人员"] == TECHNICIAN_NAME
    assert row["运维内容"] == "校准、日常巡检"
    assert row["日期"] == datetime(2026, 11, 4)
    assert row["签到时间"] == datetime(2026, 11, 4, 9), "local time"
    assert isinstance(row["记录单（份）"], int)
    assert row["企业确认"] == "已签字"
    assert ("日期", "2026-11-04 至 2026-11-04") in about
    assert ("行数", 1) in about


@pytest.mark.parametrize("path", LISTS)
async def test_the_file_is_as_long_as_the_list_and_shows_no_others(browser: Browser, path: str) -> None:
    for actor in (OWN, COLLEAGUE, SIGNER, DISTRICT, OTHERS, NEIGHBOUR, OTHER_DISTRICT, OFFICE):
        _, (titles, *rows) = await sheets(browser, f"{path}.xlsx", actor)
        listed = await browser.items(path, actor)
        assert len(rows) == len(listed)
        place = titles.index("排污单位")
        assert {row[place] or "" for row in rows} == {row["enterprise_name"] for row in listed}
        assert not any(isinstance(cell, str) and cell.count("-") == 4 for row in rows for cell in row), "ids"


async def test_the_first_sheet_names_what_was_chosen_unless_one_may_not_see_it(browser: Browser) -> None:
    query = f"operator_id={OPERATOR}&enterprise_id={ENTERPRISE}&point_id={POINT}&technician_id={TECHNICIAN}&content=patrol&state=complete"
    about, _ = await sheets(browser, f"/visits.xlsx?{query}", SIGNER)
    assert {
        ("运维机构", "上海绿测环境运维有限公司"), ("排污单位", "清泉化工"), ("测点", "总测点"), ("运维人员", TECHNICIAN_NAME),
        ("运维内容", "日常巡检"), ("状态", "已完成"),
    } <= set(about)  # fmt: skip
    about, _ = await sheets(
        browser, f"/visits.xlsx?enterprise_id={OTHER}&technician_id={SIGNER.account}", SIGNER
    )
    assert {("排污单位", "所选"), ("运维人员", "所选")} <= set(about)
    about, _ = await sheets(browser, f"/cycles.xlsx?plan_id={PLAN}&state=planned", OWN)
    assert {("计划", "十一月"), ("状态", "全部应做")} <= set(about)
    about, _ = await sheets(browser, "/confirmations.xlsx?state=unsigned&day=2026-11-23", OWN)
    assert {("状态", "未签字"), ("日期", "2026-11-23 至 2026-11-23")} <= set(about)


async def test_the_files_of_contracts_and_plans_have_names_days_and_words(browser: Browser) -> None:
    about, (titles, *rows) = await sheets(
        browser, "/contracts.xlsx?standing=expiring&from=2026-06-01", SIGNER
    )
    (row,) = [dict(zip(titles, row, strict=True)) for row in rows]
    assert (row["排污单位"], row["运维机构"], row["所在区"]) == (
        "清泉化工",
        "上海绿测环境运维有限公司",
        "青浦区",
    )
    assert (row["测点（个）"], row["到期"], row["状态"]) == (1, datetime(2026, 12, 31), "即将到期")
    assert {("状态", "即将到期"), ("日期", "2026-06-01 至 不限"), ("行数", 1)} <= set(about)
    about, (titles, *rows) = await sheets(browser, "/plans.xlsx?standing=running", SIGNER)
    (row,) = [dict(zip(titles, row, strict=True)) for row in rows]
    assert (row["计划"], row["运维内容"], row["状态"]) == ("十一月", "日常巡检、校准", "执行中")
    assert isinstance(row["开始"], datetime)
    assert ("状态", "执行中") in about


def test_a_file_that_was_cut_says_so() -> None:
    columns = [workbook.Column("甲", lambda row: row["a"])]
    out = BytesIO()
    book = workbook.ListWorkbook(out, workbook.Sheet("名单", columns, [("条件", "无")], NOW), rows_max=2)
    book.add([{"a": "=1+1"}, {"a": 2}, {"a": 3}])
    book.close()
    about, rows = openpyxl.load_workbook(out).worksheets
    assert [row[0] for row in rows.values] == ["甲", "=1+1", 2]
    assert rows["A2"].data_type == "s", "a text and no formula"
    assert ("行数", 2) in list(about.values)
    assert about.cell(about.max_row, 2).value.startswith("符合条件的超过")
