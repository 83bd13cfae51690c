"""Reads a workbook of instruments in a process of its own."""

from typing import Any

from qingyuan_runtime.importing import decoding
from qingyuan_runtime.importing.reading import Reading

from registry.importing.columns import WORKBOOK


async def reading(content: bytes) -> Reading:
    """Raises `Unreadable`, or `isolated.Unfinished` where the process gave no answer."""
    return await decoding.isolated_reading(f"{__name__}:plain_reading", content)


def plain_reading(content: bytes) -> dict[str, Any]:
    """Runs in the other process."""
    return decoding.plain_reading(content, WORKBOOK)
