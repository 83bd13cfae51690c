"""What looks into a file that has arrived. Runs in a process of its own, started for each file (`check.py`): nothing is
imported that a file of its type does not need.
"""

from pathlib import Path
from typing import Any

from files.checking import sniffing
from files.checking.unfit import Limits


def found_in(name: str, declared: str, limits: Limits) -> dict[str, Any]:
    """The media type, and whether it shows nothing. Raises `Unfit`."""
    path = Path(name)
    media_type = sniffing.sniff(path, declared)
    return {"media_type": media_type, "blank": _is_blank(path, media_type, limits)}


def _is_blank(path: Path, media_type: str, limits: Limits) -> bool:
    """Decode it once. Raises `Unfit`."""
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
