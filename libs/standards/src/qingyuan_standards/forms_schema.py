"""JSON Schema 2020-12 as forms use it, evaluated in the same way as on the page."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend

from qingyuan_standards.local_times import day_of, moment_of


def _pattern(
    _validator: Any, pattern: str, instance: Any, _schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    # In ECMA 262 $ matches only at the very end, in Python also before a final line feed.
    if isinstance(instance, str) and not re.search(pattern.replace("$", r"\Z"), instance):
        yield ValidationError(f"does not match {pattern}")


SheetValidator: type[Draft202012Validator] = extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]
formats = FormatChecker(formats=())


@formats.checks("date")
def is_day(value: object) -> bool:
    return not isinstance(value, str) or day_of(value) is not None


@formats.checks("local-time")
def is_local_time(value: object) -> bool:
    return not isinstance(value, str) or moment_of(value) is not None
