"""The Chinese words of states and media in exported lists. `tests/test_one_wording.py` compares them with those of the pages."""

from typing import Final

from qingyuan_standards.contents import CONTENTS

CHOSEN: Final = "所选"
"""Where the name of what was chosen is not known at present, or is not the asker's to know."""
VISIT: Final = {"open": "进行中", "complete": "已完成", "aborted": "已中止"}
CYCLE: Final = {"open": "待完成", "done": "已完成", "missed": "已错过", "stopped": "已停止"}
CONTRACT: Final = {
    "submitted": "待企业确认",
    "declined": "企业已拒绝",
    "terminated": "已终止",
    "ending": "将终止",
    "upcoming": "未开始",
    "expired": "已到期",
    "expiring": "即将到期",
    "in_force": "履行中",
}
PLAN: Final = {"stopped": "已停止", "upcoming": "未开始", "over": "已结束", "running": "执行中"}
CHANGE_FIELDS: Final = {"name": "单位名称", "uscc": "统一社会信用代码", "district": "所在区"}
CHANGE: Final = {
    "pending": "待确认",
    "confirmed": "已确认",
    "refused": "不同意",
    "withdrawn": "已撤回",
    "replaced": "已被新申请取代",
    "lapsed": "已失效（单位已关闭）",
}
CHANGES_ASKED: Final = {"pending": "待确认", "decided": "已有结果", "all": "全部"}
RESOURCE: Final = {
    "draft": "草稿",
    "submitted": "待审",
    "returned": "已退回",
    "passed": "已通过",
    "filed": "已备案",
    "changed": "有改动",
    "ended": "已停用",
}
CIRCUMSTANCES: Final = {"backfilled": "补录", "obstructed": "阻挠", "conflict": "记录单有分歧"}
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
    "unanswered": "异议未答复",
    "originals_late": "原件迟传",
}
"""What lists of confirmations are filtered by beside states."""


def contents_named(codes: list[str]) -> str:
    return "、".join(content_named(code) for code in codes)


def content_named(code: str) -> str:
    return CONTENTS[code].name if code in CONTENTS else code
