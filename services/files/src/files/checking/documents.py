"""Checks documents: PDFs, Excel workbooks and JSON."""

import json
from pathlib import Path
from typing import Final
from zipfile import ZipFile

from files.checking import strokes
from files.checking.unfit import Limits, Unfit, broken_is_unfit

PARTS_MAX: Final = 5_000
SHEET: Final = b"spreadsheetml.sheet.main+xml"
TYPES: Final = "[Content_Types].xml"
TYPES_BYTES_MAX: Final = 1_000_000


def check_pdf(path: Path, limits: Limits) -> None:
    import pikepdf

    with broken_is_unfit("PDF 已损坏，无法打开，请检查文件后重新上传。"):
        try:
            with pikepdf.open(path) as document:
                pages = len(document.pages)
        except pikepdf.PasswordError as error:
            raise Unfit("file.broken", "PDF 设有打开密码，无法存档，请取消密码后重新上传。") from error
    if pages > limits.pages:
        raise Unfit("file.too-large", f"PDF 超过 {limits.pages} 页，请拆分后上传。")


def check_json(path: Path, limits: Limits) -> bool:
    """Returns whether it contains no strokes of a signature, or hardly any. Raises `Unfit`."""
    if path.stat().st_size > limits.json_bytes:
        raise Unfit("file.too-large", "JSON 文件过大。")
    with broken_is_unfit("JSON 文件格式有误，无法读取。"):
        content = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict | list):
        raise Unfit("file.broken", "JSON 文件格式有误，无法读取。")
    return strokes.is_blank(content)


def check_xlsx(path: Path, limits: Limits) -> None:
    """Only the archive's directory and its list of content types are read, up to a limit."""
    with broken_is_unfit("工作簿已损坏，无法打开，请检查文件后重新上传。"), ZipFile(path) as archive:
        parts = archive.infolist()
        if len(parts) > PARTS_MAX or sum(part.file_size for part in parts) > limits.xlsx_bytes:
            raise Unfit("file.bomb", "工作簿解压后过大，无法接受。")
        names = {part.filename for part in parts}
        types = _types(archive) if TYPES in names else b""
    if SHEET not in types or any(_is_macro(name.lower()) for name in names):
        raise Unfit("file.type", "压缩包中不是不含宏的 xlsx 工作簿。")


def _types(archive: ZipFile) -> bytes:
    with archive.open(TYPES) as part:
        return part.read(TYPES_BYTES_MAX)


def _is_macro(name: str) -> bool:
    return name.endswith(".bin") and "vba" in name
