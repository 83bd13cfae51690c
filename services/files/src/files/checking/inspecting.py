"""Inspects the content of an uploaded file. Runs in a process of its own, started for each file by `check.py`.

To start quickly, each type of file imports only the libraries that it needs.
"""

from pathlib import Path
from typing import Any

from files.checking import sniffing
from files.checking.unfit import Limits


def inspect_file(name: str, declared: str, limits: Limits) -> dict[str, Any]:
    """The fields of `FileProperties`: media type, and whether it is blank. Raises `Unfit`."""
    path = Path(name)
    media_type = sniffing.sniff(path, declared)
    return {"media_type": media_type, "blank": _is_blank(path, media_type, limits)}


def _is_blank(path: Path, media_type: str, limits: Limits) -> bool:
    """Decode the file once to check it. Raises `Unfit`."""
    from files.checking import documents, heif

    match media_type:
        case sniffing.PDF:
            documents.check_pdf(path, limits)
        case sniffing.JSON:
            return documents.check_json(path, limits)
        case sniffing.XLSX:
            documents.check_xlsx(path, limits)
        case sniffing.HEIC | sniffing.HEIF:
            heif.check_heif(path, limits.pixels)
        case _:
            from files.checking import images

            return images.check_image(path, media_type, limits.pixels)
    return False
