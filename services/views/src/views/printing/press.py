"""From data to PDF by typst, in a process of its own with limits. The same data gives the same bytes."""

import asyncio
import tempfile
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from qingyuan_runtime.edge.fair_queue import FairQueue
from qingyuan_runtime.process import isolated as confined

from views.printing.pressing import NoFont

RENDER: Final = "views.printing.pressing:render"
SECONDS: Final = 60
MEGABYTES: Final = 2048


class Press:
    """Prints with the fonts of a folder, or with the system's where there is no such folder.

    `rare_fonts_dir` is what `keeping` made: fonts for what those lack. `at_once` records, each within its limits; so
    many more may wait, and so many of them for one account.
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
        self._fonts = [_there(fonts_dir), _there(rare_fonts_dir)]
        self._turns = FairQueue(at_once=at_once, waiting=waiting, waiting_each=waiting_each)

    def turn(self, who: str) -> AbstractAsyncContextManager[None]:
        """A turn at `print`, and at fetching what it needs. Raises `Crowded`."""
        return self._turns.turn(who)

    async def print(self, record: Mapping[str, Any], images: Mapping[str, bytes]) -> bytes:
        """A PDF of the record, in a turn; `images` by the file names that the record uses.

        Raises `NoFont`, and `confined.Unfinished` where it takes too much time or memory.
        """
        with tempfile.TemporaryDirectory(prefix="qingyuan-print-") as folder:
            await asyncio.to_thread(_lay_out, Path(folder), images)
            made: bytes = await confined.call(
                RENDER, folder, dict(record), *self._fonts,
                seconds=SECONDS, megabytes=MEGABYTES, raises=(NoFont,),
            )  # fmt: skip
            return made


def _there(folder: Path | None) -> str | None:
    return str(folder.resolve()) if folder and folder.is_dir() else None


def _lay_out(folder: Path, images: Mapping[str, bytes]) -> None:
    template = files("views.printing") / "record.typ"
    (folder / "record.typ").write_bytes(template.read_bytes())
    for name, image in images.items():
        (folder / name).write_bytes(image)
