"""Documents: whether a PDF opens, a workbook is one and unpacks to bearable size, JSON is JSON."""

import json
from pathlib import Path
from typing import Final
from zipfile import BadZipFile, ZipFile

import pikepdf

from files.checking.unfit import Limits, Unfit

PARTS_MAX: Final = 5_000
SHEET: Final = b"spreadsheetml.sheet.main+xml"


def check_pdf(path: Path, limits: Limits) -> None:
    try:
        with pikepdf.open(path) as document:
            pages = len(document.pages)
    except pikepdf.PasswordError as error:
        raise Unfit("file.broken", "PDF 设有打开密码，无法存档，请取消密码后重新上传。") from error
    except pikepdf.PdfError as error:
        raise Unfit("file.broken", "PDF 已损坏，无法打开，请检查文件后重新上传。") from error
    if pages > limits.pages:
        raise Unfit("file.too-large", f"PDF 超过 {limits.pages} 页，请拆分后上传。")


def check_json(path: Path, limits: Limits) -> None:
    if path.stat().st_size > limits.json_bytes:
        raise Unfit("file.too-large", "JSON 文件过大。")
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise Unfit("file.broken", "JSON 文件格式有误，无法读取。") from error
    if not isinstance(found, dict | list):
        raise Unfit("file.broken", "JSON 文件格式有误，无法读取。")


def check_xlsx(path: Path, limits: Limits) -> None:
    """Only its list of contents is read, and no part larger than what the list says."""
    try:
        with ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > PARTS_MAX or sum(part.file_size for part in parts) > limits.xlsx_bytes:
                raise Unfit("file.bomb", "工作簿解压后过大，无法接受。")
            names = {part.filename for part in parts}
            types = archive.read("[Content_Types].xml") if "[Content_Types].xml" in names else b""
    except (BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise Unfit("file.broken", "工作簿已损坏，无法打开，请检查文件后重新上传。") from error
    if SHEET not in types or any(name.lower().endswith(".bin") and "vba" in name.lower() for name in names):
        raise Unfit("file.type", "压缩包中不是不含宏的 xlsx 工作簿。")
