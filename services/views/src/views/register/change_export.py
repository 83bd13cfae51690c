"""Requests to change an enterprise's name, credit code or district as an Excel file."""

import json
from datetime import datetime
from typing import Any, Final

from qingyuan_standards.districts import district_name

from views.register.changes import State
from views.shared.words import CHANGE, CHANGE_FIELDS, CHANGES_ASKED
from views.shared.workbook import Column, Row, Sheet


def change_row(found: Any) -> Row:
    """A request as it is stored, with its two sides read once for all columns."""
    return {**found, "was": json.loads(found["was"]), "wanted": json.loads(found["wanted"])}


def _value(row: Row, side: str, field: str) -> Any:
    """Only what was to be changed: the rest of the particulars is the same before and after."""
    if row["was"].get(field) == row["wanted"].get(field):
        return None
    value = row[side].get(field)
    return district_name(value) if field == "district" and value else value


def _column(field: str, side: str, title: str) -> Column:
    return Column(f"{CHANGE_FIELDS[field]}（{title}）", lambda row: _value(row, side, field), 24)


COLUMNS: Final = (
    Column("排污单位", lambda row: row["enterprise_name"], 30),
    *(
        _column(field, side, title)
        for field in CHANGE_FIELDS
        for side, title in (("was", "原"), ("wanted", "申请变更为"))
    ),
    Column("自何日起", lambda row: row["valid_from"], 12),
    Column("理由", lambda row: row["reason"], 30),
    Column("申请时间", lambda row: row["requested_at"], 18),
    Column("状态", lambda row: CHANGE[row["status"]], 22),
    Column("答复", lambda row: row["decision"], 30),
    Column("答复时间", lambda row: row["decided_at"], 18),
)


def change_sheet(state: State, at: datetime) -> Sheet:
    return Sheet("变更申请", COLUMNS, [("状态", CHANGES_ASKED[state])], at)
