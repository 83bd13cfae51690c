"""Typesets a record as PDF with typst, in a process of its own with limits. The same data gives the same bytes."""

import asyncio
import tempfile
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from qingyuan_runtime.edge.fair_queue import FairQueue
from qingyuan_runtime.process import isolated

from views.printing.pressing import NoFont

RENDER: Final = "views.printing.pressing:render"
SECONDS: Final = 60
MEGABYTES: Final = 2048


class Press:
    """Prints with the fonts of `fonts_dir`, or with the fonts of the system if there is no such folder.

    `rare_fonts_dir` is the folder that `keeping` writes: fonts for characters that the others lack. `at_once` records are
    printed at a time; `waiting` more requests may wait, at most `waiting_each` of one account.
    """

    def __init__(
        self,
        fonts_dir: Path | None,
        rare_fonts_dir: Path | None = None,
        *,
        at_once: int = 1,
        waiting: int = 20,
        waiting_each: int = 5,
    ) -> None:
        self._fonts = [_existing(fonts_dir), _existing(rare_fonts_dir)]
        self._turns = FairQueue(at_once=at_once, waiting=waiting, waiting_each=waiting_each)

    def turn(self, who: str) -> AbstractAsyncContextManager[None]:
        """The right to call `print` and to fetch what it needs, given in turn. Raises `Crowded`."""
        return self._turns.turn(who)

    async def print(self, record: Mapping[str, Any], images: Mapping[str, bytes]) -> bytes:
        """The PDF of the record; call it within `turn`. `images` are named by the file names that the record uses.

        Raises `NoFont`, and `isolated.Unfinished` where it takes too much time or memory.
        """
        with tempfile.TemporaryDirectory(prefix="qingyuan-print-") as folder:
            await asyncio.to_thread(_write_files, Path(folder), images)
            pdf: bytes = await isolated.call(
                RENDER, folder, dict(record), *self._fonts,
                seconds=SECONDS, megabytes=MEGABYTES, raises=(NoFont,),
            )  # fmt: skip
            return pdf


def _existing(folder: Path | None) -> str | None:
    return str(folder.resolve()) if folder and folder.is_dir() else None


def _write_files(folder: Path, images: Mapping[str, bytes]) -> None:
    template = files("views.printing") / "record.typ"
    (folder / "record.typ").write_bytes(template.read_bytes())
    for name, image in images.items():
        (folder / name).write_bytes(image)
