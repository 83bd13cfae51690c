"""JSON Schema 2020-12 as forms use it, evaluated in the same way as on the page."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LOCAL_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]")


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


def day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        return None


def moment_of(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if LOCAL_TIME.fullmatch(text) else None
    except ValueError:
        return None


def when_of(text: str | None) -> datetime | None:
    """The moment of a local time, or the first minute of a day; None for anything else."""
    if text is None:
        return None
    return moment_of(f"{text}T00:00") if DAY.fullmatch(text) else moment_of(text)
