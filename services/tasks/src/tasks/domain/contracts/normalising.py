"""Brings the texts of a contract into one spelling, so that the same name is not recorded in two."""

from typing import Final

from qingyuan_events.tasks import ContractTerms
from qingyuan_runtime.domain.decider import Problem
from qingyuan_runtime.domain.text import with_chinese_brackets

NAMES: Final = ("name",)


def normalise(terms: ContractTerms) -> tuple[ContractTerms, tuple[Problem, ...]]:
    """Removes outer blanks, and writes Chinese names with （）; a note tells of each name whose brackets were changed."""
    normalised = {field: value.strip() for field, value in terms if isinstance(value, str)}
    changed = [field for field in NAMES if with_chinese_brackets(normalised[field]) != normalised[field]]
    normalised |= {field: with_chinese_brackets(normalised[field]) for field in changed}
    notes = [
        Problem(f"particulars.{field}", "chinese-brackets", "名称中的括号已改为中文括号（）。")
        for field in changed
    ]
    return terms.model_copy(update=normalised), tuple(notes)
