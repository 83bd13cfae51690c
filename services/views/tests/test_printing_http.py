"""The record over HTTP: only what is signed, only for who may see it; images by the asker's own right."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable, Iterator, MutableMapping
from dataclasses import replace
from io import BytesIO
from typing import Any
from uuid import uuid5

import httpx
import pypdf
import pytest
from counting import until
from fastapi import FastAPI
from qingyuan_events import Actor
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.tokens.actors import issue
from read_models import make_model
from test_printing import FONTS, HAVE_FONT, jpeg
from views.main import build_app
from views.printing import press
from views.printing.http import Printing
from views.printing.pictures import MemoryPictures
from views.printing.press import Press
from views.shared.people import MemoryPeople
from working_day import working_day
from working_day_browser import KEY, NEIGHBOUR, NOW, OWN, SIGNER, Browser, nothing
from working_day_facts import HASH, SPACE

pytestmark = pytest.mark.servers

SIGNED, RENEWED = uuid5(SPACE, "visit first"), uuid5(SPACE, "visit second")
OPEN = uuid5(SPACE, "visit broken")


@pytest.fixture(scope="module")
async def app(postgres_server: DatabaseServer) -> AsyncIterator[FastAPI]:
    model = await make_model(postgres_server)
    await model.apply(working_day().recorded)
    printing = Printing(
        Press(FONTS), MemoryPictures({HASH: (jpeg("#c66"), SIGNER)}), MemoryPeople({}), "https://q.example"
    )
    yield build_app(
        model.reader, trusted=KEY, ready=nothing, people=printing.people, printing=printing, clock=lambda: NOW
    )
    await model.close()


@pytest.fixture(scope="module")
async def browser(app: FastAPI) -> AsyncIterator[Browser]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://views") as http:
        yield Browser(http)


Changing = Callable[..., None]


@pytest.fixture
def printing(app: FastAPI) -> Iterator[Changing]:
    """Changes of what prints, for one test. (`monkeypatch` takes the attribute of a `State` away altogether.)"""
    was = app.state.printing

    def change(**changed: object) -> None:
        app.state.printing = replace(was, **changed)

    yield change
    app.state.printing = was


@HAVE_FONT
async def test_a_signed_visit_is_printed_for_who_may_see_it(browser: Browser) -> None:
    answer = await browser.get(f"/visits/{SIGNED}.pdf", SIGNER)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    text = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(answer.content)).pages)
    visit = (await browser.get(f"/visits/{SIGNED}", SIGNER)).json()
    assert visit["content"]["sha256"] in text
    assert "图片未取得" not in text
    assert (await browser.get(f"/visits/{SIGNED}.pdf", SIGNER)).content == answer.content
    assert (await browser.get(f"/visits/{SIGNED}.pdf", NEIGHBOUR)).status_code == 404
    others = await browser.get(f"/visits/{SIGNED}.pdf", OWN)
    assert "图片未取得" in pypdf.PdfReader(BytesIO(others.content)).pages[0].extract_text()


@pytest.mark.parametrize("visit", [RENEWED, OPEN])
async def test_what_is_not_signed_is_not_printed(browser: Browser, visit: str) -> None:
    answer = await browser.get(f"/visits/{visit}.pdf", SIGNER)
    assert (answer.status_code, answer.json()["code"]) == (409, "record.unsigned")


async def test_a_slow_record_holds_nobody_up_and_who_comes_too_late_is_told_when_to_come_again(
    browser: Browser, printing: Changing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two at once; one may wait; nobody else does."""
    slow, at_work, most = asyncio.Event(), 0, 0

    async def render(*_: object, megabytes: int, **__: object) -> bytes:
        nonlocal at_work, most
        assert megabytes == press.MEGABYTES
        at_work += 1
        most = max(most, at_work)
        await slow.wait()
        at_work -= 1
        return b"%PDF"

    async def both_at_work() -> bool:
        return at_work == 2

    async def one_waits() -> bool:
        return press_of_two._turns.waiting == 1

    press_of_two = Press(FONTS, at_once=2, waiting=1)
    monkeypatch.setattr(press.isolated, "call", render)
    printing(press=press_of_two)
    asking = [asyncio.create_task(browser.get(f"/visits/{SIGNED}.pdf", SIGNER)) for _ in range(2)]
    await until(both_at_work)
    asking.append(asyncio.create_task(browser.get(f"/visits/{SIGNED}.pdf", OWN)))
    await until(one_waits)
    late = await browser.get(f"/visits/{SIGNED}.pdf", OWN)
    assert (late.status_code, late.json()["code"], late.headers["retry-after"]) == (
        503,
        "record.crowded",
        "5",
    )
    slow.set()
    assert {answer.status_code for answer in await asyncio.gather(*asking)} == {200}
    assert (at_work, most) == (0, 2)


class Machine:
    """A press that is at work until it is told to go on, and pictures that count who asks for them."""

    def __init__(self) -> None:
        self.go_on, self.printed, self.at_work, self.fetched = asyncio.Event(), 0, 0, 0
        self.press = Press(FONTS, at_once=1, waiting=20, waiting_each=5)

    async def fetch(self, _actor: Actor, _sha256: str) -> bytes | None:
        self.fetched += 1
        return None

    async def render(self, *_: object, **__: object) -> bytes:
        self.at_work += 1
        try:
            await self.go_on.wait()
        finally:
            self.at_work -= 1
        self.printed += 1
        return b"%PDF"

    async def is_at_work(self) -> bool:
        return self.at_work == 1

    async def is_idle(self) -> bool:
        return self.at_work == 0

    async def is_full(self) -> bool:
        return self.press._turns.waiting == 5

    async def nobody_waits(self) -> bool:
        return self.press._turns.waiting == 0


@pytest.fixture
def machine(printing: Changing, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine()
    monkeypatch.setattr(press.isolated, "call", made.render)
    printing(press=made.press, pictures=made)
    return made


async def opened(app: FastAPI, actor: Actor, hangs_up: asyncio.Event) -> list[int]:
    """A browser opens the record and may hang up before it is there: the status that it heard, if any."""
    heard: list[int] = []
    said = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> dict[str, object]:
        if said:
            return said.pop()
        await hangs_up.wait()
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            heard.append(message["status"])

    path = f"/visits/{SIGNED}.pdf"
    token = f"Bearer {issue(actor, KEY, now=time.time())}".encode()
    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
        "root_path": "", "scheme": "http", "headers": [(b"authorization", token)], "http_version": "1.1",
    }  # fmt: skip
    await app(scope, receive, send)
    return heard


async def test_who_reloads_five_times_has_one_record_printed(app: FastAPI, machine: Machine) -> None:
    hang_up = asyncio.Event()
    first = asyncio.create_task(opened(app, SIGNER, hang_up))
    await until(machine.is_at_work)
    reloads = [asyncio.create_task(opened(app, SIGNER, hang_up)) for _ in range(5)]
    await until(machine.is_full)
    hang_up.set()
    assert await asyncio.wait_for(asyncio.gather(first, *reloads), 30) == [[]] * 6
    assert await machine.is_idle()
    assert await machine.nobody_waits()
    machine.go_on.set()
    assert await opened(app, SIGNER, asyncio.Event()) == [200]
    assert machine.printed == 1


async def test_nothing_is_fetched_for_a_record_before_its_turn(app: FastAPI, machine: Machine) -> None:
    """Forty requests of one account fetched forty times the pictures, for six records."""
    asking = [asyncio.create_task(opened(app, SIGNER, asyncio.Event())) for _ in range(40)]
    await until(machine.is_at_work)
    await until(machine.is_full)
    reads = machine.fetched
    refused = [task async for task in _first(34, asking)]
    assert refused == [[503]] * 34
    assert (machine.at_work, machine.fetched) == (1, reads)
    machine.go_on.set()
    await asyncio.gather(*asking)
    assert (machine.printed, machine.fetched) == (6, 6 * reads)


async def _first(number: int, tasks: list[asyncio.Task[list[int]]]) -> AsyncIterator[list[int]]:
    for done in itertools.islice(asyncio.as_completed(tasks), number):
        yield await done
