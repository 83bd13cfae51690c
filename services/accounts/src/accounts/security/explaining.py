"""What a line of the security log says beside its word, in Chinese: which lock was released, which data were given."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from accounts.attempts import KeyKind
from accounts.security.words import ROLES
from accounts.security_log.whom import Why

LOCKS: Final[dict[KeyKind, str]] = {
    "log-in": "登录",
    "session": "登录后的验证",
    "address": "网络地址",
    "invitation": "邀请码",
    "lost-key": "证书丢失的授权码",
    "second-step": "第二步验证",
}
WHYS: Final[dict[Why, str]] = {
    "unknown-name": "没有这个账户名",
    "unknown-certificate": "未能认出是哪个账户的证书",
    "unknown-wechat": "此微信没有绑定可用的账户",
    "unknown-invitation": "没有对应的邀请",
    "unknown-lost-key": "没有对应的证书丢失申请",
    "unknown-organisation": "此信用代码在本平台没有登记",
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
    known = [SAYS[name](str(detail[name])) for name in SAYS if name in detail]
    return " ".join([*known, *(str(value) for name, value in detail.items() if name not in SAYS)])


def _word_in(words: Mapping[Any, str]) -> Callable[[str], str]:
    return lambda code: words.get(code, code)


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


SAYS: Final[dict[str, Callable[[str], str]]] = {
    "of": _word_in(LOCKS),
    "address": str,
    "uscc": lambda code: f"统一社会信用代码 {code}",
    "why": _word_in(WHYS),
    "role": lambda role: f"角色：{_word_in(ROLES)(role)}",
    "signs": _word_in({"yes": "有签字权", "no": "没有签字权"}),
    "before": lambda name: f"原名称：{name}",
    "name": lambda name: f"新名称：{name}",
    "request": lambda request: f"申请编号 {request}",
    "invitation": lambda invitation: f"邀请编号 {invitation}",
    "path": _given,
}
"""How each part of a detail is said, in the order in which it is read."""
