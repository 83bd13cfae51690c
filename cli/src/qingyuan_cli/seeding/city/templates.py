"""Facts made by the thousand from one model each: the classes write the model, and its marked places are filled in.

So every fact has the shape its class gives it, and the hash of a visit's content is the hash of its canonical text,
without building millions of objects.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from uuid import UUID

from qingyuan_events import Fact, encode
from qingyuan_events.content import VisitContent, canonical

_FIRST_PLACE = datetime(2001, 1, 1, tzinfo=UTC)


def marked_id(number: int) -> UUID:
    """A UUID that stands for one to be filled in."""
    return UUID(int=(0xFEED << 112) | number)


def marked_moment(number: int) -> datetime:
    return _FIRST_PLACE + timedelta(seconds=number)


def marked_day(number: int) -> str:
    return f"1901-01-{number:02d}"


class Template:
    """A text with marked places. `fill` puts the values of this one into them, by the places' own spelling."""

    def __init__(self, text: str, places: Mapping[str, str]) -> None:
        self._text = text.replace("{", "{{").replace("}", "}}")
        for name, spelled in places.items():
            self._text = self._text.replace(spelled, "{" + name + "}")

    @classmethod
    def of_fact(cls, fact: Fact, places: Mapping[str, str]) -> "Template":
        return cls(encode(fact).decode(), places)

    @classmethod
    def of_content(cls, content: VisitContent, places: Mapping[str, str]) -> "Template":
        return cls(canonical(content).decode(), places)

    @cached_property
    def fill(self):  # type: ignore[no-untyped-def]  # the bound method of a string: nothing is faster
        return self._text.format_map

    def hash(self, values: Mapping[str, str]) -> str:
        return sha256(self.fill(values).encode()).hexdigest()


def spelled(moment: datetime) -> str:
    """A moment as the classes spell it in JSON."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
