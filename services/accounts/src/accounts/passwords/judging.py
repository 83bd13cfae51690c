"""Rules for new passwords: long enough, without the account's name, and not a common one. No rules about kinds of characters."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from accounts.passwords.policy import POLICIES

MIN_LENGTH: Final = POLICIES[-1].length_min
"""Where no day is given: of the newest policy."""
MIN_DIFFERENT: Final = 5
PRODUCT_NAMES: Final = frozenset({"qingyuan", "清源", "污染源", "wuranyuan"})
DIGITS_AND_PUNCTUATION: Final = (
    "0123456789!@#$%^&*()_+-=[]{}|;:'\",.<>/?`~\\ ！￥…（）—【】；：‘’“”，。《》？、"
)

TOO_SIMPLE: Final = f"密码过于简单：不能包含账户名，且至少有 {MIN_DIFFERENT} 种不同字符。"
TOO_COMMON: Final = "这是常见的密码，很容易被猜到，请换一个。"
THE_SAME: Final = "新密码不能与当前密码相同。"


def too_short(least: int) -> str:
    return f"密码至少 {least} 个字符。"


def used_before(how_many: int) -> str:
    return f"新密码不能与最近 {how_many} 次用过的密码相同。"


TOO_SHORT: Final = too_short(MIN_LENGTH)


def problem_with(password: str, *names: str, least: int = MIN_LENGTH) -> str | None:
    """Why a new password is not good enough, as a Chinese sentence; None if it is. `names` are those of the account."""
    if len(password) < least:
        return too_short(least)
    plain = password.casefold()
    if len(set(plain)) < MIN_DIFFERENT or any(part in plain for part in _parts(names)):
        return TOO_SIMPLE
    return TOO_COMMON if _is_common(plain) else None


def _parts(names: tuple[str, ...]) -> Iterator[str]:
    """The names and their parts: `甲运维（王）` must not be used as `甲运维` either."""
    for name in names:
        whole = name.casefold()
        yield from (part for part in {whole, *re.split(r"[\s（）()]+", whole)} if len(part) >= 3)


def _is_common(plain: str) -> bool:
    """Whether it is a common password, also with digits and punctuation around it, or a repetition of a shorter text."""
    core = plain.strip(DIGITS_AND_PUNCTUATION)
    return plain in common() or core in common() or core in PRODUCT_NAMES or plain in (plain + plain)[1:-1]


@cache
def common() -> frozenset[str]:
    """The 30,000 most common passwords from zxcvbn's list. Loaded at the first use, since most processes never need it."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])
