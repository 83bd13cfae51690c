"""What comes in from outside, beside text: days, moments and numbers in bounds, and published parts inside a body.

A published event class says what a fact may hold, and says it for ever: a plain `str`, any `date`. What a request may hold
is less. `Sent` makes the stricter twin of a published class and hands on the published one.
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
"""Days outside are mistakes, and the first and the last that there are cannot be put into another time zone."""
WHOLE_MOST: Final = 2**53 - 1
"""Beyond this a browser cannot tell two integers apart."""
DIGITS_BEFORE: Final = 18
DIGITS_AFTER: Final = 12

_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}[T ].{4,30}")
_NUMBER: Final = re.compile(r"[+-]?[0-9.]{1,40}(e[+-]?[0-9]{1,2})?", re.IGNORECASE)


def _written_day(raw: Any) -> Any:
    """A day is written as one: neither a number of seconds nor a moment at midnight."""
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
    """Plain decimal digits, as a text or a JSON number. `1E+400` is a number too, and no column holds it."""
    said = folded(raw) if isinstance(raw, str) else str(raw)
    if (
        isinstance(raw, bool)
        or not isinstance(raw, str | int | float | Decimal)
        or not _NUMBER.fullmatch(said)
    ):
        raise PydanticCustomError("decimal_parsing", "not a number")
    return said


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
    """Marks a type that says all that may come in, for the test that looks for those that do not."""

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
_OF_PARTS: Final[Mapping[type[BaseModel], Mapping[str, Any]]] = {
    FileRef: {"media_type": Code, "name": FileName | None},
}


DEEPEST: Final = 8


class Tidied:
    """Marks free JSON in a request: every text in it is tidied, and it is not nested deeper than a form can be.

    What may stand in it is for the domain to say, which knows what each field is for.
    """

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        shallow = core_schema.no_info_before_validator_function(_shallow, handler(source))
        return core_schema.no_info_after_validator_function(tidied_all, shallow, metadata=dict(CHECKED))


def _shallow(raw: Any) -> Any:
    level = [raw]
    for _ in range(DEEPEST):
        level = [below for value in level for below in _below(value)]
    if level:
        raise PydanticCustomError("too_deep", "nested too deep")
    return raw


def _below(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


@dataclass(frozen=True, init=False)
class Sent:
    """Marks a published class in a request: `Annotated[Location, Sent()]`.

    Its texts are lines unless `kinds` names another type for a field, its days, moments and numbers are in bounds; so are
    those of the parts inside it.
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
    twin = _twin(source, kinds)

    def publish(said: BaseModel) -> BaseModel:
        return source.model_construct(said.model_fields_set, **dict(said))

    return core_schema.no_info_after_validator_function(publish, handler.generate_schema(twin))


def _twin(source: type[BaseModel], kinds: Mapping[str, Any]) -> type[BaseModel]:
    known = {**_OF_PARTS.get(source, {}), **kinds}
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
        return reduce(or_, (_stricter(one, kinds) for one in inner))
    if origin in (tuple, list):
        return origin[tuple(one if one is ... else _stricter(one, kinds) for one in inner)]
    return kind
