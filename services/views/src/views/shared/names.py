"""Names for the ids in a row, as they were on the day of the row: a later change of name does not rename earlier work.

Names of enterprises, points and instruments come from the register, those of operators from their contracts.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from qingyuan_runtime.database.connections import Connection
from qingyuan_standards.days import local_day
from qingyuan_standards.register_fields import REGISTER_FIELDS

from views.shared.scope import Scope, introduce_former_clients

LATEST: Final = date(9998, 12, 31)
"""The day to ask for the newest name."""

Entry = tuple[UUID, date]
"""An enterprise, point or instrument, and the day whose name is wanted."""
Operator = tuple[UUID, UUID | None, date]
"""An operator, the enterprise for which it works, and the day. Everybody who sees a row of the two then reads the same name."""


@dataclass(frozen=True, slots=True)
class Names:
    """A name is missing while the register does not know the entry yet: topics are read independently of each other."""

    entries: dict[Entry, dict[str, Any]]
    operators: dict[Operator, str]
    filings: dict[UUID, tuple[str, date]] = field(default_factory=dict)
    """Of operators that have been filed: where their filing stands now, and since when."""

    def of(self, row: Any, day: date) -> dict[str, Any]:
        """Ids and names of a row's operator, enterprise and point on the day."""
        point = self.entry(row["point_id"], day)
        return self.parties(row, day) | {
            "point_id": str(row["point_id"]),
            "point_name": point.get("name", ""),
            "point_code": point.get("code", ""),
            "point_voided": voided(point),
            "medium": point.get("kind"),
        }

    def parties(self, row: Any, day: date) -> dict[str, Any]:
        """Ids and names of a row's operator and enterprise on the day."""
        return {
            "operator_id": str(row["operator_id"]),
            "operator_name": self.operators.get((row["operator_id"], row["enterprise_id"], day), ""),
            "enterprise_id": str(row["enterprise_id"]),
            "enterprise_name": self.entry(row["enterprise_id"], day).get("name", ""),
        }

    def operator_filing(self, operator_id: UUID) -> dict[str, Any]:
        """Whether the operator is filed (备案) at present; `none` where it never was."""
        state, since = self.filings.get(operator_id, ("none", None))
        return {"state": state, "since": since.isoformat() if since else None}

    def instrument(self, instrument_id: UUID, day: date) -> dict[str, Any] | None:
        """By what people recognise the instrument as of the day; None while the register does not know it."""
        entry = self.entry(instrument_id, day)
        if not entry:
            return None
        return {
            "id": str(instrument_id),
            **{name: entry[name] for name in ("kind", "factor", "serial_number")},
            "name": REGISTER_FIELDS.name(entry["name"], entry["factor"]),
            "model": entry["model"] or "",
            "voided": voided(entry),
        }

    def point(self, point_id: UUID, day: date) -> dict[str, Any]:
        """By what people recognise the point as of the day."""
        entry = self.entry(point_id, day)
        return {
            "id": str(point_id),
            "name": entry.get("name", ""),
            "code": entry.get("code", ""),
            "medium": entry.get("kind"),
            "voided": voided(entry),
        }

    def entry(self, entry_id: UUID, day: date) -> dict[str, Any]:
        return self.entries.get((entry_id, day), {})


def voided(entry: dict[str, Any]) -> bool:
    """Whether it was registered by mistake: what was done there stays, and says so beside the name."""
    return entry.get("status") == "voided"


@dataclass(slots=True)
class Wanted:
    """The names that a page needs."""

    entries: set[Entry] = field(default_factory=set)
    operators: set[Operator] = field(default_factory=set)

    def add(self, row: Any, day: date, points: Iterable[UUID] = ()) -> None:
        """The operator and enterprise of a row, and the points, on the day."""
        self.operators.add((row["operator_id"], row["enterprise_id"], day))
        self.entries |= {(entry_id, day) for entry_id in (row["enterprise_id"], *points)}


async def names_of(
    connection: Connection, scope: Scope, wanted: Wanted, known_at: datetime | None = None
) -> Names:
    """The names, read in the transaction that read the rows, so with the same row-level security.

    With `known_at` they are those that the register had for the day at that time, without later corrections.
    """
    if scope.sees == "operator":
        await introduce_former_clients(connection)
    entries, operators = list(wanted.entries), list(wanted.operators)
    entry_rows = await connection.fetch(_ENTRIES, *_columns(entries, 2), known_at)
    operator_rows = await connection.fetch(_OPERATORS, *_columns(operators, 3))
    return Names(
        {(row["id"], row["day"]): dict(row) for row in entry_rows},
        {
            (row["operator_id"], row["enterprise_id"], row["day"]): row["name"]
            for row in operator_rows
            if row["name"] is not None
        },
        {row["operator_id"]: (row["state"], row["since"]) for row in operator_rows if row["state"]},
    )


async def names_of_rows(
    connection: Connection, scope: Scope, rows: Iterable[Any], day: str, known_at: datetime | None = None
) -> Names:
    """The names for rows that each have an operator, an enterprise, a point, and their day in the column `day`."""
    wanted = Wanted()
    for row in rows:
        wanted.add(row, row[day], [row["point_id"]])
    return await names_of(connection, scope, wanted, known_at)


async def names_of_parties(connection: Connection, scope: Scope, rows: Iterable[Any], at: str) -> Names:
    """The names for rows that each have an operator and an enterprise, on the local day of the time in the column `at`."""
    wanted = Wanted()
    for row in rows:
        wanted.add(row, local_day(row[at]))
    return await names_of(connection, scope, wanted)


def _columns(rows: Iterable[tuple[Any, ...]], width: int) -> Iterable[list[Any]]:
    """The rows as lists of their columns, for `unnest`."""
    listed = list(rows)
    return [[row[number] for row in listed] for number in range(width)]


_PARTICULARS: Final = ("name", "code", "factor", "model", "serial_number")


def _particular(name: str) -> str:
    return f"coalesce(b.particulars, e.latest)->>'{name}' as {name}"


_KNOWN: Final = "(known_from <= asked.moment and (known_to is null or known_to > asked.moment))"

# What was known at the moment, and for the day if it can be. What was recorded only later shows as it was first recorded.
_ENTRIES: Final = f"""
    select wanted.id, wanted.day, e.kind, e.status, {", ".join(map(_particular, _PARTICULARS))}
      from unnest($1::uuid[], $2::date[]) wanted(id, day)
      join register.entry e on e.id = wanted.id
     cross join (select coalesce($3::timestamptz, 'infinity') as moment) asked
      left join lateral (
          select particulars from register.belief
           where id = wanted.id
           order by {_KNOWN} desc, case when not {_KNOWN} then known_from end,
                    valid_from <= wanted.day desc,
                    case when valid_from <= wanted.day then valid_from end desc, valid_from, number desc
           limit 1) b on true
"""
_BY: Final = "select operator_name from work.contract where operator_id = wanted.operator_id"
_WITH: Final = f"{_BY} and enterprise_id = wanted.enterprise_id and state in ('confirmed', 'ended')"
_LAST: Final = """
    submitted < (wanted.day + 1)::timestamp at time zone 'Asia/Shanghai' order by submitted desc, id limit 1
"""
_FIRST: Final = "order by submitted, id limit 1"

# The newest contract of the two up to the day, else their first one, else one with whomever.
_OPERATORS: Final = f"""
    select wanted.*, name, s.state, s.since
      from unnest($1::uuid[], $2::uuid[], $3::date[]) wanted(operator_id, enterprise_id, day)
     cross join lateral (select coalesce(
           ({_WITH} and {_LAST}), ({_WITH} {_FIRST}), ({_BY} and {_LAST}), ({_BY} {_FIRST})) as name) named
      left join filings.standing s on s.operator_id = wanted.operator_id and s.until = 'infinity'
"""
