"""What is shown of a report's document. Pure.

A draft is kept with whatever mistakes it has, so every value may be of any type. The service has looked at the ids of
points alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

Document = Mapping[str, Any]
SHOWN_MOST: Final = 200
"""Characters of a text in a row of a list. What was handed in is never longer."""


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor of a document: its JSON pointer, its point, its code and unit as typed, and the instrument that it names."""

    at: str
    point_id: UUID
    code: str
    unit: str
    instrument_id: UUID | None


def columns(document: Document) -> dict[str, Any]:
    """What a row of a list shows of the document."""
    performed = document.get("performed")
    since, until = (_text(performed, end) for end in ("from", "to"))
    return {
        **{name: _text(document, name) for name in ("number", "doc_type", "basis", "conclusion")},
        "performed_from": since,
        "performed_to": until,
        "first_day": _day(since),
        "last_day": _day(until),
        "factors": sorted({factor.code for factor in factors(document) if factor.code}),
    }


def factors(document: Document) -> Iterator[Factor]:
    for place, point in enumerate(_list(document, "points")):
        for number, factor in enumerate(_list(point, "factors")):
            at, point_id = f"/points/{place}/factors/{number}", _id(_text(point, "id"))
            if isinstance(factor, Mapping) and point_id:
                code, unit = (_text(factor, name) or "" for name in ("factor", "unit"))
                yield Factor(at, point_id, code, unit, _instrument(factor))


def _instrument(factor: Mapping[str, Any]) -> UUID | None:
    instrument = factor.get("instrument")
    about = instrument.get("about") if isinstance(instrument, Mapping) else None
    return _id(_text(about, "instrument_id"))


def _list(value: Any, name: str) -> list[Any]:
    found = value.get(name) if isinstance(value, Mapping) else None
    return found if isinstance(found, list) else []


def _text(value: Any, name: str) -> str | None:
    found = value.get(name) if isinstance(value, Mapping) else None
    return found[:SHOWN_MOST] if isinstance(found, str) else None


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat(written[:10]) if written else None
    except ValueError:
        return None
