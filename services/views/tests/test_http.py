"""The register over HTTP, on real PostgreSQL: who gets what, odd requests, and waiting for what one wrote."""

import asyncio
import base64
import time
from collections.abc import AsyncIterator
from datetime import date
from io import BytesIO
from typing import Any

import httpx
import openpyxl
import pytest
from conforming import Conforming
from qingyuan_events import Actor
from qingyuan_events.registry import InstrumentRetired
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.tokens.actors import issue
from qingyuan_runtime.tokens.issuers import EveryIssuer
from qingyuan_standards.factors import FACTORS
from read_models import Model, make_model
from sample_facts import ENTERPRISE, IDS, NEW, OLD, OTHER, POINT, registry_facts
from views.main import build_app
from views.shared.people import MemoryPeople

pytestmark = pytest.mark.servers

KEY = EveryIssuer()
OWN = Actor(account=OLD, kind="enterprise", organisation=ENTERPRISE)
FOREIGN = Actor(account=OLD, kind="enterprise", organisation=OTHER)
DISTRICT = Actor(account=OLD, kind="regulator", district="310118")
OTHER_DISTRICT = Actor(account=OLD, kind="regulator", district="310113")
CITY = Actor(account=OLD, kind="regulator", district="310000")
OFFICE = Actor(account=OLD, kind="administrator")
OPERATOR = Actor(account=OLD, kind="operator", organisation=OTHER)


async def nothing() -> None:
    return None


@pytest.fixture
async def model(postgres_server: DatabaseServer) -> AsyncIterator[Model]:
    made = await make_model(postgres_server)
    for fact in registry_facts().recorded:
        await made.apply([fact])
        await made.seen(fact)
    yield made
    await made.close()


class Browser:
    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def get(self, path: str, actor: Actor = OFFICE, **headers: str) -> httpx.Response:
        token = {"Authorization": f"Bearer {issue(actor, KEY, now=time.time())}"}
        return await self._http.get(
            path, headers=token | {k.replace("_", "-"): v for k, v in headers.items()}
        )


@pytest.fixture
async def browser(model: Model) -> AsyncIterator[Browser]:
    transport = Conforming(
        build_app(model.reader, trusted=KEY, ready=nothing, people=MemoryPeople({})),
        raise_app_exceptions=False,
    )
    async with httpx.AsyncClient(transport=transport, base_url="http://views") as http:
        yield Browser(http)


PATHS = [
    f"/enterprises/{ENTERPRISE}",
    f"/enterprises/{ENTERPRISE}/points",
    f"/points/{POINT}/instruments",
    f"/instruments/{OLD}",
    f"/history/instrument-{OLD}",
    f"/history/enterprise-{ENTERPRISE}",
]


@pytest.mark.parametrize("path", PATHS)
async def test_an_object_outside_the_actors_scope_is_answered_404(browser: Browser, path: str) -> None:
    for actor in (OWN, DISTRICT, CITY, OFFICE):
        assert (await browser.get(path, actor)).status_code == 200
    for actor in (FOREIGN, OTHER_DISTRICT):
        assert (await browser.get(path, actor)).status_code == 404
    assert (await browser.get(path, OPERATOR)).status_code == 403


async def test_the_page_of_outlets_shows_points_with_their_instruments(browser: Browser) -> None:
    outlets = (await browser.get(f"/enterprises/{ENTERPRISE}/points", OWN)).json()["outlets"]
    assert [point["particulars"]["name"] for outlet in outlets for point in outlet["points"]] == ["总测点"]
    counted = outlets[0]["points"][0]["instruments"]
    assert counted == {"wastewater_analyser": 1, "sampler": 0, "flue_gas_analyser": 0}
    earlier = await browser.get(f"/enterprises/{ENTERPRISE}/points?as_of=2024-02-29", OWN)
    assert earlier.json()["outlets"] == []


async def test_an_instrument_shows_its_chain(browser: Browser) -> None:
    shown = (await browser.get(f"/instruments/{NEW}")).json()
    assert [link["id"] for link in shown["chain"]] == [str(OLD), str(NEW)]
    assert (shown["replaces"], shown["status"], shown["point_code"]) == (str(OLD), "in_use", "DW001")


ODD = [
    ("/enterprises?after=nonsense", 400),
    ("/enterprises?after=WzEsIDJd", 400),  # [1, 2]
    ("/enterprises?after=eyJhIjoxfQ==", 400),  # {"a": 1}
    ("/enterprises?search=%00", 422),
    ("/enterprises?search=%C2%85", 200),
    ("/enterprises?search=%E2%80%8B", 200),
    ("/enterprises?district=31%0001", 422),
    ("/enterprises?limit=0", 422),
    ("/enterprises?limit=501", 422),
    ("/enterprises?as_of=yesterday", 422),
    ("/enterprises?as_of=0001-01-01&as_known=0001-01-01", 422),
    ("/enterprises?as_of=9999-12-31&as_known=9999-12-31", 422),
    ("/enterprises?as_of=1900-01-01&as_known=1900-01-01", 200),
    ("/enterprises?as_of=2199-12-31&as_known=2199-12-31", 200),
    ("/enterprises?as_of=0", 422),
    ("/history/nothing", 422),
    ("/history/instrument-%00", 422),
    ("/instruments/%00", 422),
    (f"/instruments/{ENTERPRISE}", 404),
]


@pytest.mark.parametrize(("path", "status"), ODD)
async def test_an_unusual_query_is_answered_or_refused_and_causes_no_error(
    browser: Browser, path: str, status: int
) -> None:
    answer = await browser.get(path)
    assert answer.status_code == status, answer.text


def cursor(text: str | bytes) -> str:
    return base64.urlsafe_b64encode(text if isinstance(text, bytes) else text.encode()).decode()


PLACES = [
    "[" * 5_000 + "]" * 5_000,
    '["a\\u0000", "00000000-0000-0000-0000-000000000001"]',
    '["\\ud800", "00000000-0000-0000-0000-000000000001"]',
    '["a", 1e400]',
    '["a", NaN]',
    f'["a", {"9" * 5_000}]',
    b"\xff\xfe",
    "null",
    "[]",
]


@pytest.mark.parametrize("place", PLACES)
async def test_a_cursor_that_we_did_not_make_is_refused(browser: Browser, place: str | bytes) -> None:
    answer = await browser.get(f"/enterprises?after={cursor(place)}")
    assert answer.status_code in (400, 422), answer.text


@pytest.mark.parametrize("wanted", ["x", "instrument-1@2", f"instrument-{OLD}@", f"instrument-{OLD}@²", f"instrument-{OLD}@-1"])  # fmt: skip
async def test_a_malformed_version_is_refused(browser: Browser, wanted: str) -> None:
    answer = await browser.get("/enterprises", If_Version_At_Least=wanted.encode("latin-1"))  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["code"]) == (400, "if-version-at-least.malformed")


async def test_what_one_wrote_is_waited_for(browser: Browser, model: Model) -> None:
    path = f"/instruments/{NEW}"
    waiting = asyncio.ensure_future(browser.get(path, OWN, If_Version_At_Least=f"instrument-{NEW}@2"))
    sample = registry_facts()
    ended = InstrumentRetired(**IDS | {"instrument_id": NEW}, valid_to=date(2026, 7, 2), reason="停用")
    sample.add(f"instrument-{NEW}", ended)
    await model.apply(sample.recorded[-1:])
    assert not waiting.done()
    await model.seen(sample.recorded[-1])
    answer = await waiting
    assert (answer.status_code, answer.json()["status"], answer.json()["version"]) == (200, "retired", 2)


async def test_what_never_comes_is_said_to_be_behind(browser: Browser) -> None:
    answer = await browser.get("/enterprises", If_Version_At_Least=f"instrument-{NEW}@7")
    assert (answer.status_code, answer.json()["code"]) == (503, "view.behind")


def instruments_in(content: bytes) -> int:
    _, *sheets = openpyxl.load_workbook(BytesIO(content)).worksheets
    return sum(sheet.max_row - 1 for sheet in sheets)


async def test_the_export_holds_what_the_filter_shows(browser: Browser) -> None:
    for query, rows in (("", 1), ("?status=all", 2), ("?search=CODmax 2", 1), ("?kind=sampler", 0)):
        answer = await browser.get(f"/instruments.xlsx{query}", OWN)
        assert int(answer.headers["content-length"]) == len(answer.content)
        assert instruments_in(answer.content) == rows
    foreign = await browser.get("/instruments.xlsx", FOREIGN)
    assert instruments_in(foreign.content) == 0


async def test_the_export_of_instruments_says_what_was_asked_for(browser: Browser) -> None:
    async def told(query: str, actor: Actor = OFFICE) -> dict[str, Any]:
        answer = await browser.get(f"/instruments.xlsx{query}", actor)
        about = openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0]
        assert about.title == "查询条件"
        return {str(title): value for title, value in about.values if title != "导出时间"}

    assert await told("?status=all&as_of=2026-07-02") == {
        "名单": "仪器清单", "查看日期": "2026-07-02", "状态": "全部", "行数": 2,
    }  # fmt: skip
    query = f"?kind=sampler&factor=w01018&district=310115&search=CODmax&enterprise_id={ENTERPRISE}"
    narrowed = await told(f"{query}&status=ended&as_known=2026-06-30")
    assert [narrowed[title] for title in ("状态", "类别", "所在区", "查找")] == ["已停用", "自动采样器", "浦东新区", "CODmax"]  # fmt: skip
    assert (narrowed["分析因子"], narrowed["按何日的记录"]) == (FACTORS["w01018"][0], "2026-06-30")
    assert narrowed["排污单位"] == (await browser.get(f"/enterprises/{ENTERPRISE}")).json()["name"]
    assert (await told(query, FOREIGN))["排污单位"] == "所选"


async def test_enterprises_are_counted_and_have_page_numbers(browser: Browser) -> None:
    everything = (await browser.get("/enterprises?page=1&status=all")).json()
    assert everything["count"] == len(everything["items"]) > 1
    pages = [
        (await browser.get(f"/enterprises?page={number}&limit=1&status=all")).json()
        for number in range(1, everything["count"] + 1)
    ]
    assert [page["items"][0]["id"] for page in pages] == [row["id"] for row in everything["items"]]
    assert (await browser.get("/enterprises?page=1&status=all", OWN)).json()["count"] == 1


async def test_instruments_are_counted_and_have_page_numbers(browser: Browser) -> None:
    everything = (await browser.get("/instruments?page=1&status=all")).json()
    assert everything["count"] == len(everything["items"]) > 1
    pages = [
        (await browser.get(f"/instruments?page={number}&limit=1&status=all")).json()
        for number in range(1, everything["count"] + 1)
    ]
    assert [page["items"][0]["id"] for page in pages] == [row["id"] for row in everything["items"]]
    assert (await browser.get("/instruments?page=1&status=all", FOREIGN)).json()["count"] == 0


async def test_the_file_of_enterprises_is_the_list_with_names_and_numbers(browser: Browser) -> None:
    for actor in (OFFICE, OWN, FOREIGN, DISTRICT, OTHER_DISTRICT):
        listed = (await browser.get("/enterprises", actor)).json()["items"]
        answer = await browser.get("/enterprises.xlsx", actor)
        about, sheet = openpyxl.load_workbook(BytesIO(answer.content)).worksheets
        titles, *rows = sheet.values
        found = [dict(zip(titles, row, strict=True)) for row in rows]
        assert [row["单位名称"] for row in found] == [row["name"] for row in listed]
        assert [row["仪器（台）"] for row in found] == [row["instruments"] for row in listed]
        assert ("状态", "在用") in list(about.values)
    assert (await browser.get("/enterprises.xlsx", OPERATOR)).status_code == 403
