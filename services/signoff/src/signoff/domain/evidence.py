"""Nobody signs what cannot be shown, and a fact of ours names no file that is not safe (docs/decisions/0008)."""

from collections.abc import Iterable, Set

from qingyuan_events.parts import FileRef, Signature
from qingyuan_runtime.domain.decider import Invalid, Problem, Refused

Named = tuple[str, FileRef]
"""A file, and the field of the command that names it."""


def require_shown(missing: int | None) -> None:
    """Raises `Refused` while a file of the content that is to be signed cannot be shown, or nobody can say."""
    if missing is None:
        raise Refused("evidence.behind", "本次运维的文件还在核对，请稍后再签字。")
    if missing:
        sentence = f"本次运维还有 {missing} 个文件的原件尚未上传，全部上传后才能签字。"
        raise Refused("evidence.incomplete", sentence, details={"missing": missing})


def require_stored(files: Iterable[Named], stored: Set[str]) -> None:
    """Raises `Invalid` with every field whose file was not stored before the command came."""
    problems = tuple(
        Problem(field, "stored", "文件尚未上传，请上传完成后再提交。")
        for field, file in files
        if file.sha256 not in stored
    )
    if problems:
        raise Invalid(problems)


def require_drawn(files: Iterable[Named], blank: Set[str]) -> None:
    """Raises `Invalid` where a signature shows nothing: an image of one colour, or strokes that are no name."""
    sentence = "签名是空白的，请手写姓名后再提交。"
    problems = tuple(Problem(field, "drawn", sentence) for field, file in files if file.sha256 in blank)
    if problems:
        raise Invalid(problems)


def files_of(signature: Signature) -> tuple[Named, ...]:
    return (("signature.image", signature.image), ("signature.strokes", signature.strokes))


def numbered(field: str, files: Iterable[FileRef]) -> tuple[Named, ...]:
    return tuple((f"{field}.{number}", file) for number, file in enumerate(files))
