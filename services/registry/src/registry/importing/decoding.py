"""Reads a workbook in a process of its own, so that a file that crashes the reader ends one import and nothing else."""

from dataclasses import asdict
from typing import Any, Final

from qingyuan_runtime.process import isolated

from registry.importing.reading import Reading, Row, read
from registry.importing.sizes import UNREADABLE, Unreadable

SECONDS: Final = 60
MEGABYTES: Final = 1536


async def reading(content: bytes) -> Reading:
    """Raises `Unreadable`, or `isolated.Unfinished` where the process gave no answer."""
    found = await isolated.call(
        f"{__name__}:plain_reading", content, seconds=SECONDS, megabytes=MEGABYTES, raises=(Unreadable,)
    )
    return Reading(**found | {"rows": [Row(**row) for row in found["rows"]]})


def plain_reading(content: bytes) -> dict[str, Any]:
    """Runs in the other process. Any exception is a defect of the file and would occur again."""
    try:
        return asdict(read(content))
    except (Unreadable, MemoryError):
        raise
    except Exception as error:
        raise Unreadable(UNREADABLE) from error
