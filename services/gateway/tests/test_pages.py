"""Which file answers which path, and how long a browser may keep it."""

import re
from pathlib import Path

import httpx
import pytest
from gateway.headers import CSP
from gateway.pages import Pages
from serving import gateway

YEAR = "public, max-age=31536000, immutable"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    manual = ("help/index.html", "help/404.html", "help/signing.html", "help/assets/sign.1.png")
    for name in ("index.html", "m/index.html", "m/worker.js", "assets/phone-1.js", "mark.svg", *manual):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(name)
    return tmp_path


@pytest.fixture
def secret(folder: Path) -> None:
    """A file beside the folder."""
    (folder.parent / "secret").write_text("secret")


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
        ("/help/", "help/index.html", "no-store"),
        ("/help/signing.html", "help/signing.html", "no-store"),
        ("/help/assets/sign.1.png", "help/assets/sign.1.png", YEAR),
        ("/helpless", "index.html", "no-store"),
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


async def test_the_manual_has_one_address(folder: Path) -> None:
    answer = await ask(folder, "/help")
    assert (answer.status_code, answer.headers["location"]) == (307, "/help/")


@pytest.mark.usefixtures("secret")
@pytest.mark.parametrize(
    "path", ["/help/gone.html", "/help/gone", "/help/a/b/", "/help/%2e%2e/%2e%2e/secret"]
)
async def test_an_unknown_page_of_the_manual_is_404_and_shows_the_manual_and_nothing_else(
    folder: Path, path: str
) -> None:
    answer = await ask(folder, path)
    assert (answer.status_code, answer.text) == (404, "help/404.html")


@pytest.mark.parametrize("path", ["/help/", "/help/signing.html", "/help/gone.html"])
async def test_the_manual_is_for_everybody_under_the_policy_of_all_pages(folder: Path, path: str) -> None:
    app, upstream = gateway("http://127.0.0.1:1", web_dist=folder)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://qingyuan.test"
    ) as client:
        answer = await client.get(path)
    await upstream.close()
    assert answer.text.startswith("help/")
    assert answer.headers["content-security-policy"] == CSP


async def test_without_the_manual_its_paths_are_404_and_not_a_page_of_the_system(folder: Path) -> None:
    for page in (folder / "help").glob("*.html"):
        page.unlink()
    assert (await ask(folder, "/help/")).status_code == 404


@pytest.mark.parametrize("path", ["/m/worker.mjs", "/assets/gone.js", "/m/../../secret.txt"])
async def test_the_path_of_a_missing_file_is_answered_404_and_not_by_an_entry_page(
    folder: Path, path: str
) -> None:
    assert (await ask(folder, path)).status_code == 404


async def test_without_a_build_it_says_how_to_make_one() -> None:
    answer = await ask(None, "/m/")
    assert answer.status_code == 503
    assert "make web" in answer.text


def test_pages_frame_only_what_they_have_made_themselves() -> None:
    """A PDF is shown from bytes that the page has fetched; nothing frames an address, and nobody frames us."""
    policy = dict(directive.split(" ", 1) for directive in CSP.split("; "))
    assert {policy[name] for name in ("frame-src", "object-src")} == {"blob:"}
    assert (policy["frame-ancestors"], policy["script-src"]) == ("'none'", "'self'")


def test_pages_ask_no_other_host_but_the_signing_service_on_the_users_own_machine() -> None:
    policy = dict(directive.split(" ", 1) for directive in CSP.split("; "))
    own, *others = policy["connect-src"].split()
    assert own == "'self'"
    assert set(others) == {
        f"{scheme}://127.0.0.1:{port}" for port in (17651, 17652, 17653) for scheme in ("ws", "http")
    }
    hosts = re.findall(r"//([^:/ ;]+)", CSP)
    assert set(hosts) == {"127.0.0.1"}
