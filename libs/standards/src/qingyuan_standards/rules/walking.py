"""Walks through a document of unknown shape, collects its problems, and never raises."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from qingyuan_standards.local_times import day_of, moment_of
from qingyuan_standards.rules.document import Problem
from qingyuan_standards.rules.places import place, step_to
from qingyuan_standards.rules.units import SPACE, Unit, number_of, unit_of

Json = Mapping[str, Any]

PROBLEMS_MAX: Final = 2_000
TEXT_MAX: Final = 100
SHOWN_MAX: Final = 30
ABOUT_DEPTH: Final = 12
COMMAS: Final = ",，、"


@dataclass
class Walker:
    problems: list[Problem] = field(default_factory=list)
    full_width: list[tuple[str, str]] = field(default_factory=list)

    def tell(self, at: str, code: str, sentence: str) -> None:
        """`sentence` follows the name of the place."""
        if len(self.problems) < PROBLEMS_MAX:
            self.problems.append(Problem(at, code, f"{place(at)}{sentence}"))

    def members(
        self, value: Any, at: str, required: Collection[str] = (), optional: Collection[str] = ()
    ) -> Json:
        """The object's fields; an empty object where it is none. Tells of unknown and of missing fields."""
        if not isinstance(value, Mapping):
            self.tell(at, "field.type", "应为一组填写内容（对象）。")
            return {}
        for name in value:
            if name not in required and name not in optional:
                self.tell(at + step_to(name), "field.unknown", "不是本文件的字段，请删除或改正名称。")
        if "about" in value:
            self.about(value, at)
        for name in required:
            if value.get(name) is None:
                self.tell(at + step_to(name), "field.required", "为必填项，不能为空。")
        return value

    def about(self, owner: Json, at: str) -> None:
        """What is not read here must still be JSON, and not so deep that nothing can write it."""
        if not _is_plain(owner.get("about"), ABOUT_DEPTH):
            self.tell(f"{at}/about", "field.type", f"应为 JSON，最多 {ABOUT_DEPTH} 层。")

    def text(self, owner: Json, at: str, name: str, most: int = TEXT_MAX) -> str | None:
        value = owner.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            self.tell(at + step_to(name), "field.type", "应为文字，写在引号内。")
            return None
        if len(value) > most:
            self.tell(at + step_to(name), "field.too-long", f"内容过长，最多 {most} 个字。")
            return None
        return value

    def choice(self, owner: Json, at: str, name: str, choices: Collection[str]) -> str | None:
        text = self.text(owner, at, name)
        if text is not None and text not in choices:
            self.tell(at + step_to(name), "field.choice", f"只能是：{'、'.join(choices)}。")
            return None
        return text

    def number(self, owner: Json, at: str, name: str, *, signed: bool = False) -> Decimal | None:
        """None where nothing was typed, or what is no number. Not `signed`: below zero is a problem."""
        text = self.text(owner, at, name)
        if text is None:
            return None
        number = number_of(text)
        if number is None:
            self._not_a_number(text, at + step_to(name))
            return None
        if number.value < 0 and not signed:
            self.tell(at + step_to(name), "number.negative", f"为 {text}，不能小于 0。")
            return None
        if number.full_width:
            self.full_width.append((at + step_to(name), text))
        return number.value

    def _not_a_number(self, text: str, at: str) -> None:
        written = text if len(text) <= SHOWN_MAX else f"{text[:SHOWN_MAX]}…"
        if not text.strip(SPACE):
            self.tell(at, "field.required", "为必填项，不能为空。")
        elif any(comma in text for comma in COMMAS) and number_of(_with_point(text)):
            self.tell(at, "number.comma", f"“{written}”中有逗号；小数点应写“.”，整数不分节。")
        elif number_of(_shortened(text)):
            self.tell(at, "number.too-long", f"“{written}”位数过多，最多 9 位整数和 6 位小数。")
        else:
            self.tell(at, "number.not-a-number", f"“{written}”不是数字，只填数字，例如 12.5。")

    def unit(self, owner: Json, at: str, name: str) -> Unit | None:
        text = self.text(owner, at, name)
        unit = None if text is None else unit_of(text)
        if text is not None and unit is None:
            self.tell(at + step_to(name), "unit.unknown", f"“{text[:SHOWN_MAX]}”不是认识的单位。")
        return unit

    def moment(self, owner: Json, at: str, name: str) -> datetime | None:
        text = self.text(owner, at, name)
        moment = None if text is None else moment_of(text)
        if text is not None and moment is None:
            self.tell(at + step_to(name), "time.unreadable", "应为真实存在的时间，格式为 YYYY-MM-DDTHH:MM。")
        return moment

    def day(self, owner: Json, at: str, name: str) -> date | None:
        text = self.text(owner, at, name)
        day = None if text is None else day_of(text)
        if text is not None and day is None:
            self.tell(at + step_to(name), "time.unreadable", "应为真实存在的日期，格式为 YYYY-MM-DD。")
        return day

    def rows(self, owner: Json, at: str, name: str, most: int, least: int = 0) -> Iterator[tuple[str, Any]]:
        """The entries of a list with their pointers; none of one that is too long, which is told once."""
        here, value = at + step_to(name), owner.get(name)
        if value is None:
            return
        if not isinstance(value, Sequence) or isinstance(value, str):
            self.tell(here, "field.type", "应为列表。")
        elif len(value) > most:
            self.tell(here, "list.too-many", f"有 {len(value)} 行，最多 {most} 行。")
        elif len(value) < least:
            self.tell(here, "list.empty", f"至少要有 {least} 行。")
        else:
            yield from ((f"{here}/{index}", row) for index, row in enumerate(value))


def _is_plain(value: Any, depth: int) -> bool:
    if isinstance(value, Mapping):
        return depth > 0 and all(isinstance(n, str) and _is_plain(v, depth - 1) for n, v in value.items())
    if isinstance(value, list):
        return depth > 0 and all(_is_plain(each, depth - 1) for each in value)
    return value is None or isinstance(value, str | int | float | bool)


def _with_point(text: str) -> str:
    """What a person who typed commas meant by them, if that is a number."""
    parts = text
    for comma in COMMAS:
        parts = parts.replace(comma, "")
    return parts


def _shortened(text: str) -> str:
    """Nine digits before and six behind the point at most, to find out whether the length alone is wrong."""
    whole, point, behind = text.strip(SPACE).partition(".")
    digits = whole.lstrip("-")
    return f"{digits[:9] if digits.isascii() and digits.isdigit() else digits}{point}{behind[:6] if behind.isascii() and behind.isdigit() else behind}"
