"""What a file is, by its first bytes. Its name and what the client calls it decide nothing but a tie."""

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
UNNAMED: Final = frozenset({"", "application/octet-stream"})
SAME: Final = frozenset({HEIC, HEIF})

ALIASES: Final = {"image/jpg": JPEG, "image/pjpeg": JPEG}


def sniff(path: Path, declared: str) -> str:
    """The media type of what is there. Raises `Unfit` when it is none of ours, or not what was declared."""
    found = _by_magic(path)
    declared = ALIASES.get(declared, declared)
    if declared == JSON and not found:
        return JSON  # has no first bytes of its own; its parser is the proof
    if declared in found or (declared in SAME and found & SAME):
        return declared
    if declared in UNNAMED and found:
        return next(one for one in ALLOWED if one in found)
    if found:
        raise Unfit("file.type", "文件内容与所声明的类型不一致，请检查文件后重新上传。")
    raise Unfit("file.type", "文件类型不受支持：只接受 JPEG、PNG、WebP、HEIC 图片、PDF、xlsx 和 JSON。")


def _by_magic(path: Path) -> set[str]:
    import puremagic

    try:
        matches = puremagic.magic_file(str(path))
    except Exception:
        return set()  # it looks into archives and documents, and raises whatever it trips over
    return {match.mime_type for match in matches} & set(ALLOWED)
