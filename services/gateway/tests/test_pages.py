"""Which file answers which path, and how long a browser may keep it."""

from pathlib import Path

import httpx
import pytest
from gateway.pages import Pages

YEAR = "public, max-age=31536000, immutable"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("index.html", "m/index.html", "m/worker.js", "assets/phone-1.js", "mark.svg"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    return tmp_path


async def ask(folder: Path | None, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(app=Pages(folder))
    async with httpx.AsyncClient(transport=transport, base_url="http://qingyuan.test") as client:
        return await client.get(path)


@pytest.mark.parametrize(
    ("path", "answered_by", "kept"),
    [
        ("/", "index.html", "no-store"),
        ("/enterprises/1/outlets", "index.html", "no-store"),
        ("/m/", "m/index.html", "no-store"),
        ("/m/visits/1", "m/index.html", "no-store"),
        ("/m/worker.js", "m/worker.js", "no-store"),
        ("/monitoring", "index.html", "no-store"),
        ("/assets/phone-1.js", "assets/phone-1.js", YEAR),
        ("/mark.svg", "mark.svg", "no-store"),
    ],
)
async def test_a_path_is_answered_by_its_file_or_its_entry(
    folder: Path, path: str, answered_by: str, kept: str
) -> None:
    answer = await ask(folder, path)
    assert (answer.status_code, answer.text) == (200, answered_by)
    assert answer.headers["cache-control"] == kept


async def test_the_phone_pages_have_one_address(folder: Path) -> None:
    """The phone's service worker caches only paths under /m/, so the page at /m would not work offline."""
    answer = await ask(folder, "/m")
    assert (answer.status_code, answer.headers["location"]) == (307, "/m/")


@pytest.mark.parametrize("path", ["/m/worker.mjs", "/assets/gone.js", "/m/../../secret.txt"])
async def test_the_path_of_a_missing_file_is_answered_404_and_not_by_an_entry_page(
    folder: Path, path: str
) -> None:
    assert (await ask(folder, path)).status_code == 404


async def test_without_a_build_it_says_how_to_make_one() -> None:
    answer = await ask(None, "/m/")
    assert answer.status_code == 503
    assert "make web" in answer.text
