"""A signature needs every file of its content to be shown (docs/decisions/0008)."""

from qingyuan_runtime.domain.decider import Refused


def require_shown(missing: int | None) -> None:
    """Raises `Refused` while a file of the content to be signed cannot be shown, or it is not known whether it can."""
    if missing is None:
        raise Refused("evidence.behind", "本次运维的文件还在核对，请稍后再签字。")
    if missing:
        sentence = f"本次运维还有 {missing} 个文件的原件尚未上传，全部上传后才能签字。"
        raise Refused("evidence.incomplete", sentence, details={"missing": missing})
