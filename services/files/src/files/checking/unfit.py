"""The refusal of a file, and the limits for files."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


class Unfit(Exception):
    """The file is refused. `code` is stable, for programs; `sentence` is Chinese, for users."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code, sentence)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a file: pixels of an image, pages of a PDF, bytes of JSON, unpacked bytes of a workbook.

    `seconds` and `megabytes` limit the process that inspects it.
    """

    pixels: int
    pages: int
    json_bytes: int
    xlsx_bytes: int
    seconds: float = 60
    megabytes: int = 1536


@contextmanager
def broken_is_unfit(sentence: str) -> Iterator[None]:
    """Raise `Unfit` for any exception of a decoder, since damaged files cause all kinds of errors."""
    try:
        yield
    except (Unfit, MemoryError):
        raise
    except Exception as error:
        raise Unfit("file.broken", sentence) from error
