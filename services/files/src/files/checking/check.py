"""All checks of one file that has arrived, the cheap ones first; what looks into it runs in a process of its own."""

import asyncio
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from qingyuan_runtime.process import isolated as confined

from files.checking.unfit import Limits, Unfit

FOUND_IN: Final = "files.checking.looking:found_in"


class Announced(Protocol):
    """As much of an announcement as a file is held against."""

    @property
    def media_type(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def size(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Found:
    """What a file that may be kept is. `blank`: as a signature, image or strokes, it shows nothing."""

    media_type: str
    blank: bool


async def check(path: Path, announced: Announced, limits: Limits) -> Found:
    """Raises `Unfit` for every file that may not be kept, and `confined.Unfinished` where its decoder gave no answer."""
    await asyncio.to_thread(require_as_announced, path, announced)
    told = (str(path), announced.media_type, limits)
    found = await confined.call(
        FOUND_IN, *told, seconds=limits.seconds, megabytes=limits.megabytes, raises=(Unfit,)
    )
    return Found(**found)


def require_as_announced(path: Path, announced: Announced) -> None:
    if not path.exists() or path.stat().st_size != announced.size:
        raise Unfit("file.broken", "文件在服务器上不完整，请重新上传。")
    if _sha256(path) != announced.sha256:
        raise Unfit("file.hash", "收到的文件与声明的校验值不一致，请重新上传。")


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
