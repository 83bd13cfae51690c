"""Which new passwords are refused, and why."""

import pytest
from accounts.passwords.judging import THE_SAME, TOO_COMMON, TOO_SHORT, TOO_SIMPLE, problem_with

NAMES = ("zhou-01", "上海清源化工有限公司（企业账户）")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short 电池", TOO_SHORT),
        ("aaaabbbbcccc", TOO_SIMPLE),
        ("my-Zhou-01-is-it", TOO_SIMPLE),
        ("上海清源化工有限公司2026", TOO_SIMPLE),
        ("1234567890", TOO_COMMON),
        ("Password2026!!", TOO_COMMON),
        ("qwertyuiop", TOO_COMMON),
        ("20261129dragon!", TOO_COMMON),
        ("Qingyuan@2026", TOO_COMMON),
        ("清源2026-2027！", TOO_COMMON),
        ("abcdeabcdeabcde", TOO_COMMON),
        ("correct horse 电池", None),
        ("Demo-k3Jx9QpLmZ", None),
        ("三只白鹭飞过青浦的水闸", None),
    ],
)
def test_a_password_is_accepted_or_refused_with_its_reason(password: str, why: str | None) -> None:
    assert problem_with(password, *NAMES) == why


def test_a_password_may_contain_the_name_of_another_account() -> None:
    assert problem_with("my-Zhou-01-is-it", "wang") is None


def test_the_sentence_for_an_unchanged_password_says_so() -> None:
    assert "当前密码" in THE_SAME
