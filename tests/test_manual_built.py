"""The manual as it is served: nothing of it is missing, nothing of it asks another host, nothing of it is forbidden by the policy."""

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from qingyuan_local.setup import checkout

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
DIST = checkout() / "web" / "dist"
HERE = "http://manual.test"
ADDRESS = re.compile(r"https?://([\w.-]+)")
NAMED_ONLY = {
    "www.w3.org",
    "vuejs.org",
    "docsearch.algolia.com",
    "github.com",
    "api.iconify.design",
    "a.com",
    "127.0.0.1",
}
"""In the scripts of VitePress: names of XML, licences, where errors are explained, parts that are not used here, and the
address that a chapter tells the reader to type."""


class Page(HTMLParser):
    """What one page refers to, its anchors and the scripts that stand in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.references: list[str] = []
        self.anchors: set[str] = set()
        self.inline: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.references += [named[name] for name in ("href", "src", "srcset", "action") if name in named]
        self.anchors |= {named["id"]} if "id" in named else set()
        handlers = [name for name in named if name.startswith("on")]
        self.inline += handlers + (
            [tag] if tag == "style" or (tag == "script" and "src" not in named) else []
        )


@cache
def built() -> dict[str, Page]:
    """Every page by its path, as `make web` builds it: at once where nothing changed."""
    subprocess.run(["sh", "deploy/local/pages.sh"], cwd=checkout(), check=True)
    pages = (DIST / "help").glob("*.html")
    return {f"/help/{page.name}": Page(page.read_text()) for page in pages}


def references() -> Iterator[tuple[str, str]]:
    for path, page in built().items():
        yield from ((path, urljoin(HERE + path, reference)) for reference in page.references)


def file_of(path: str) -> Path:
    return DIST / unquote(path.removesuffix("/") + "/index.html" if path.endswith("/") else path).lstrip("/")


def test_the_test_sees_the_chapters_and_their_pictures() -> None:
    assert {"/help/index.html", "/help/signing.html", "/help/404.html"} <= set(built())
    assert any(reference.endswith(".png") for _, reference in references())


def test_no_page_refers_to_another_host() -> None:
    assert [found for found in references() if not found[1].startswith(f"{HERE}/")] == []


def test_no_script_and_no_style_names_another_host() -> None:
    assets = [path for kind in ("*.js", "*.css") for path in (DIST / "help").rglob(kind)]
    assert assets
    assert {host for path in assets for host in ADDRESS.findall(path.read_text())} <= NAMED_ONLY


def test_every_link_and_every_picture_is_there() -> None:
    missing = [found for found in references() if not file_of(urlsplit(found[1]).path).is_file()]
    assert missing == []


def test_every_place_in_a_chapter_that_is_linked_is_there() -> None:
    linked = [(path, urlsplit(reference)) for path, reference in references()]
    inside = [(path, to) for path, to in linked if to.fragment and to.path in built()]
    assert [
        (path, to.geturl()) for path, to in inside if unquote(to.fragment) not in built()[to.path].anchors
    ] == []


def test_no_page_has_a_script_or_a_style_of_its_own() -> None:
    """The policy allows files of the same host only."""
    assert {path: page.inline for path, page in built().items() if page.inline} == {}


def test_no_setting_is_evaluated_in_the_browser() -> None:
    """VitePress writes functions of its settings as text and evaluates it, which the policy forbids."""
    [settings] = (DIST / "help" / "assets" / "chunks").glob("metadata.*.js")
    assert "_vp-fn_" not in settings.read_text()


def test_a_host_or_a_missing_file_would_be_seen() -> None:
    page = Page('<img src="//elsewhere.test/a.png"><script>1</script><a href="gone.html" onclick="1">')
    assert page.references == ["//elsewhere.test/a.png", "gone.html"]
    assert page.inline == ["script", "onclick"]
