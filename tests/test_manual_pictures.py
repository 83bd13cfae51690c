"""The manual's pictures are those that the browser stories take: none is missing, none is left over, none is drawn by hand."""

import re

from qingyuan_local.setup import checkout

DOCS = checkout() / "docs"
STORIES = checkout() / "tests" / "browser"


def taken() -> set[str]:
    """Pictures by the stories; what the phone's stories keep has its name in front."""
    found = set()
    for story in STORIES.glob("*.test.mjs"):
        for prefix, name in re.findall(r"\b(keep|keepOfPhone)\(\w+, '([\w-]+)'\)", story.read_text()):
            of_phone = prefix == "keepOfPhone" or story.name == "phone.test.mjs"
            found.add(f"phone-{name}" if of_phone else name)
    return found


def shown() -> set[str]:
    pages = [*DOCS.rglob("*.md"), *checkout().glob("README*.md")]
    return {name for page in pages for name in re.findall(r"images/([\w-]+)\.png", page.read_text())}


def kept() -> set[str]:
    return {path.stem for path in (DOCS / "images").glob("*.png")}


def test_every_picture_that_a_page_shows_is_there() -> None:
    assert shown() - kept() == set()


def test_every_picture_is_shown_somewhere() -> None:
    assert kept() - shown() == set()


def test_every_picture_is_taken_by_a_story_and_each_that_is_taken_is_shown() -> None:
    assert kept() ^ taken() == set()


def test_the_test_sees_a_story_that_takes_one() -> None:
    assert {"import", "phone-parked", "phone-sheet"} <= taken()
