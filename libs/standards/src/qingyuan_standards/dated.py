"""Settings that an authority may change: each with its jurisdiction, its period, its source and our confidence in it.

Confidence: OFFICIAL (read in the authority's text), 2SRC (two sources agree), SEEN (one source), RECALL (unverified),
OWN (our own choice where nothing was found; it must never be a reason to refuse anything).
"""

import json
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any, Final

SHANGHAI: Final = "310000"


class UnknownSetting(LookupError):
    """No setting of this name is valid on that day in that jurisdiction."""


@dataclass(frozen=True, slots=True)
class Setting:
    """`value` is a decimal string, a local time HH:MM, a list of them, or an object. `valid_to` is the last day."""

    name: str
    value: Any
    unit: str | None
    jurisdiction: str
    source: str
    confidence: str
    valid_from: date
    valid_to: date | None

    def holds(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def read_settings(text: str) -> tuple[Setting, ...]:
    """Parses the data file's text. Raises `TypeError` or `ValueError` for malformed data."""
    return tuple(
        Setting(
            **{
                **row,
                "valid_from": date.fromisoformat(row["valid_from"]),
                "valid_to": row["valid_to"] and date.fromisoformat(row["valid_to"]),
            }
        )
        for row in json.loads(text)
    )


SETTINGS: Final = read_settings((files("qingyuan_standards") / "dated.json").read_text(encoding="utf-8"))


def settings(day: date, jurisdiction: str = SHANGHAI) -> tuple[Setting, ...]:
    """All settings that are valid on the day."""
    return tuple(known for known in SETTINGS if known.jurisdiction == jurisdiction and known.holds(day))


def setting(name: str, day: date, jurisdiction: str = SHANGHAI) -> Setting:
    """The setting of this name. Raises `UnknownSetting`."""
    for valid in settings(day, jurisdiction):
        if valid.name == name:
            return valid
    raise UnknownSetting(name)


def setting_or_oldest(name: str, day: date, jurisdiction: str = SHANGHAI) -> Setting:
    """As `setting`; what is asked about a day before the first rule of this name is answered by that rule."""
    begins = (
        known.valid_from for known in SETTINGS if (known.name, known.jurisdiction) == (name, jurisdiction)
    )
    return setting(name, max(day, min(begins, default=day)), jurisdiction)


def statement(day: date) -> tuple[str, str]:
    """Version and text of the statement that an enterprise signs."""
    value = setting("signature_statement", day).value
    return value["version"], value["text"]
