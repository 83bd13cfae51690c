"""Why a file is not taken."""

from dataclasses import dataclass


class Unfit(Exception):
    """The file is refused. `code` is stable and for machines, `sentence` is Chinese and for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Limits:
    """What is too much: pixels of an image, pages of a PDF, bytes of JSON, bytes of a workbook unpacked."""

    pixels: int
    pages: int
    json_bytes: int
    xlsx_bytes: int
