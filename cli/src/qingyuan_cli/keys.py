"""Changing the keys by which services sign: of messages (a log's) and of tokens (an issuer's)."""

from datetime import timedelta
from typing import Final

from qingyuan_events import TOPICS
from qingyuan_local.keys import fresh_key, keys_of, retire_keys
from qingyuan_local.state import State
from qingyuan_runtime import actors, evidence, second_factor
from qingyuan_runtime.clock import now
from qingyuan_runtime.topology import ISSUERS, WITH_LOG

ACTIONS: Final = ("list", "rotate", "retire")
OWNERS: Final = (*WITH_LOG, *ISSUERS)
TOKENS_LAST: Final = max(evidence.LIFETIME, second_factor.LIFETIME, actors.LIFETIME)


def act(state: State, action: str, owner: str, *, at_once: bool) -> str:
    """One line about what was done, for a person."""
    match action:
        case "rotate":
            return f"{owner}：新密钥 {fresh_key(state, owner)} 开始签名，旧密钥仍可核对。"
        case "retire":
            return _retire(state, owner, timedelta(0) if at_once else lasting(owner))
        case _:
            *old, newest = keys_of(state, owner)
            kept = f"；仍可核对：{'、'.join(old)}" if old else ""
            return f"{owner}：{newest} 签名{kept}"


def lasting(owner: str) -> timedelta:
    """How long somebody may still read what a key has signed: the topic's retention, or the longest life of a token."""
    days = {topic.owner: topic.retention_days for topic in TOPICS}
    return timedelta(days=days[owner]) if owner in days else TOKENS_LAST


def _retire(state: State, owner: str, after: timedelta) -> str:
    gone = retire_keys(state, owner, now(), after)
    left = list(keys_of(state, owner))[:-1]
    done = f"已停用 {'、'.join(gone)}" if gone else "没有可以停用的旧密钥"
    waiting = f"；须等新密钥启用满 {_words(after)}：{'、'.join(left)}" if left else ""
    return f"{owner}：{done}{waiting}。"


def _words(time: timedelta) -> str:
    return f"{time.days} 天" if time.days else f"{time.seconds // 60} 分钟"
