"""Reads a workbook of the filing in a process of its own, one at a time."""

from typing import Any, Final

from qingyuan_runtime.edge.fair_queue import FairQueue
from qingyuan_runtime.importing import decoding
from qingyuan_runtime.importing.reading import Reading

from filing.importing.layout import WORKBOOK

READING: Final = "reading"


def queue() -> FairQueue:
    return FairQueue(at_once=1, waiting=20, waiting_each=2)


async def reading(content: bytes) -> Reading:
    """Raises `Unreadable`, or `isolated.Unfinished` where the process gave no answer."""
    return await decoding.isolated_reading(f"{__name__}:plain_reading", content)


def plain_reading(content: bytes) -> dict[str, Any]:
    """Runs in the other process."""
    return decoding.plain_reading(content, WORKBOOK)
