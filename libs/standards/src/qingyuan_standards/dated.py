"""Settings that an authority may change on a day: each with where it holds, since when, by which source, how sure.

Confidence: OFFICIAL (read in the authority's text), 2SRC (two sources agree), SEEN (one source), RECALL (unverified),
OWN (chosen by us where nothing was found: never a reason to refuse anything).
"""

import json
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any, Final

SHANGHAI: Final = "310000"


class UnknownSetting(LookupError):
    """No setting of this name holds on that day in that place."""


@dataclass(frozen=True, slots=True)
class Setting:
    """`value` is a decimal string, a local time HH:MM, a list of them, or an object. `valid_to`: the first day after."""

    name: str
    value: Any
    unit: str | None
    jurisdiction: str
    source: str
    confidence: str
    valid_from: date
    valid_to: date | None

    def holds(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def read_settings(text: str) -> tuple[Setting, ...]:
    """From the data file's text. Raises `TypeError` or `ValueError` on data of another shape."""
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
    """All that hold on the day."""
    return tuple(one for one in SETTINGS if one.jurisdiction == jurisdiction and one.holds(day))


def setting(name: str, day: date, jurisdiction: str = SHANGHAI) -> Setting:
    """The one of this name. Raises `UnknownSetting`."""
    for one in settings(day, jurisdiction):
        if one.name == name:
            return one
    raise UnknownSetting(name)


def statement(day: date) -> tuple[str, str]:
    """Version and text of what an enterprise's signature says."""
    value = setting("signature_statement", day).value
    return value["version"], value["text"]
