"""A record sheet for print, with the layout and the labels of its form. Pure.

A table with too many columns for the page is transposed: each of its rows becomes a column.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from qingyuan_standards.contents import CONTENTS
from qingyuan_standards.forms import Form, UnknownForm, form
from qingyuan_standards.forms_definition import property_at

from views.printing.instruments import (
    TAKEN,
    about_instruments,
    duration,
    taken_paths,
    with_names_from_register,
)

Row = dict[str, Any]
COLUMNS_MAX: Final = 8
ROWS_SIDE_BY_SIDE: Final = 4
LOCAL_TIME: Final = re.compile(r"^([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2})$")


def sheet(revision: Mapping[str, Any], instruments: Sequence[Row] = ()) -> Row:
    """The data for the template, from one current revision as the response of the visit contains it.

    `instruments` are those of the visit, as of its day.
    """
    revision = with_names_from_register(revision, instruments)
    content = CONTENTS.get(revision["content"])
    work = content.name if content else revision["content"]
    try:
        known = form(revision["form"], revision["form_version"])
    except UnknownForm:
        title, parts, groups = revision["form"], [_pairs("内容", list(_unlabelled(revision["values"])))], ""
    else:
        title, parts = known.title, list(_parts(known, revision))
        groups = filled_groups(known, revision.get("filled_by_group") or ())
    if revision["used"]:
        parts.append(_used(revision["used"]))
    return {
        "title": f"{work} · {title}",
        "about": _about(revision, groups),
        "instruments": about_instruments(revision, instruments),
        "parts": parts,
        "notes": [finding["sentence"] for finding in revision["findings"]],
    }


def filled_groups(known: Form, filled: Collection[str]) -> str:
    """Each group with the number of its fields that were filled with one tap; as in web/src/sheets/groups.ts."""
    groups = [part for part in known.document["layout"] if "group" in part]
    counted = [(part["group"], len({*part["fields"]} & {*filled})) for part in groups]
    return "、".join(f"{title} {count} 项" for title, count in counted if count)


def _about(revision: Mapping[str, Any], groups: str) -> str:
    filled = f"，按组填写：{groups}" if groups else ""
    took = (
        f"，填写用时 {duration(revision['filled_seconds'])}"
        if revision.get("filled_seconds") is not None
        else ""
    )
    named = f"第 {revision['form_version']} 版表单{filled}{took}"
    return f"{named}，更正原因：{revision['reason']}" if revision["reason"] else named


def _unlabelled(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The values of a sheet whose form is unknown, labelled with the names of their fields."""
    return ((name, shown(value)) for name, value in values.items())


def _parts(known: Form, revision: Mapping[str, Any]) -> Iterator[Row]:
    for part in known.document["layout"]:
        if "group" in part:
            rows = [
                (_label(known, (), name), _value(revision, name))
                for name in part["fields"]
                if _value(revision, name)
            ]
            if rows:
                yield _pairs(part["group"], rows)
        else:
            yield from _table(known, part, revision)


def _pairs(title: str, rows: Sequence[tuple[str, str]]) -> Row:
    return {"kind": "pairs", "title": title, "rows": [list(row) for row in rows]}


def _table(known: Form, part: Mapping[str, Any], revision: Mapping[str, Any]) -> Iterator[Row]:
    name = part["table"]
    count = len(revision["values"].get(name) or ())
    cells = [[_value(revision, column, name, at) for column in part["columns"]] for at in range(count)]
    labels = [_label(known, (name, 0), column) for column in part["columns"]]
    if not cells:
        return
    if len(labels) <= COLUMNS_MAX:
        yield {"kind": "table", "title": part["title"], "columns": labels, "rows": cells}
        return
    used = [number for number in range(len(labels)) if any(row[number] for row in cells)]
    for start in range(0, count, ROWS_SIDE_BY_SIDE):
        side_by_side = cells[start : start + ROWS_SIDE_BY_SIDE]
        transposed = [[labels[number], *(row[number] for row in side_by_side)] for number in used]
        heads = ["项目", *(f"第 {start + n} 行" for n in range(1, len(side_by_side) + 1))]
        yield {"kind": "table", "title": part["title"], "columns": heads, "rows": transposed}


def _label(known: Form, place: tuple[str | int, ...], name: str) -> str:
    found = property_at(known.document["schema"], (*place, name)) or {}
    computed: Row = next((formula for formula in known.document["computed"] if formula["field"] == name), {})
    title = found.get("title") or computed.get("title") or name
    unit = found.get("unit") or computed.get("unit")
    return f"{title}（{unit}）" if unit else str(title)


def _value(revision: Mapping[str, Any], name: str, table: str | None = None, at: int = 0) -> str:
    row = revision["values"] if table is None else revision["values"][table][at]
    path = name if table is None else f"{table}.{at}.{name}"
    written = row.get(name) if isinstance(row, Mapping) else None
    text = shown(written if written is not None else revision["computed"].get(path))
    return f"{text}{TAKEN}" if path in taken_paths(revision) else text


def shown(value: Any) -> str:
    """A value as text for print; decimal strings stay as they were entered."""
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case list():
            return "、".join(shown(item) for item in value)
        case dict():
            return "；".join(f"{name}：{shown(item)}" for name, item in value.items())
        case _:
            return LOCAL_TIME.sub(r"\1 \2", str(value))


def _used(used: Sequence[Mapping[str, Any]]) -> Row:
    names = ("name", "model", "quantity", "unit", "lot", "expires")
    return {
        "kind": "table",
        "title": "备件、试剂和标准物质",
        "columns": ["名称", "型号", "数量", "单位", "批号", "有效期至"],
        "rows": [[shown(part.get(name)) for name in names] for part in used],
    }
