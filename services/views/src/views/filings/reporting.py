"""Until when an operator has to report what it changed and has not handed in yet."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from qingyuan_runtime.database.connections import Connection
from qingyuan_standards.dated import setting
from qingyuan_standards.days import months_later


def unreported_basics(steps: Iterable[Mapping[str, Any]]) -> list[date]:
    """The days of changes of the basics that no submission handed in; one that was withdrawn handed in nothing."""
    kept: list[date] = []
    handed_in: list[date] = []
    for step in steps:
        match step["what"]:
            case "basics_changed":
                kept.append(date.fromisoformat(step["day"]))
            case "submitted":
                kept, handed_in = [], kept
            case "withdrawn":
                kept, handed_in = handed_in + kept, []
            case _:
                pass
    return kept


async def report_by(connection: Connection, filing: Any, today: date) -> date | None:
    """Of the oldest change. None where nothing is filed yet that could be changed, or nothing is anymore."""
    if filing["filed_on"] is None or filing["standing"] == "cancelled":
        return None
    of_resources = await connection.fetchval(_OLDEST, filing["operator_id"])
    changes = unreported_basics(json.loads(filing["detail"])["steps"])
    if of_resources:
        changes.append(of_resources)
    months = int(setting("filing_change_months", today).value)
    return months_later(min(changes), months) if changes else None


# What was never filed and has ended meanwhile needs no review. A version is reported once it was handed in, whatever came of it.
_OLDEST: Final = """
    select min(v.changed_on)
      from filings.resource r
      join filings.resource_version v on v.resource_id = r.id and v.version <= r.own_version
      left join filings.filed_resource f on f.resource_id = r.id and not f.cancelled
      left join filings.submitted_resource s on s.resource_id = r.id and s.outcome <> 'withdrawn'
     where r.operator_id = $1 and v.version > greatest(coalesce(f.version, 0), coalesce(s.version, 0))
       and (r.ended_on is null or f.version is not null)
"""
