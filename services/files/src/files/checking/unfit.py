"""Why a file is not taken."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


class Unfit(Exception):
    """The file is refused. `code` is stable and for machines, `sentence` is Chinese and for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code, sentence)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Limits:
    """What is too much: pixels of an image, pages of a PDF, bytes of JSON, bytes of a workbook unpacked; and for whoever
    looks into the file, seconds and megabytes."""

    pixels: int
    pages: int
    json_bytes: int
    xlsx_bytes: int
    seconds: float = 60
    megabytes: int = 1536


@contextmanager
def broken_is_unfit(sentence: str) -> Iterator[None]:
    """Decoders of damaged files raise whatever they trip over."""
    try:
        yield
    except (Unfit, MemoryError):
        raise
    except Exception as error:
        raise Unfit("file.broken", sentence) from error
