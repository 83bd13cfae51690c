"""Days and local times as they are written: `YYYY-MM-DD`, `YYYY-MM-DDTHH:MM`."""

import re
from datetime import date, datetime

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LOCAL_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]")


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
