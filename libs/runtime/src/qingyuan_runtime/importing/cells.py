"""Turns a cell into the value that a request would carry, with a note where it differs from what Excel shows. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from qingyuan_runtime.domain.decider import Problem
from qingyuan_runtime.domain.text import SENTENCES, fault, folded, one_line
from qingyuan_runtime.importing import formats
from qingyuan_runtime.importing.layout import Column
from qingyuan_runtime.importing.sheets import Cell, ValueType


@dataclass(frozen=True, slots=True)
class Value:
    value: Any
    problem: Problem | None = None
    note: Problem | None = None


@dataclass(frozen=True, slots=True)
class FieldCell:
    """A cell and its column."""

    column: Column
    cell: Cell
    since_1904: bool

    def refused(self, rule: str, sentence: str) -> Value:
        return Value(None, Problem(self.column.field, rule, sentence))

    def noted(self, value: Any, rule: str, sentence: str) -> Value:
        return Value(value, None, Problem(self.column.field, rule, sentence))


def value_of(field_cell: FieldCell) -> Value:
    cell = field_cell.cell
    if cell.formula and not cell.text.strip():
        return field_cell.refused("formula-without-result", "公式还没有结果，请改为填写数值或文字。")
    found = _BY_TYPE[cell.type](field_cell)
    if cell.formula and not (found.problem or found.note) and found.value is not None:
        return field_cell.noted(found.value, "formula", f"这里是公式，已按它的结果“{found.value}”读取。")
    return found


def _error(field_cell: FieldCell) -> Value:
    return field_cell.refused("cell-error", f"单元格的内容是错误值 {field_cell.cell.text}，请改正。")


def _logical(field_cell: FieldCell) -> Value:
    is_true = field_cell.cell.text.strip() in ("1", "true")
    if field_cell.column.is_logical:
        return Value(is_true)
    return field_cell.refused("logical", f"单元格的内容是逻辑值 {str(is_true).upper()}，请改为文字。")


def _day(field_cell: FieldCell) -> Value:
    day, _, time = field_cell.cell.text.partition("T")
    if field_cell.column.type != "day":
        return _turned_into_day(field_cell, day)
    return _without_time(field_cell, day, bool(time.strip("0:.Z")))


def _turned_into_day(field_cell: FieldCell, day: str) -> Value:
    sentence = f"Excel 已把内容变成日期 {day}，原来填的已无法得知；请把单元格设为文本格式后重新填写。"
    return field_cell.refused("turned-into-day", sentence)


def _without_time(field_cell: FieldCell, day: str, has_time: bool) -> Value:
    if has_time:
        return field_cell.noted(day, "time-left-out", f"只登记日期 {day}，没有登记钟点。")
    return Value(day)


def _number(field_cell: FieldCell) -> Value:
    number = formats.number_of(field_cell.cell.text)
    if number is None:
        return field_cell.refused("number", f"“{field_cell.cell.text[:50]}”不是 Excel 能表示的数字。")
    if formats.is_day(field_cell.cell.format):
        return _serial(field_cell, number)
    if field_cell.column.type == "day":
        sentence = f"应为日期，如 2026-01-01；单元格里是数字 {formats.plain(number)[:50]}。"
        return field_cell.refused("date", sentence)
    if formats.is_cut(number):
        return field_cell.refused(
            "digits-lost",
            f"“{formats.plain(number)[:50]}”：Excel 的数字只保留前 15 位，之后的已变成 0；请把单元格设为文本格式后重新填写完整。",
        )
    return (
        _measured(field_cell, number)
        if field_cell.column.type == "number"
        else _number_as_text(field_cell, number)
    )


def _serial(field_cell: FieldCell, number: Decimal) -> Value:
    day = formats.day_of(number, since_1904=field_cell.since_1904)
    if field_cell.column.type != "day":
        return _turned_into_day(field_cell, str(day or field_cell.cell.text))
    if day is None:
        return field_cell.refused("date", f"数字 {formats.plain(number)[:50]} 不是 Excel 能表示的日期。")
    return _without_time(field_cell, day.isoformat(), not formats.is_whole(number))


def _measured(field_cell: FieldCell, number: Decimal) -> Value:
    """A measured number: the stored number counts, with a note where the cell's format shows a different one."""
    text, shown = formats.plain(number), formats.shown(number, field_cell.cell.format)
    if "%" in field_cell.cell.format:
        sentence = f"百分比格式的单元格显示为 {shown}，里面存的是 {text}；请改为常规格式后填写数值。"
        return field_cell.refused("percent-format", sentence)
    if shown is not None and formats.number_of(shown.replace(",", "")) == number:
        return Value(text)
    sentence = f"单元格显示为“{shown or field_cell.cell.format}”，按里面存的 {text} 读取。"
    return field_cell.noted(text, "shown-otherwise", sentence)


def _number_as_text(field_cell: FieldCell, number: Decimal) -> Value:
    """A number in a field of text: accepted only if the digits that Excel shows are those that the cell holds."""
    text, shown = formats.plain(number), formats.shown(number, field_cell.cell.format)
    if shown != text:
        seen = f"显示为“{shown}”" if shown is not None else f"按格式“{field_cell.cell.format}”显示"
        sentence = f"单元格{seen}，里面存的只是数字 {text}；请把单元格设为文本格式后重新填写。"
        return field_cell.refused("format-only", sentence)
    if field_cell.column.type == "code":
        sentence = f"单元格是数字，已读作“{text}”；前面若有 0，请设为文本格式后填写。"
        return field_cell.noted(_stored_value(field_cell, text), "number-as-code", sentence)
    return Value(_stored_value(field_cell, text))


def _text(field_cell: FieldCell) -> Value:
    raw = field_cell.cell.text.replace("\r\n", "\n").replace("\r", "\n")
    text = one_line(raw) if field_cell.column.type == "text" else folded(raw)
    if wrong := fault(text):
        return field_cell.refused(wrong.replace("_", "-"), SENTENCES[wrong])
    if not text:
        return Value(None)
    if field_cell.column.is_logical and text not in field_cell.column.words:
        choices = "”或“".join(field_cell.column.choices)
        return field_cell.refused("choice", f"“{text[:50]}”不在可选范围内，请填写“{choices}”。")
    if text != raw.strip(" \t\n\u3000"):
        sentence = f"已改为“{text}”：去掉了看不见的字符，或把全角字符改成了半角。"
        return field_cell.noted(_stored_value(field_cell, text), "text-changed", sentence)
    return Value(_stored_value(field_cell, text))


def _stored_value(field_cell: FieldCell, text: str) -> Any:
    """The stored value of a shown word. An unknown word is kept; the rules of the service then refuse it."""
    column = field_cell.column
    if column.several:
        return [column.words.get(word, word) for word in _SEPARATORS.split(text) if word]
    return column.words.get(text, text)


_SEPARATORS: Final = re.compile(r"[、，,；;/\s]+")
_BY_TYPE: Final[Mapping[ValueType, Callable[[FieldCell], Value]]] = {
    "text": _text, "number": _number, "logical": _logical, "error": _error, "day": _day,
}  # fmt: skip
