"""A workbook read in a process of its own: what the reader of workbooks trips over ends one import and nothing else."""

from dataclasses import asdict
from typing import Any, Final

from qingyuan_runtime.process import isolated as confined

from registry.importing.reading import Reading, Row, read
from registry.importing.sizes import UNREADABLE, Unreadable

SECONDS: Final = 60
MEGABYTES: Final = 1536


async def reading(content: bytes) -> Reading:
    """All that the workbook holds. Raises `Unreadable`, or `confined.Unfinished` where the reader gave no answer."""
    found = await confined.call(
        f"{__name__}:plain_reading", content, seconds=SECONDS, megabytes=MEGABYTES, raises=(Unreadable,)
    )
    return Reading(**found | {"rows": [Row(**row) for row in found["rows"]]})


def plain_reading(content: bytes) -> dict[str, Any]:
    """Runs in the other process. The reader of workbooks raises whatever it trips over, and would do so again."""
    try:
        return asdict(read(content))
    except (Unreadable, MemoryError):
        raise
    except Exception as error:
        raise Unreadable(UNREADABLE) from error
