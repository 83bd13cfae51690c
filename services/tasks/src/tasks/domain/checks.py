"""What must hold for the fields of contracts and plans, whatever else they say: every problem at once."""

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


def line(field: str, said: str, most: int = LINE) -> Iterator[Problem]:
    """One line of text that must be there."""
    yield from text.problems(field, said, most)


def paragraph(field: str, said: str, most: int = PARAGRAPH) -> Iterator[Problem]:
    """Text that must be there and may run over several lines."""
    yield from text.problems(field, said, most, breaks=True)


def listed(field: str, items: Sequence[Hashable], most: int, called: str) -> Iterator[Problem]:
    """A list of at least one, without repetition, and never so long that its fact would be."""
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
    yield from limited("files", [one.sha256 for one in files], MAX_FILES, "附件")


def period(first_day: date, last_day: date, most: int) -> Iterator[Problem]:
    """Both days included; `most` days long at the longest."""
    if last_day < first_day:
        yield Problem("last_day", "not-before-start", "结束日期不能早于开始日期。")
    elif (last_day - first_day).days >= most:
        yield Problem("last_day", "too-long", f"起止日期最多相隔 {most} 天。")


def amount(field: str, value: Decimal | None) -> Iterator[Problem]:
    """元, to the fen."""
    if value is None:
        return
    if not value.is_finite() or not 0 <= value <= MAX_AMOUNT:
        yield Problem(field, "possible-range", f"金额应在 0 至 {MAX_AMOUNT} 元之间。")
    elif value != round(value, 2):
        yield Problem(field, "two-decimals", "金额最多保留两位小数（元）。")
