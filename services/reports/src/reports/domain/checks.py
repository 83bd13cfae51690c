"""Rules for texts and files that several commands have in common. Each yields every problem that it finds."""

from collections.abc import Collection, Iterator, Set
from typing import Final

from qingyuan_events.parts import FileRef
from qingyuan_runtime.domain import text
from qingyuan_runtime.domain.decider import Problem

PDF: Final = "application/pdf"
RECORDS: Final = frozenset(
    {
        PDF,
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/heic",
        "image/heif",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)
"""What an original record may be: a document, a photograph of one, or a sheet of an instrument's data."""


def line(field: str, value: str) -> Iterator[Problem]:
    yield from text.problems(field, value, text.LINE_MOST)


def paragraph(field: str, value: str) -> Iterator[Problem]:
    yield from text.problems(field, value, text.PARAGRAPH_MOST, breaks=True)


def report_file(file: FileRef, stored: Set[str]) -> Iterator[Problem]:
    yield from _file(file, stored, {PDF}, "报告应为 PDF 文件。")


def record_file(file: FileRef, stored: Set[str]) -> Iterator[Problem]:
    yield from _file(file, stored, RECORDS, "原始记录应为 PDF、图片或 Excel（xlsx）文件。")


def _file(file: FileRef, stored: Set[str], kinds: Collection[str], sentence: str) -> Iterator[Problem]:
    if file.media_type not in kinds:
        yield Problem("file", "document", sentence)
    elif file.sha256 not in stored:
        yield Problem("file", "stored", "文件尚未上传，请上传完成后再提交。")
