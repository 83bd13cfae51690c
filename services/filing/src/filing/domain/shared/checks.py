"""Rules for texts, days and files that several commands have in common. Each yields every problem that it finds."""

from collections.abc import Iterable, Iterator, Set
from datetime import date
from typing import Final

from pydantic import BaseModel
from qingyuan_events.parts import FileRef
from qingyuan_runtime.domain import text
from qingyuan_runtime.domain.decider import Problem

MAX_LENGTH: Final = 200
DOCUMENTS: Final = frozenset(
    {"application/pdf", "image/jpeg", "image/png", "image/webp", "image/heic", "image/heif"}
)
"""What a scan may be: a document, or a photograph of one."""


def texts(particulars: BaseModel) -> Iterator[Problem]:
    """No text may be blank, too long, or hold control characters. An absent text is None."""
    for field, value in particulars:
        if isinstance(value, str):
            yield from text.problems(field, value, MAX_LENGTH)


def reason(value: str) -> Iterator[Problem]:
    if not value.strip():
        yield Problem("reason", "required", "请填写原因。")
    else:
        yield from text.problems("reason", value, MAX_LENGTH)


def not_later(field: str, day: date, today: date) -> Iterator[Problem]:
    if day > today:
        yield Problem(field, "future", "不能晚于今天。")


def scan(
    field: str, file: FileRef | None, stored: Set[str], known: Iterable[FileRef | None]
) -> Iterator[Problem]:
    """A file that is new in this command must be stored, and be a document or a photograph of one."""
    if file is None or file in known:
        return
    if file.media_type not in DOCUMENTS:
        yield Problem(field, "document", "扫描件应为 PDF 或图片（JPEG、PNG、WebP、HEIC）。")
    elif file.sha256 not in stored:
        yield Problem(field, "stored", "文件尚未上传，请上传完成后再提交。")
