"""The columns of exported people, devices, vehicles and spare parts. Titles are those of the import where it has the column.

A row is a paper with what it belongs to, so that its days stay days; who has several papers has several rows.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from qingyuan_events.filing import ResourceKind
from qingyuan_events.filing_labels import shown

from views.shared.words import RESOURCE
from views.shared.workbook import Column, Row, Value

SHEETS: Final[dict[ResourceKind, str]] = {
    "person": "人员",
    "device": "设备",
    "vehicle": "车辆",
    "spare_part": "备品备件",
}
UNREAD: Final = "姓名未读出"
OWNERSHIPS: Final = {"owned": "自有", "leased": "租赁"}


def rows_of(resource: Mapping[str, Any], names: Mapping[UUID, str]) -> Iterator[Row]:
    """`resource`: as the list answers it."""
    particulars = resource["particulars"]
    name = names.get(UUID(resource["id"]), UNREAD)
    own = particulars | {key: resource[key] for key in ("state", "changed_on", "ended_on")}
    for paper in particulars.get("papers") or [{}]:
        revoked = resource["revoked"].get(paper.get("paper_id"), {})
        yield own | {"person": name, "paper": paper, "revoked_from": revoked.get("first_day")}


def _text(title: str, name: str, width: int = 16) -> Column:
    return Column(title, lambda row: shown(name, row.get(name)), width)


def _number(title: str, name: str) -> Column:
    return Column(title, lambda row: Decimal(row[name]), 12)


def _day(title: str, name: str) -> Column:
    return Column(title, lambda row: _date(row.get(name)), 12)


def _of_paper(title: str, name: str, width: int = 18) -> Column:
    return Column(title, lambda row: shown(name, row["paper"].get(name)), width)


def _day_of_paper(title: str, name: str) -> Column:
    return Column(title, lambda row: _date(row["paper"].get(name)), 12)


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _scan(row: Row) -> Value:
    paper = row["paper"]
    return ("已上传" if paper.get("scan") else "未上传") if paper else ""


PAPERS: Final = (
    _day_of_paper("有效期起", "valid_from"),
    _day_of_paper("有效期止", "valid_to"),
    Column("扫描件", _scan, 10),
    _day("撤销自", "revoked_from"),
)
STANDING: Final = (
    _day("自何日起", "changed_on"),
    Column("状态", lambda row: RESOURCE[row["state"]], 10),
    _day("停用日期", "ended_on"),
)
KIND: Final = _of_paper("证书种类", "kind", 12)
COLUMNS: Final[dict[ResourceKind, tuple[Column, ...]]] = {
    "person": (
        Column("姓名", lambda row: row["person"], 12),
        _text("岗位", "post"),
        _text("技术岗位", "technical_posts", 24),
        _text("学历", "education"),
        _text("职称", "title"),
        _day("入职日期", "joined_on"),
        _of_paper("证书编号", "number"),
        _of_paper("证书类别", "grade"),
        _of_paper("发证机构", "issuer", 26),
        *PAPERS,
        *STANDING,
    ),
    "device": (
        _text("设备名称", "name", 20),
        _text("型号", "model"),
        _text("出厂编号", "serial_number"),
        _text("资产编号", "asset_number"),
        _text("测量参数", "measures", 20),
        KIND,
        _of_paper("证书编号", "number"),
        _of_paper("检定或校准机构", "issuer", 26),
        *PAPERS,
        *STANDING,
    ),
    "vehicle": (
        _text("号牌号码", "plate"),
        Column("车辆来源", lambda row: OWNERSHIPS[row["ownership"]], 10),
        _of_paper("证件种类", "kind", 12),
        _of_paper("证件编号", "number"),
        *PAPERS,
        *STANDING,
    ),
    "spare_part": (
        _text("类别", "category"),
        _text("名称", "name", 20),
        _text("型号", "model"),
        _text("编号", "number"),
        _number("数量", "quantity"),
        _number("总价值（元）", "value"),
        _text("存放地点", "place", 24),
        *STANDING,
    ),
}
