"""The sheets of the workbook. A row is a person, a device or a spare part, with at most one paper."""

from collections.abc import Mapping
from typing import Final

from qingyuan_events.filing_labels import FILING_VALUES
from qingyuan_runtime.importing.layout import DAY_ASKED, Column, SheetLayout, WorkbookLayout

MAX_ROWS: Final = 1_000
PAPER: Final = "papers.0."
SCAN: Final = f"{PAPER}scan"
"""The column in which a row names the file of its scan."""
PAPER_KINDS: Final = ("verification", "calibration")


def _words(field: str, *stored: str) -> Mapping[str, str]:
    values = FILING_VALUES[field]
    return {values[key]: key for key in stored or values}


def _choice(title: str, name: str, words: Mapping[str, str], *, required: bool = False) -> Column:
    return Column(title, name, required, words=words, choices=tuple(words))


POSTS: Final = Column(
    "技术岗位",
    "technical_posts",
    required=True,
    words=_words("technical_posts"),
    choices=tuple(_words("technical_posts")),
    several=True,
)
PERIOD: Final = (
    Column("有效期起", f"{PAPER}valid_from", type="day", width=13),
    Column("有效期止", f"{PAPER}valid_to", type="day", width=13),
    Column("扫描件文件名", SCAN, width=26),
)
CHANGED_ON: Final = Column("自何日起", "changed_on", required=True, type="day", width=13)

PEOPLE: Final = SheetLayout(
    kind="person",
    name="人员",
    heading="name",
    columns=(
        Column("姓名", "name", required=True, width=12),
        Column("岗位", "post", required=True),
        POSTS,
        _choice("学历", "education", _words("education")),
        Column("职称", "title", width=14),
        Column("入职日期", "joined_on", required=True, type="day", width=13),
        Column("证书编号", f"{PAPER}number", type="code"),
        Column("证书类别", f"{PAPER}grade"),
        Column("发证机构", f"{PAPER}issuer", width=26),
        *PERIOD,
        CHANGED_ON,
    ),
    example={
        "name": "张三",
        "post": "运维工程师",
        "technical_posts": "运维人员、质量监督员",
        "education": "本科",
        "title": "工程师",
        "joined_on": "2024-05-06",
        f"{PAPER}number": "YW-2025-0001",
        f"{PAPER}grade": "水污染源",
        f"{PAPER}issuer": "发证机构全称",
        f"{PAPER}valid_from": "2025-03-01",
        f"{PAPER}valid_to": "2028-02-29",
        SCAN: "张三的证书.pdf",
        "changed_on": DAY_ASKED,
    },
)
DEVICES: Final = SheetLayout(
    kind="device",
    name="设备",
    heading="serial_number",
    columns=(
        Column("设备名称", "name", required=True),
        Column("型号", "model", required=True, type="code"),
        Column("出厂编号", "serial_number", required=True, type="code"),
        Column("资产编号", "asset_number", required=True, type="code"),
        Column("测量参数", "measures"),
        _choice("证书种类", f"{PAPER}kind", _words("kind", *PAPER_KINDS)),
        Column("证书编号", f"{PAPER}number", type="code"),
        Column("检定或校准机构", f"{PAPER}issuer", width=26),
        *PERIOD,
        CHANGED_ON,
    ),
    example={
        "name": "便携式烟气分析仪",
        "model": "示例型号",
        "serial_number": "示例编号",
        "asset_number": "ZC-001",
        "measures": "二氧化硫、氮氧化物",
        f"{PAPER}kind": "校准证书",
        f"{PAPER}number": "JZ-2026-0001",
        f"{PAPER}issuer": "校准机构全称",
        f"{PAPER}valid_from": "2026-02-01",
        f"{PAPER}valid_to": "2027-01-31",
        SCAN: "校准证书.jpg",
        "changed_on": DAY_ASKED,
    },
)
SPARE_PARTS: Final = SheetLayout(
    kind="spare_part",
    name="备品备件",
    heading="name",
    columns=(
        _choice("类别", "category", _words("category"), required=True),
        Column("名称", "name", required=True),
        Column("型号", "model", type="code"),
        Column("编号", "number", type="code"),
        Column("数量", "quantity", required=True, type="number", width=10),
        Column("总价值（元）", "value", required=True, type="number", width=14),
        Column("存放地点", "place", required=True),
        CHANGED_ON,
    ),
    example={
        "category": "备品备件",
        "name": "蠕动泵管",
        "model": "示例型号",
        "number": "BJ-001",
        "quantity": "20",
        "value": "900",
        "place": "示例仓库",
        "changed_on": DAY_ASKED,
    },
)
WORKBOOK: Final = WorkbookLayout((PEOPLE, DEVICES, SPARE_PARTS), MAX_ROWS)
