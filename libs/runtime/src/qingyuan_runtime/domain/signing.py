"""A handwritten signature, and other files that a command names: all are stored, and a signature is not blank.

What is stored and what is blank, the files service states (`tokens.evidence`).
"""

from collections.abc import Iterable, Set

from qingyuan_events.parts import FileRef, Signature

from qingyuan_runtime.domain.decider import Problem
from qingyuan_runtime.domain.problems import refuse

NamedFile = tuple[str, FileRef]
"""A file, and the field of the command that names it."""


def require_stored(files: Iterable[NamedFile], stored: Set[str]) -> None:
    """Raises `Invalid` with every field whose file is not stored."""
    refuse(
        Problem(field, "stored", "文件尚未上传，请上传完成后再提交。")
        for field, file in files
        if file.sha256 not in stored
    )


def require_drawn(files: Iterable[NamedFile], blank: Set[str]) -> None:
    """Raises `Invalid` where a signature is blank: an image of one colour, or strokes too short for a name."""
    sentence = "签名是空白的，请手写姓名后再提交。"
    refuse(Problem(field, "drawn", sentence) for field, file in files if file.sha256 in blank)


def files_of(signature: Signature) -> tuple[NamedFile, ...]:
    return (("signature.image", signature.image), ("signature.strokes", signature.strokes))


def numbered(field: str, files: Iterable[FileRef]) -> tuple[NamedFile, ...]:
    return tuple((f"{field}.{number}", file) for number, file in enumerate(files))
