"""A workbook read in a process of its own: what the reader of workbooks trips over ends one import and nothing else."""

from dataclasses import asdict
from typing import Any, Final

from qingyuan_runtime import confined

from registry.importing.reading import Row, read
from registry.importing.sizes import Unreadable

SECONDS: Final = 60
MEGABYTES: Final = 1536


async def rows(content: bytes) -> list[Row]:
    """Every filled row. Raises `Unreadable`, or `confined.Unfinished` where the reader gave no answer."""
    found = await confined.call(
        f"{__name__}:plain_rows", content, seconds=SECONDS, megabytes=MEGABYTES, raises=(Unreadable,)
    )
    return [Row(**row) for row in found]


def plain_rows(content: bytes) -> list[dict[str, Any]]:
    """Runs in the other process."""
    return [asdict(row) for row in read(content)]
