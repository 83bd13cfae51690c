"""What the manual puts in quotation marks, a page or a service says: a button that is renamed is found here."""

import re
from functools import cache
from pathlib import Path

import pytest
from qingyuan_local.setup import checkout

ROOT = checkout()
MANUAL = sorted((ROOT / "docs" / "manual").glob("*.md"))
QUOTED = re.compile(r"“([^“”]*(?:“[^“”]*”[^“”]*)*)”")
"""With the quotation inside it, if there is one."""
FILLED_IN = re.compile(r"…|\d+")
"""In the code stands a variable there."""
NOT_SAID = {
    "+": "a picture",
    "!": "a picture",
    "[U+1F600]": "an example",
    "𠮷": "an example",
    "𡋾": "an example",
}
CHOSEN = {
    "比服务器快约": "…约",
    "已核对，下一项": "已核对，",
    "已核对，去签字": "已核对，",
    "单位名称的变更": "…的变更",
    "与第 … 行完全相同": "与…完全相同",
}
"""Where the code chooses between words."""


@cache
def said() -> str:
    pages = [*(ROOT / "web" / "src").rglob("*.vue"), *(ROOT / "web" / "src").rglob("*.ts")]
    services = [path for at in ("services", "libs", "cli") for path in (ROOT / at).glob("**/src/**/*.py")]
    data = [*(ROOT / "libs").glob("standards/src/**/*.json"), *(ROOT / "services").glob("*/src/**/*.typ")]
    data += (ROOT / "services").glob("*/src/**/texts.json")
    manual = (ROOT / "web" / "manual" / ".vitepress").rglob("*.ts")
    texts = (path.read_text() for path in [*pages, *services, *data, *manual] if ".test." not in path.name)
    return plain("\n".join(texts))


def plain(text: str) -> str:
    """Without spaces and line breaks of the source, and with the two halves of a text that was split put together."""
    return re.sub(r"\s+", "", re.sub(r'"\s*\n\s*f?"', "", text))


def parts(quoted: str) -> list[str]:
    for chosen, written in CHOSEN.items():
        quoted = quoted.replace(chosen, written)
    found = (plain(part).strip("，。：") for part in FILLED_IN.split(quoted))
    return [part for part in found if re.search(r"[\u4e00-\u9fff]", part)]


def unsaid(page: str) -> list[str]:
    quotations = (quoted for quoted in QUOTED.findall(page) if quoted not in NOT_SAID)
    return [quoted for quoted in quotations if not all(part in said() for part in parts(quoted))]


@pytest.mark.parametrize("chapter", MANUAL, ids=lambda path: path.stem)
def test_what_a_chapter_quotes_is_said_somewhere(chapter: Path) -> None:
    assert unsaid(chapter.read_text()) == []


def test_a_button_that_is_not_there_would_be_found() -> None:
    assert unsaid("点“保存”，再点“全部抹去”。") == ["全部抹去"]


def test_a_variable_within_a_sentence_is_no_difference() -> None:
    assert unsaid("“内容过长，最多 … 个字。”“内容过长，最多 60 个字。”") == []


def test_a_quotation_within_a_quotation_is_one() -> None:
    assert QUOTED.findall("“没有许可证请填“无”。”“保存”") == ["没有许可证请填“无”。", "保存"]
