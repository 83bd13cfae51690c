"""The columns of exported lists. A row is that of the read model with the names for its ids."""

from typing import Any, Final

from qingyuan_standards.days import until_text
from qingyuan_standards.districts import district_name

from views.printing.words import FILING_MARKS, MARKS, MEDIA
from views.shared.words import (
    CIRCUMSTANCES,
    CONFIRMATION,
    CONTRACT,
    CYCLE,
    PLAN,
    VISIT,
    content_named,
    contents_named,
)
from views.shared.workbook import Column, Row
from views.work.filing_marks import marks_of
from views.work.lists import IMPLAUSIBLE_TRAVEL


def marks(row: Row) -> str:
    """As the pages show them: the marks of the record, and what else is said of it."""
    codes = [*row["marks"], *([IMPLAUSIBLE_TRAVEL] if row["implausible"] else [])]
    circumstances = [text for name, text in CIRCUMSTANCES.items() if row[name]]
    of_filings = (FILING_MARKS[code] for code in marks_of(row))
    return "、".join([*circumstances, *(MARKS[code] for code in codes), *of_filings])


def word(words: dict[str, str], name: str) -> Any:
    return lambda row: words.get(row[name] or "", "")


PLACE: Final = (
    Column("排污单位", lambda row: row["enterprise_name"], 30),
    Column("所在区", lambda row: district_name(row["district"]), 10),
    Column("测点", lambda row: row["point_name"], 20),
    Column("测点编号", lambda row: row["point_code"], 12),
    Column("介质", word(MEDIA, "medium"), 8),
)
OPERATOR: Final = Column("运维机构", lambda row: row["operator_name"], 30)
TECHNICIAN: Final = Column("运维人员", lambda row: row["technician"], 12)
CONTENTS: Final = Column("运维内容", lambda row: contents_named(row["contents"] or []), 24)
SIGNED: Final = (
    Column("签字时间", lambda row: row["signed_at"], 18),
    Column("逾期签字", lambda row: "是" if row["signed_at"] and row["late"] else ""),
)

VISITS: Final = (
    Column("日期", lambda row: row["day"], 12),
    *PLACE,
    OPERATOR,
    TECHNICIAN,
    CONTENTS,
    Column("签到时间", lambda row: row["sign_in_at"], 18),
    Column("签退时间", lambda row: row["sign_out_at"], 18),
    Column("距测点（米）", lambda row: row["distance_m"], 12),
    Column("记录单（份）", lambda row: row["sheets"], 12),
    Column("照片（张）", lambda row: row["photos"], 10),
    Column("标记", marks, 24),
    Column("进度", word(VISIT, "state"), 10),
    Column("企业确认", word(CONFIRMATION, "confirmation_state"), 12),
    *SIGNED,
)
CONFIRMATIONS: Final = (
    Column("运维日期", lambda row: row["visit_day"], 12),
    *PLACE,
    OPERATOR,
    TECHNICIAN,
    CONTENTS,
    Column("提请确认时间", lambda row: row["requested_at"], 18),
    Column("签字期限", lambda row: until_text(row["due_at"]), 18),
    Column("状态", word(CONFIRMATION, "state"), 12),
    *SIGNED,
)
CYCLES: Final = (
    Column("开始", lambda row: row["opens"], 12),
    Column("到期", lambda row: row["closes"], 12),
    Column("期次", lambda row: row["number"], 8),
    Column("运维内容", lambda row: content_named(row["content"]), 20),
    *PLACE,
    OPERATOR,
    Column("状态", word(CYCLE, "state"), 10),
    Column("余量（天）", lambda row: row["slack_days"], 10),
    Column("完成日期", lambda row: row["done_on"], 12),
)
CONTRACTS: Final = (
    Column("合同编号", lambda row: row["number"], 18),
    Column("合同名称", lambda row: row["name"], 30),
    Column("排污单位", lambda row: row["enterprise_name"], 30),
    Column("所在区", lambda row: district_name(row["district"]) if row["district"] else "", 10),
    OPERATOR,
    Column("测点（个）", lambda row: len(row["points"]), 10),
    Column("开始", lambda row: row["first_day"], 12),
    Column("到期", lambda row: row["last_day"], 12),
    Column("终止日期", lambda row: row["ended_on"], 12),
    Column("状态", word(CONTRACT, "standing"), 12),
    Column("提交时间", lambda row: row["submitted"], 18),
)
PLANS: Final = (
    Column("计划", lambda row: row["name"], 30),
    Column("排污单位", lambda row: row["enterprise_name"], 30),
    Column("所在区", lambda row: district_name(row["district"]), 10),
    OPERATOR,
    CONTENTS,
    Column("测点（个）", lambda row: len(row["points"]), 10),
    Column("开始", lambda row: row["first_day"], 12),
    Column("到期", lambda row: row["last_day"], 12),
    Column("停止日期", lambda row: row["stopped_on"], 12),
    Column("状态", word(PLAN, "standing"), 10),
    Column("发布时间", lambda row: row["published"], 18),
)
