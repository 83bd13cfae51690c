"""What holds now at the gate, each with where it comes from. The values are settings of whoever runs the system."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from accounts.passwords import judging
from accounts.settings import AccountsSettings

OUR_CHOICE: Final = "本系统自行设定，运行单位可以更改"
LAW: Final = (
    "《网络安全法》（2025 年修正）第二十三条第三项：网络日志不少于六个月（引文，等级测评前与正式文本核对）"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """`since` is the day from which the source demands it; None where nobody but this system does."""

    code: str
    text: str
    value: str
    source: str = OUR_CHOICE
    since: str | None = None


def rules(settings: AccountsSettings) -> list[Rule]:
    return [*_sessions(settings), *_failures(settings), *_passwords(), *_log(settings), *_lists(settings)]


def _sessions(settings: AccountsSettings) -> Iterator[Rule]:
    yield Rule("session-idle", "多久没有使用就退出登录", f"{settings.session_idle_minutes} 分钟")
    yield Rule("session-absolute", "一次登录最长", f"{settings.session_absolute_hours} 小时")
    yield Rule("sessions-most", "一个账户同时登录", f"最多 {settings.sessions_most} 处")


def _failures(settings: AccountsSettings) -> Iterator[Rule]:
    yield Rule("failures-account", "同一账户连续输错几次就锁定", f"{settings.failures_before_lock} 次")
    yield Rule("failures-address", "同一网络地址输错几次就暂停", f"{settings.failures_per_address} 次")
    yield Rule("lock-minutes", "锁定多久", f"{settings.lock_minutes} 分钟")


def _passwords() -> Iterator[Rule]:
    yield Rule("password-length", "密码长度", f"至少 {judging.MIN_LENGTH} 个字符")
    yield Rule("password-different", "密码中不同的字符", f"至少 {judging.MIN_DIFFERENT} 种")
    yield Rule("password-common", "常见密码、含账户名的密码", "不接受")


def _log(settings: AccountsSettings) -> Iterator[Rule]:
    yield Rule("log-months", "安全日志保存", f"{settings.security_log_months} 个月")
    yield Rule("log-least", "安全日志最少保存", "六个月，数据库不允许更早删除", LAW, "2026-01-01")


def _lists(settings: AccountsSettings) -> Iterator[Rule]:
    grace = settings.certificate_list_grace_hours
    yield Rule("list-grace", "吊销列表过了更新时间还使用多久", f"{grace} 小时" if grace else "不使用")
    without = "接受" if settings.certificate_without_list else "不接受"
    yield Rule("list-missing", "没有吊销列表的发证机构", without)
    demo = "接受，仅供演示" if settings.certificate_demo_roots else "不接受"
    yield Rule("demo-roots", "演示用的根证书", demo)
