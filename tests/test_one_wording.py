"""Pages, messages, PDF and Excel say one thing with one word: the table "One wording" in docs/glossary.md."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TABLE = (ROOT / "docs" / "glossary.md").read_text().split("## One wording")[1]
CHINESE = re.compile("[\u4e00-\u9fff]+")


def rows() -> Iterator[tuple[str, list[str], list[str]]]:
    """Of each row: the word, those that are not said, and the names that contain one of them all the same."""
    for line in TABLE.splitlines():
        if line.startswith("| ") and "---" not in line and not line.startswith("| say"):
            word, wrong, names = (cell.strip() for cell in line.strip("|").split("|"))
            yield word, wrong.split("、"), [name for name in names.split("、") if CHINESE.fullmatch(name)]


@cache
def texts() -> list[tuple[str, str]]:
    """Files with text that users see, without those that are generated or only tests."""
    pages = [*(ROOT / "web" / "src").rglob("*.vue"), *(ROOT / "web" / "src").rglob("*.ts")]
    services = [path for kind in ("*.py", "*.typ") for path in (ROOT / "services").glob(f"*/src/**/{kind}")]
    libraries = [
        *(ROOT / "libs").glob("*/src/*/*.py"),
        ROOT / "libs/standards/src/qingyuan_standards/dated.json",
    ]
    manual = (ROOT / "docs" / "manual").rglob("*.md")
    paths = [*pages, *services, *libraries, *manual]
    shown = [path for path in paths if not path.name.endswith((".test.ts", "schema.d.ts"))]
    return [(str(path.relative_to(ROOT)), path.read_text()) for path in shown]


def said(wrong: list[str], names: list[str]) -> list[str]:
    return [
        f"{path}:{number}: {word}"
        for path, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        for word in wrong
        if word in without(names, line)
    ]


def without(names: list[str], line: str) -> str:
    for name in names:
        line = line.replace(name, "")
    return line


@pytest.mark.parametrize(
    ("word", "wrong", "names"), list(rows()), ids=lambda cell: cell if isinstance(cell, str) else ""
)
def test_one_word_is_said_for_one_thing(word: str, wrong: list[str], names: list[str]) -> None:
    assert said(wrong, names) == [], f"say {word}"


def test_the_right_words_are_said_and_wrong_ones_would_be_found() -> None:
    assert said(["运维机构"], [])
    assert without(["本次运维商"], "本次运维商与运维商") == "与运维商"
    assert len(list(rows())) > 5
