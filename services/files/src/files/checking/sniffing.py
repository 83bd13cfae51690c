"""Detects the media type of a file from its first bytes. A file whose content is not of the declared type is refused."""

from pathlib import Path
from typing import Final

from files.checking.unfit import Unfit

JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
WEBP: Final = "image/webp"
HEIC: Final = "image/heic"
HEIF: Final = "image/heif"
PDF: Final = "application/pdf"
JSON: Final = "application/json"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

SHOWABLE: Final = frozenset({JPEG, PNG, WEBP})
ALLOWED: Final = (JPEG, PNG, WEBP, HEIC, HEIF, PDF, JSON, XLSX)
UNDECLARED: Final = frozenset({"", "application/octet-stream"})
SAME_FORMAT: Final = frozenset({HEIC, HEIF})
"""Either may be declared for the other."""

ALIASES: Final = {"image/jpg": JPEG, "image/pjpeg": JPEG}


def sniff(path: Path, declared: str) -> str:
    """The media type of the content. Raises `Unfit` if it is not supported, or not the declared one."""
    matching = _by_magic(path)
    declared = ALIASES.get(declared, declared)
    if declared == JSON and not matching:
        return JSON  # JSON has no typical first bytes, so its parser decides
    if declared in matching or (declared in SAME_FORMAT and matching & SAME_FORMAT):
        return declared
    if declared in UNDECLARED and matching:
        return next(media_type for media_type in ALLOWED if media_type in matching)
    if matching:
        raise Unfit("file.type", "文件内容与所声明的类型不一致，请检查文件后重新上传。")
    raise Unfit("file.type", "文件类型不受支持：只接受 JPEG、PNG、WebP、HEIC 图片、PDF、xlsx 和 JSON。")


def _by_magic(path: Path) -> set[str]:
    import puremagic

    try:
        matches = puremagic.magic_file(str(path))
    except Exception:
        return set()  # it also parses archives and documents, and raises all kinds of errors for damaged ones
    return {match.mime_type for match in matches} & set(ALLOWED)
