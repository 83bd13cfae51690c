"""Reads a workbook in a process of its own, so that a file that crashes the reader ends one import and nothing else."""

from dataclasses import asdict
from typing import Any, Final

from qingyuan_runtime.importing.layout import WorkbookLayout
from qingyuan_runtime.importing.reading import Reading, Row, read
from qingyuan_runtime.importing.sizes import UNREADABLE, Unreadable
from qingyuan_runtime.process import isolated

SECONDS: Final = 60
MEGABYTES: Final = 1536


async def isolated_reading(function: str, content: bytes) -> Reading:
    """`function`: of the service, `package.module:name`; it returns `plain_reading` for its layout.

    Raises `Unreadable`, or `isolated.Unfinished` where the process gave no answer.
    """
    found = await isolated.call(function, content, seconds=SECONDS, megabytes=MEGABYTES, raises=(Unreadable,))
    return Reading(**found | {"rows": [Row(**row) for row in found["rows"]]})


def plain_reading(content: bytes, workbook: WorkbookLayout) -> dict[str, Any]:
    """Runs in the other process. Any exception is a defect of the file and would occur again."""
    try:
        return asdict(read(content, workbook))
    except (Unreadable, MemoryError):
        raise
    except Exception as error:
        raise Unreadable(UNREADABLE) from error
