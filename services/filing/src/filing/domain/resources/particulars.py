"""Rules for the particulars of a resource beside its papers."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from qingyuan_events.filing import (
    DeviceParticulars,
    PersonParticulars,
    ResourceParticulars,
    SparePartParticulars,
    VehicleParticulars,
)
from qingyuan_runtime.domain.decider import Problem
from qingyuan_standards.plates import is_plate

from filing.domain.shared import checks

NUMBERS_MOST: Final = Decimal(10) ** 10


def problems(particulars: ResourceParticulars, today: date) -> Iterator[Problem]:
    yield from checks.texts(particulars)
    match particulars:
        case PersonParticulars():
            yield from _person(particulars, today)
        case VehicleParticulars():
            if not is_plate(particulars.plate):
                yield Problem("plate", "GA 36", "号牌号码不正确，如“沪A12345”或新能源号牌“沪AD12345”。")
        case SparePartParticulars():
            yield from _number("quantity", particulars.quantity)
            yield from _number("value", particulars.value)
        case DeviceParticulars():
            return


def _person(person: PersonParticulars, today: date) -> Iterator[Problem]:
    if not person.technical_posts:
        yield Problem("technical_posts", "required", "请至少选择一个技术岗位。")
    elif len(set(person.technical_posts)) < len(person.technical_posts):
        yield Problem("technical_posts", "repeated", "技术岗位重复。")
    yield from checks.not_later("joined_on", person.joined_on, today)


def _number(field: str, value: Decimal) -> Iterator[Problem]:
    if not 0 <= value <= NUMBERS_MOST:
        yield Problem(field, "range", "应为 0 到 100 亿之间的数。")
