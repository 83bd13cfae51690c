"""WeChat's refusals as exceptions. WeChat answers 200 with `errcode` in the body."""

from typing import Final


class WeChatRefused(Exception):
    """WeChat answered with a number. `code` is that number."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code} {message}")
        self.code = code


class TokenRefused(WeChatRefused):
    """40001, 42001: the global token is wrong or has expired."""


class AppIdRefused(WeChatRefused):
    """40013."""


class CodeRefused(WeChatRefused):
    """40029 invalid, 40163 used before, 41008 missing: the code of an authorisation."""


class NotFollowing(WeChatRefused):
    """43004: the person does not follow the official account."""


class MessageRefused(WeChatRefused):
    """43101: the person did not agree to subscription messages."""


class OpenidRefused(WeChatRefused):
    """40003: no user of this official account."""


class TemplateRefused(WeChatRefused):
    """40037."""


class QuotaUsedUp(WeChatRefused):
    """45009: the calls of this day are used up."""


class WeChatAway(Exception):
    """No answer, or one that is not WeChat's. Whether a message was sent is unknown."""


class WeChatUnreached(WeChatAway):
    """There was no connection, so nothing was sent."""


_KINDS: Final[dict[int, type[WeChatRefused]]] = {
    40001: TokenRefused,
    42001: TokenRefused,
    40013: AppIdRefused,
    40029: CodeRefused,
    40163: CodeRefused,
    41008: CodeRefused,
    43004: NotFollowing,
    43101: MessageRefused,
    40003: OpenidRefused,
    40037: TemplateRefused,
    45009: QuotaUsedUp,
}


def refusal(code: int, message: str) -> WeChatRefused:
    return _KINDS.get(code, WeChatRefused)(code, message)
