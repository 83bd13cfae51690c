"""Lists, rotates and retires the keys with which services sign messages (of a log) and tokens (of an issuer)."""

from datetime import timedelta
from typing import Final

from qingyuan_events import TOPICS
from qingyuan_local.keys import fresh_key, halves_of, keys_of, retire_keys
from qingyuan_local.state import State
from qingyuan_runtime.process.clock import now
from qingyuan_runtime.tokens import actors, evidence, second_factor
from qingyuan_runtime.topology import ISSUERS, WITH_LOG

ACTIONS: Final = ("list", "rotate", "retire")
OWNERS: Final = (*WITH_LOG, *ISSUERS)
TOKEN_LIFETIME_MAX: Final = max(evidence.LIFETIME, second_factor.LIFETIME, actors.LIFETIME)


def act(state: State, action: str, owner: str, *, at_once: bool) -> str:
    """Carry out the action; one line for the user about the result."""
    match action:
        case "rotate":
            return _rotate(state, owner)
        case "retire":
            return _retire(state, owner, None if at_once else lasting(owner))
        case _:
            return _list(state, owner)


def _list(state: State, owner: str) -> str:
    *old, newest = list(keys_of(state, owner)) or ["没有完整的密钥，请执行 rotate；无人"]
    verifying = f"；仍可核对：{'、'.join(old)}" if old else ""
    halves = halves_of(state, owner)
    incomplete = f"；只有一半，不能用：{'、'.join(halves)}" if halves else ""
    return f"{owner}：{newest} 签名{verifying}{incomplete}"


def _rotate(state: State, owner: str) -> str:
    name = fresh_key(state, owner)
    *_, newest = keys_of(state, owner)
    if name != newest:
        return f"{owner}：新密钥 {name} 没有启用，签名的仍是 {newest}。"
    return f"{owner}：新密钥 {name} 开始签名，旧密钥仍可核对。"


def lasting(owner: str) -> timedelta:
    """How long content signed with a key is still read: the topic's retention, or the longest lifetime of a token."""
    days = {topic.owner: topic.retention_days for topic in TOPICS}
    return timedelta(days=days[owner]) if owner in days else TOKEN_LIFETIME_MAX


def _retire(state: State, owner: str, after: timedelta | None) -> str:
    retired = retire_keys(state, owner, now(), after)
    remaining = list(keys_of(state, owner))[:-1]
    done = f"已停用 {'、'.join(retired)}" if retired else "没有可以停用的旧密钥"
    waiting = f"；须等新密钥启用满 {_duration(after)}：{'、'.join(remaining)}" if remaining and after else ""
    return f"{owner}：{done}{waiting}。"


def _duration(time: timedelta) -> str:
    return f"{time.days} 天" if time.days else f"{time.seconds // 60} 分钟"
