"""All checks of an uploaded file, the cheap ones first. Its content is inspected in a process of its own."""

import asyncio
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from qingyuan_runtime.process import isolated

from files.checking.unfit import Limits, Unfit

INSPECT_FILE: Final = "files.checking.inspecting:inspect_file"


class Announced(Protocol):
    """The part of an upload's announcement that the file is compared with."""

    @property
    def media_type(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def size(self) -> int: ...


@dataclass(frozen=True, slots=True)
class FileProperties:
    """The properties of an accepted file. `blank`: an image of one colour or empty strokes, so no signature."""

    media_type: str
    blank: bool


async def check(path: Path, announced: Announced, limits: Limits) -> FileProperties:
    """Raises `Unfit` for a file that is refused, and `isolated.Unfinished` if its decoder has not finished."""
    await asyncio.to_thread(require_as_announced, path, announced)
    arguments = (str(path), announced.media_type, limits)
    properties = await isolated.call(
        INSPECT_FILE, *arguments, seconds=limits.seconds, megabytes=limits.megabytes, raises=(Unfit,)
    )
    return FileProperties(**properties)


def require_as_announced(path: Path, announced: Announced) -> None:
    if not path.exists() or path.stat().st_size != announced.size:
        raise Unfit("file.broken", "文件在服务器上不完整，请重新上传。")
    if _sha256(path) != announced.sha256:
        raise Unfit("file.hash", "收到的文件与声明的校验值不一致，请重新上传。")


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
