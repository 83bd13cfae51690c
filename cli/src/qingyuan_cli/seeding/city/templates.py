"""Templates for facts: a fact of the real class is encoded once, and its placeholder values are replaced for each copy.

So every fact has exactly the form of its class, and the hash of a visit's content is that of its canonical text, without
creating millions of objects.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from uuid import UUID

from qingyuan_events import Fact, encode
from qingyuan_events.content import VisitContent, canonical

_FIRST_PLACEHOLDER = datetime(2001, 1, 1, tzinfo=UTC)


def placeholder_id(number: int) -> UUID:
    """A UUID that will be replaced."""
    return UUID(int=(0xFEED << 112) | number)


def placeholder_moment(number: int) -> datetime:
    return _FIRST_PLACEHOLDER + timedelta(seconds=number)


def placeholder_day(number: int) -> str:
    return f"1901-01-{number:02d}"


class Template:
    """A text with placeholders. `placeholders` maps names to the values that stand for them in the text; `fill` replaces them."""

    def __init__(self, text: str, placeholders: Mapping[str, str]) -> None:
        self._text = text.replace("{", "{{").replace("}", "}}")
        for name, value in placeholders.items():
            self._text = self._text.replace(value, "{" + name + "}")

    @classmethod
    def of_fact(cls, fact: Fact, placeholders: Mapping[str, str]) -> "Template":
        return cls(encode(fact).decode(), placeholders)

    @classmethod
    def of_content(cls, content: VisitContent, placeholders: Mapping[str, str]) -> "Template":
        return cls(canonical(content).decode(), placeholders)

    @cached_property
    def fill(self):  # type: ignore[no-untyped-def]  # the bound method of the string itself, for speed
        return self._text.format_map

    def hash(self, values: Mapping[str, str]) -> str:
        return sha256(self.fill(values).encode()).hexdigest()


def json_time(moment: datetime) -> str:
    """A moment as the event classes write it in JSON."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
