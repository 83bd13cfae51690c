"""What is corrected for the person instead of refused; each correction is told in a note."""

from typing import Final

from qingyuan_events.tasks import ContractTerms
from qingyuan_runtime.domain.decider import Problem
from qingyuan_runtime.domain.text import with_chinese_brackets

NAMES: Final = ("name",)


def normalise(terms: ContractTerms) -> tuple[ContractTerms, tuple[Problem, ...]]:
    """Without outer blanks, and with （） in Chinese names; a note for each name that was changed."""
    better = {field: value.strip() for field, value in terms if isinstance(value, str)}
    wrong = [field for field in NAMES if with_chinese_brackets(better[field]) != better[field]]
    better |= {field: with_chinese_brackets(better[field]) for field in wrong}
    notes = [
        Problem(f"particulars.{field}", "chinese-brackets", "名称中的括号已改为中文括号（）。")
        for field in wrong
    ]
    return terms.model_copy(update=better), tuple(notes)
