"""The register as Excel files: the instruments, one sheet for each kind with the columns of the import template, and the enterprises."""

from collections.abc import Sequence
from datetime import datetime
from typing import IO, Any, Final

from qingyuan_events.labels import KINDS, LABELS, POINT_CODE, POINT_NAME, SHEETS, SINCE, word
from qingyuan_standards.days import local_day
from qingyuan_standards.districts import district_name
from qingyuan_standards.factors import FACTORS

from views.register.query_models import EnterpriseQuery, InstrumentExportQuery
from views.shared.when import When
from views.shared.words import CHOSEN
from views.shared.workbook import ASKED, Column, Styles, Value

Row = dict[str, Any]
Asked = list[tuple[str, str]]
ENTERPRISE: Final = "单位名称"
UNTIL: Final = "停用日期"

STATUS: Final = {"in_use": "在用", "ended": "已关闭", "all": "全部"}
ENTERPRISES: Final = (
    Column(ENTERPRISE, lambda row: row["name"], 30),
    Column("统一社会信用代码", lambda row: row["uscc"], 22),
    Column("所在区", lambda row: district_name(row["district"]), 10),
    Column("地址", lambda row: row["address"], 36),
    Column("行业类别", lambda row: row["industry"], 20),
    Column("排污许可证编号", lambda row: row["permit_number"], 26),
    Column("状态", lambda row: "在用" if row["status"] == "in_use" else "已关闭", 10),
    Column("排口（个）", lambda row: row["outlets"], 10),
    Column("测点（个）", lambda row: row["points"], 10),
    Column("仪器（台）", lambda row: row["instruments"], 10),
)


def asked_of(query: EnterpriseQuery | InstrumentExportQuery, on: When, at: datetime) -> Asked:
    """The filters of the enterprises' or the instruments' list in words. `at` is the time of the export."""
    known = local_day(on.as_known)
    given = [
        ("按何日的记录", known.isoformat() if known < local_day(at) else None),
        ("查找", query.search),
        ("所在区", query.district and district_name(query.district)),
    ]
    said = [(title, text) for title, text in given if text]
    words = STATUS if isinstance(query, EnterpriseQuery) else STATUS | {"ended": "已停用"}
    return [("查看日期", on.as_of.isoformat()), ("状态", words[query.status]), *said]


def instruments_asked(query: InstrumentExportQuery, on: When, at: datetime, enterprise: str | None) -> Asked:
    """`enterprise` is the name of the enterprise asked for, None where the asker may not know it."""
    given = [
        ("排污单位", query.enterprise_id and (enterprise or CHOSEN)),
        ("类别", query.kind and SHEETS[query.kind]),
        ("分析因子", query.factor and FACTORS.get(query.factor, (query.factor,))[0]),
    ]
    return asked_of(query, on, at) + [(title, str(text)) for title, text in given if text]


def titles(kind: str) -> list[str]:
    """The enterprise, the columns of the template, and the end of use. An exported file can be imported again."""
    return [ENTERPRISE, POINT_CODE, POINT_NAME, *LABELS[KINDS[kind]].values(), SINCE, UNTIL]


def cells(row: Row) -> list[str]:
    own = [word(field, row["particulars"].get(field)) for field in LABELS[KINDS[row["kind"]]]]
    place = [row["enterprise_name"], row["point_code"], row["point_name"]]
    return [text or "" for text in (*place, *own, row["valid_from"], row["valid_to"])]


class Workbook:
    """Written to disk row by row, so that its size costs no memory.

    All cells of the instruments are texts, also those that begin like a formula. The first sheet says what was asked for.
    """

    def __init__(self, out: IO[bytes], asked: Asked, at: datetime) -> None:
        import xlsxwriter

        self._book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False})
        self._styles, self._asked, self._at = Styles(self._book), asked, at
        self._about = self._book.add_worksheet(ASKED)
        self._sheets = {kind: self._sheet(kind) for kind in KINDS}
        self._next = dict.fromkeys(KINDS, 1)

    def _sheet(self, kind: str) -> Any:
        sheet = self._book.add_worksheet(SHEETS[kind])
        for column, title in enumerate(titles(kind)):
            sheet.write_string(0, column, title, self._styles.bold)
        sheet.freeze_panes(1, 3)
        sheet.set_column(0, len(titles(kind)) - 1, 18)
        return sheet

    def add(self, rows: Sequence[Row]) -> None:
        for row in rows:
            kind = row["kind"]
            for column, text in enumerate(cells(row)):
                self._sheets[kind].write_string(self._next[kind], column, text)
            self._next[kind] += 1

    def close(self) -> None:
        rows = sum(self._next.values()) - len(self._next)
        about: list[tuple[str, Value]] = [
            ("名单", "仪器清单"),
            *self._asked,
            ("导出时间", self._at),
            ("行数", rows),
        ]
        self._styles.tell(self._about, about)
        self._sheets[next(iter(self._sheets))].activate()
        self._book.close()
