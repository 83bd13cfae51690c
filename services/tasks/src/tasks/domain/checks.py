"""Rules for single fields of contracts and plans. Each yields every problem that it finds."""

from collections.abc import Hashable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from qingyuan_events.parts import FileRef
from qingyuan_runtime.domain import text
from qingyuan_runtime.domain.decider import Problem

LINE: Final = 200
PARAGRAPH: Final = 2000
MAX_FILES: Final = 20
MAX_POINTS: Final = 50
MAX_AMOUNT: Final = Decimal("999999999999.99")


def line(field: str, value: str, most: int = LINE) -> Iterator[Problem]:
    """One line of text; required."""
    yield from text.problems(field, value, most)


def paragraph(field: str, value: str, most: int = PARAGRAPH) -> Iterator[Problem]:
    """Text that may have several lines; required."""
    yield from text.problems(field, value, most, breaks=True)


def listed(field: str, items: Sequence[Hashable], most: int, called: str) -> Iterator[Problem]:
    """A list of at least one item, without repetition, and bounded so that the event stays small."""
    if not items:
        yield Problem(field, "required", f"请至少填写一项{called}。")
    yield from limited(field, items, most, called)


def limited(field: str, items: Sequence[Hashable], most: int, called: str) -> Iterator[Problem]:
    """A list that may be empty."""
    if len(items) > most:
        yield Problem(field, "too-many", f"{called}最多 {most} 项。")
    if len(set(items)) < len(items):
        yield Problem(field, "repeated", f"{called}不能重复。")


def attachments(files: Sequence[FileRef]) -> Iterator[Problem]:
    yield from limited("files", [file.sha256 for file in files], MAX_FILES, "附件")


def period(first_day: date, last_day: date, most: int) -> Iterator[Problem]:
    """A period of at most `most` days, both ends included."""
    if last_day < first_day:
        yield Problem("last_day", "not-before-start", "结束日期不能早于开始日期。")
    elif (last_day - first_day).days >= most:
        yield Problem("last_day", "too-long", f"起止日期合计最多 {most} 天（含首尾两日）。")


def amount(field: str, value: Decimal | None) -> Iterator[Problem]:
    """An amount in yuan (元) with at most two decimals."""
    if value is None:
        return
    if not value.is_finite() or not 0 <= value <= MAX_AMOUNT:
        yield Problem(field, "possible-range", f"金额应在 0 至 {MAX_AMOUNT} 元之间。")
    elif value != round(value, 2):
        yield Problem(field, "two-decimals", "金额最多保留两位小数（元）。")
