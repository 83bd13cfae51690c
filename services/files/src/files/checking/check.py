"""All checks of one file that has arrived, the cheap ones first. Blocking: runs in a thread."""

import hashlib
from pathlib import Path

from files.checking import documents, images, sniffing
from files.checking.unfit import Limits, Unfit
from files.desk import Announced


def check(path: Path, announced: Announced, limits: Limits) -> str:
    """The media type of a file that may be kept. Raises `Unfit` for every other."""
    if not path.exists() or path.stat().st_size != announced.size:
        raise Unfit("file.broken", "文件在服务器上不完整，请重新上传。")
    if _sha256(path) != announced.sha256:
        raise Unfit("file.hash", "收到的文件与声明的校验值不一致，请重新上传。")
    media_type = sniffing.sniff(path, announced.media_type)
    match media_type:
        case sniffing.PDF:
            documents.check_pdf(path, limits)
        case sniffing.JSON:
            documents.check_json(path, limits)
        case sniffing.XLSX:
            documents.check_xlsx(path, limits)
        case media_type if media_type in sniffing.SHOWABLE:
            images.check_image(path, media_type, limits.pixels)
        case _:
            pass  # HEIC: no decoder here, so it is kept as it is and has no copy to show
    return media_type


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
