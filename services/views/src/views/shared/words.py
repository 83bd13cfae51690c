"""The Chinese words of states and media in exported lists. `tests/test_one_wording.py` compares them with those of the pages."""

from typing import Final

from qingyuan_standards.contents import CONTENTS

VISIT: Final = {"open": "进行中", "complete": "已完成", "aborted": "已中止"}
CYCLE: Final = {"open": "待完成", "done": "已完成", "missed": "已错过", "stopped": "已停止"}
CIRCUMSTANCES: Final = {"backfilled": "补录", "obstructed": "现场受阻", "conflict": "记录单有分歧"}
CONFIRMATION: Final = {
    "requested": "待签字",
    "opened": "待签字",
    "disputed": "有异议",
    "answered": "运维已答复",
    "escalated": "已提交监管",
    "lapsed": "逾期未签",
    "signed": "已签字",
    "voided": "已作废",
}
FIGURES: Final = {
    "unsigned": "未签字",
    "signed_late": "逾期签字",
    "disputed": "有异议",
    "originals_late": "原件迟传",
}
"""What lists of confirmations are filtered by beside states."""


def contents_named(codes: list[str]) -> str:
    return "、".join(content_named(code) for code in codes)


def content_named(code: str) -> str:
    return CONTENTS[code].name if code in CONTENTS else code
