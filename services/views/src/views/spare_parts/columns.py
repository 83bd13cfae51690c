"""The columns of the exported list of what was used, and its filters in words."""

from collections.abc import Iterator
from typing import Final

from views.exports.columns import PLACE
from views.shared.workbook import Column
from views.spare_parts.query_models import PartUseQuery

PART_USES: Final = (
    Column("日期", lambda row: row["day"], 12),
    Column("名称", lambda row: row["name"], 24),
    Column("型号", lambda row: row["model"], 16),
    Column("批号", lambda row: row["lot"], 16),
    Column("有效期至", lambda row: row["expires"], 12),
    Column("已过有效期", lambda row: "是" if row["expired"] else "", 12),
    Column("数量", lambda row: row["quantity"], 10),
    Column("单位", lambda row: row["unit"], 8),
    Column("备案", lambda row: "" if row["filed"] else "未备案的备件", 14),
    *PLACE,
)


def asked(query: PartUseQuery) -> list[tuple[str, str]]:
    return list(_asked(query)) or [("条件", "无")]


def _asked(query: PartUseQuery) -> Iterator[tuple[str, str]]:
    if query.first_day or query.last_day:
        yield "日期", f"{query.first_day or '不限'} 至 {query.last_day or '不限'}"
    if query.search:
        yield "名称或型号", query.search
    if query.lot:
        yield "批号", query.lot
    if query.filed is not None:
        yield "备案", "已备案的备件" if query.filed else "未备案的备件"
    if query.expired is not None:
        yield "有效期", "已过有效期" if query.expired else "未过有效期"
