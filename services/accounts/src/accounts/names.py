"""What accounts are called: one form of a name, however it is typed, wherever one is made, sought or logged in with. Pure."""

from typing import Final

from qingyuan_runtime.domain.text import folded, problems

MOST: Final = 100
BLANK: Final = "账户名中不能有空格。"


def account_name(typed: str) -> str:
    """As it is kept: `ＺＨＡＮＧ` and `zhang ` are `zhang`."""
    return folded(typed).lower()


def problem_with_name(name: str) -> str | None:
    """Why a new account cannot be called so, as a Chinese sentence; None when it can."""
    if any(sign.isspace() for sign in name):
        return BLANK
    return next((f"账户名：{one.sentence}" for one in problems("account", name, MOST)), None)
