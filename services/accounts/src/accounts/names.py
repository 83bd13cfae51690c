"""Account names in one normal form, however they are typed, for creating accounts, finding them and logging in. Pure."""

from typing import Final

from qingyuan_runtime.domain.text import folded, problems

MOST: Final = 100
BLANK: Final = "账户名中不能有空格。"


def account_name(typed: str) -> str:
    """The normal form that is stored: `ＺＨＡＮＧ` and `zhang ` become `zhang`."""
    return folded(typed).lower()


def problem_with_name(name: str) -> str | None:
    """Why a new account cannot have this name, as a Chinese sentence; None if it can."""
    if any(char.isspace() for char in name):
        return BLANK
    return next((f"账户名：{problem.sentence}" for problem in problems("account", name, MOST)), None)
