"""What a line of the security log says beside its word, in Chinese: which lock was released, which data were given."""

import re
from collections.abc import Mapping
from typing import Final

from accounts.attempts import KeyKind

LOCKS: Final[dict[KeyKind, str]] = {
    "log-in": "登录",
    "session": "登录后的验证",
    "address": "网络地址",
    "invitation": "邀请码",
    "lost-key": "证书丢失的授权码",
    "second-step": "第二步验证",
}
GIVEN: Final[dict[str, str]] = {
    "accounts": "账户名单",
    "colleagues": "本单位账户名单",
    "contact": "联系方式",
    "people": "备案人员",
    "names": "备案人员姓名",
    "persons": "人员",
    "invitations": "邀请的人员",
    "lost-keys": "证书丢失申请",
    "locks": "正在锁定的账户",
    "sessions": "账户和登录",
    "security-log.csv": "安全日志",
    "enterprises.xlsx": "企业",
    "enterprise-changes.xlsx": "企业变更记录",
    "instruments.xlsx": "设备",
    "contracts.xlsx": "合同",
    "plans.xlsx": "运维计划",
    "cycles.xlsx": "运维周期",
    "visits.xlsx": "运维记录",
    "visits.pdf": "运维记录单",
    "confirmations.xlsx": "确认单",
    "resources.xlsx": "备案资源",
    "part-uses.xlsx": "备件使用记录",
}
"""What a path gives: by its last word, or where that is an id by the word before and the kind of file."""
_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def explanation(detail: Mapping[str, str | int]) -> str:
    """Empty where there is nothing to say. What has no word, in a line from before it had none, is shown as it is."""
    return " ".join(_shown(name, str(value)) for name, value in detail.items())


def _shown(name: str, value: str) -> str:
    if name == "of":
        return next((word for kind, word in LOCKS.items() if kind == value), value)
    return _given(value) if name == "path" else value


def _given(path: str) -> str:
    word = GIVEN.get(word_of_path(path))
    if word is None:
        return path
    ids = "、".join(_ID.findall(path))
    return f"{word}（编号 {ids}）" if ids else word


def word_of_path(path: str) -> str:
    """`/api/views/visits/<id>.pdf` gives `visits.pdf`, as does the path of its route."""
    before, _, last = path.rpartition("/")
    stem, dot, suffix = last.partition(".")
    if stem.startswith("{") or _ID.fullmatch(stem):
        return before.rpartition("/")[2] + dot + suffix
    return last
