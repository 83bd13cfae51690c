"""The name of a stored file when it is downloaded."""

from typing import Final

from qingyuan_runtime.domain.text import file_name

from files.checking.sniffing import HEIC, HEIF, JPEG, JSON, PDF, PNG, WEBP, XLSX

ENDINGS: Final = {
    JPEG: (".jpg", ".jpeg"),
    PNG: (".png",),
    WEBP: (".webp",),
    HEIC: (".heic", ".heif"),
    HEIF: (".heif", ".heic"),
    PDF: (".pdf",),
    JSON: (".json",),
    XLSX: (".xlsx",),
}


def download_name(name: str, media_type: str) -> str:
    """The uploader's name of the file, with a file extension that matches its real type."""
    plain = file_name(name) or "文件"
    endings = ENDINGS.get(media_type, (".bin",))
    return plain if plain.lower().endswith(endings) else plain.rstrip(". ") + endings[0]
