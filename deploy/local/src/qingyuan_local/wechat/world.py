"""What the fake of WeChat remembers: test users, codes, tokens, messages, and the faults that a test has switched on."""

import secrets
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any, Final

CODE_SECONDS: Final = 300
TOKEN_SECONDS: Final = 7200
CALLS_PER_DAY: Final = 2000
"""Of each path. Our own choice for the fake; WeChat's limits differ by path and account."""


class Refusal(Exception):
    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Official:
    """The official account that the fake knows, and where its platform stands."""

    app_id: str
    secret: str
    push_token: str
    push_key: str
    platform: str


@dataclass(slots=True)
class User:
    openid: str
    name: str
    follows: bool = True
    subscribed: bool = True
    """Whether subscription messages are agreed to."""


@dataclass(slots=True)
class Code:
    openid: str
    made: float
    snapshot: bool
    used: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    openid: str
    template: str
    values: dict[str, str]
    link: str
    at: float


USERS: Final = (
    ("zhou", "周敏（排污单位）"),
    ("wang", "王强（运维人员）"),
    ("li", "李静（运维机构）"),
    ("stranger", "未绑定的人"),
)


@dataclass
class World:
    official: Official
    users: dict[str, User] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)
    tokens: list[str] = field(default_factory=list)
    """The last one is valid. Those before it were replaced by force."""
    faults: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    calls: Counter[str] = field(default_factory=Counter)
    skew: float = 0
    token_made: float = 0
    ticket: str = field(default_factory=lambda: secrets.token_hex(16))

    def __post_init__(self) -> None:
        for key, name in USERS:
            self.users.setdefault(f"o-{key}", User(f"o-{key}", name))

    def now(self) -> float:
        return time.time() + self.skew

    def call(self, path: str) -> None:
        """Count a call. Raises the fault that was ordered for the path, or that of the day's limit."""
        self.calls[path] += 1
        if self.faults[path]:
            raise Refusal(self.faults[path].pop(0), "ordered")
        if self.calls[path] > CALLS_PER_DAY:
            raise Refusal(45009, "reach max api daily quota limit")

    def agree(self, openid: str, *, snapshot: bool = False) -> str:
        code = secrets.token_hex(16)
        self.codes[code] = Code(openid, self.now(), snapshot)
        return code

    def exchange(self, code: str) -> Code:
        if not code:
            raise Refusal(41008, "missing code")
        known = self.codes.get(code)
        if known is None or self.now() - known.made > CODE_SECONDS:
            raise Refusal(40029, "invalid code")
        if known.used:
            raise Refusal(40163, "code been used")
        known.used = True
        return known

    def stable_token(self, *, force: bool) -> tuple[str, int]:
        left = int(TOKEN_SECONDS - (self.now() - self.token_made))
        if force or not self.tokens or left <= 0:
            self.tokens.append(secrets.token_hex(24))
            self.token_made, left = self.now(), TOKEN_SECONDS
        return self.tokens[-1], left

    def require_token(self, token: str) -> None:
        if not self.tokens or token != self.tokens[-1]:
            raise Refusal(40001, "invalid credential")
        if self.now() - self.token_made > TOKEN_SECONDS:
            raise Refusal(42001, "access_token expired")

    def require_secret(self, given: Any) -> None:
        if given.get("appid") != self.official.app_id:
            raise Refusal(40013, "invalid appid")
        if given.get("secret") != self.official.secret:
            raise Refusal(40125, "invalid appsecret")

    def send(self, message: dict[str, Any], *, subscription: bool) -> None:
        user = self.users.get(str(message.get("touser")))
        if user is None:
            raise Refusal(40003, "invalid openid")
        if not message.get("template_id"):
            raise Refusal(40037, "invalid template_id")
        if subscription and not user.subscribed:
            raise Refusal(43101, "user refuse to accept the msg")
        if not subscription and not user.follows:
            raise Refusal(43004, "require subscribe")
        values = {name: str(part.get("value", "")) for name, part in message.get("data", {}).items()}
        link = str(message.get("url") or message.get("page") or "")
        self.messages.append(Message(user.openid, str(message["template_id"]), values, link, self.now()))
