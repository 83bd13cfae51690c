"""Types for input other than text: days, moments and numbers within bounds, and published classes inside a request body.

A published event class can never become stricter: it allows any `str` and any `date`. A request may contain less. `Sent`
derives a stricter class from a published one, validates with it, and returns an instance of the published class.
"""

import re
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import reduce
from operator import or_
from types import UnionType
from typing import Annotated, Any, Final, Union, cast, get_args, get_origin

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    GetCoreSchemaHandler,
    create_model,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema
from qingyuan_events.parts import FileRef

from qingyuan_runtime.domain.text import CHECKED, Code, FileName, Line, folded, tidied_all

FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)
"""Days outside are mistakes; and the very first and last days of the calendar cannot be converted to another time zone."""
WHOLE_MOST: Final = 2**53 - 1
"""Browsers store numbers as doubles and cannot distinguish larger integers."""
DIGITS_BEFORE: Final = 18
DIGITS_AFTER: Final = 12

_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}[T ].{4,30}")
_NUMBER: Final = re.compile(r"[+-]?[0-9.]{1,40}(e[+-]?[0-9]{1,2})?", re.IGNORECASE)


def _written_day(raw: Any) -> Any:
    """Only `YYYY-MM-DD`. Pydantic would also accept a number of seconds, or a moment at midnight."""
    if type(raw) is date:
        return raw
    if not isinstance(raw, str) or not _DAY.fullmatch(folded(raw)):
        raise PydanticCustomError("date_parsing", "not a day")
    return folded(raw)


def _possible_day(day: date) -> date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise PydanticCustomError("date_out_of_range", "not a day of ours")
    return day


def written_moment(raw: Any) -> Any:
    if isinstance(raw, datetime):
        return raw
    if not isinstance(raw, str) or not _MOMENT.fullmatch(raw):
        raise PydanticCustomError("datetime_parsing", "not a moment")
    return raw


def _possible_moment(moment: datetime) -> datetime:
    if not FIRST_DAY.year <= moment.year <= LAST_DAY.year:
        raise PydanticCustomError("moment_out_of_range", "not a moment of ours")
    return moment.astimezone(UTC)


def _written_number(raw: Any) -> Any:
    """Plain decimal digits, as a text or a JSON number. `1E+400` is refused, since no database column can store it."""
    text = folded(raw) if isinstance(raw, str) else str(raw)
    if (
        isinstance(raw, bool)
        or not isinstance(raw, str | int | float | Decimal)
        or not _NUMBER.fullmatch(text)
    ):
        raise PydanticCustomError("decimal_parsing", "not a number")
    return text


def _possible_number(number: Decimal) -> Decimal:
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    if exponent < -DIGITS_AFTER or number.adjusted() >= DIGITS_BEFORE:
        raise PydanticCustomError("number_out_of_range", "not a number of ours")
    return Decimal(format(number, "f"))


def _possible_whole(number: int) -> int:
    if abs(number) > WHOLE_MOST:
        raise PydanticCustomError("number_out_of_range", "not a number of ours")
    return number


@dataclass(frozen=True, slots=True)
class Checked:
    """Marks a type that limits its input completely. A test finds request fields whose types do not."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema: dict[str, Any] = dict(handler(source))
        return cast(CoreSchema, schema | {"metadata": {**schema.get("metadata", {}), **CHECKED}})


Day = Annotated[date, BeforeValidator(_written_day), AfterValidator(_possible_day), Checked()]
Moment = Annotated[
    AwareDatetime, BeforeValidator(written_moment), AfterValidator(_possible_moment), Checked()
]
Number = Annotated[Decimal, BeforeValidator(_written_number), AfterValidator(_possible_number), Checked()]
Whole = Annotated[int, AfterValidator(_possible_whole), Checked()]

_KINDS: Final[Mapping[Any, Any]] = {str: Line, date: Day, AwareDatetime: Moment, Decimal: Number, int: Whole}
_FIELD_KINDS: Final[Mapping[type[BaseModel], Mapping[str, Any]]] = {
    FileRef: {"media_type": Code, "name": FileName | None},
}


DEEPEST: Final = 8


@dataclass(frozen=True, slots=True)
class Tidied:
    """Marks free JSON in a request: every text in it is tidied, and it is not nested deeper than a form can be.

    Its fields are validated by the domain, which knows the form.
    """

    deepest: int = DEEPEST

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        shallow = core_schema.no_info_before_validator_function(self._shallow, handler(source))
        return core_schema.no_info_after_validator_function(tidied_all, shallow, metadata=dict(CHECKED))

    def _shallow(self, raw: Any) -> Any:
        level = [raw]
        for _ in range(self.deepest):
            level = [child for value in level for child in _children(value)]
        if level:
            raise PydanticCustomError("too_deep", "nested too deep")
        return raw


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


@dataclass(frozen=True, init=False)
class Sent:
    """Marks a published class in a request: `Annotated[Location, Sent()]`.

    Its texts must be lines unless `kinds` names another type for a field; days, moments and numbers must be within bounds.
    The same holds for published classes inside it.
    """

    kinds: tuple[tuple[str, Any], ...]

    def __init__(self, **kinds: Any) -> None:
        object.__setattr__(self, "kinds", tuple(kinds.items()))

    def also(self, **kinds: Any) -> "Sent":
        return Sent(**dict(self.kinds), **kinds)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return _published(source, dict(self.kinds), handler)


def _published(
    source: type[BaseModel], kinds: Mapping[str, Any], handler: GetCoreSchemaHandler
) -> CoreSchema:
    strict = _strict_class(source, kinds)

    def publish(request: BaseModel) -> BaseModel:
        return source.model_construct(request.model_fields_set, **dict(request))

    return core_schema.no_info_after_validator_function(publish, handler.generate_schema(strict))


def _strict_class(source: type[BaseModel], kinds: Mapping[str, Any]) -> type[BaseModel]:
    known = {**_FIELD_KINDS.get(source, {}), **kinds}
    fields: dict[str, Any] = {}
    for name, info in source.model_fields.items():
        stricter = copy(info)
        stricter.annotation = known[name] if name in known else _stricter(info.annotation, kinds)
        fields[name] = (stricter.annotation, stricter)
    return create_model(source.__name__, __base__=source, __module__=source.__module__, **fields)


def _stricter(kind: Any, kinds: Mapping[str, Any]) -> Any:
    if kind in _KINDS:
        return _KINDS[kind]
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return Annotated[kind, Sent(**kinds)]
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return Annotated[(_stricter(inner[0], kinds), *inner[1:])]
    if origin in (Union, UnionType):
        return reduce(or_, (_stricter(member, kinds) for member in inner))
    if origin in (tuple, list):
        return origin[tuple(member if member is ... else _stricter(member, kinds) for member in inner)]
    return kind
