"""Marks both visits if one person was at two places between which nobody can travel in the time. A mark is no accusation: it
asks a person to check.

A position fix never changes and a mark stays, so only pairs of the changed visits are compared.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID

from qingyuan_events.tasks import SignIn, SignOutV2
from qingyuan_runtime.database.connections import Connection
from qingyuan_standards.fence import Degrees, distance_m, to_wgs84

from views.shared.saving import save
from views.work.visits import Visit

FASTEST_KM_PER_HOUR: Final = 150
"""Not from a standard: nobody drives faster across the city, and a fast train is slower from door to door."""
NEAR_KM: Final = 5
"""Not from a standard: at smaller distances a poor fix or a wrong clock is the likelier cause."""
LONGEST_INTERVAL: Final = timedelta(hours=36)
"""At the highest speed this is 5,400 km, more than the width of the country, so pairs farther apart in time need no
check."""


class Whereabouts(NamedTuple):
    at: datetime
    place: Degrees


def implausible(first: Whereabouts, other: Whereabouts) -> bool:
    """Whether nobody can travel from one place to the other in the time between."""
    metres = distance_m(first.place, other.place)
    hours = Decimal(abs((first.at - other.at).total_seconds())) / 3600
    return metres > NEAR_KM * 1000 and metres > FASTEST_KM_PER_HOUR * 1000 * hours


async def mark_implausible(connection: Connection, changed: Sequence[Visit]) -> None:
    """Save where and when people were on these visits, and mark each visit that is implausible together with another."""
    rows = [row for visit in changed for row in whereabouts_rows(visit)]
    await save(connection, _SAVE, rows)
    if not rows:
        return
    pairs = await connection.fetch(_PAIRS, list({row[0] for row in rows}), LONGEST_INTERVAL)
    marked: set[UUID] = set()
    for pair in pairs:
        if implausible(_whereabouts(pair, ""), _whereabouts(pair, "other_")):
            marked |= {pair["visit_id"], pair["other_visit_id"]}
    await connection.execute(_MARK, sorted(marked))


def _whereabouts(pair: Any, prefix: str) -> Whereabouts:
    return Whereabouts(pair[f"{prefix}at"], Degrees(pair[f"{prefix}longitude"], pair[f"{prefix}latitude"]))


def whereabouts_rows(visit: Visit) -> Iterator[tuple[Any, ...]]:
    place = visit.place
    parts: dict[str, SignIn | SignOutV2 | None] = {
        "sign_in": visit.detail.sign_in,
        "sign_out": visit.detail.sign_out,
    }
    for part, signed in parts.items():
        if signed and signed.fix:
            position = to_wgs84(signed.fix.longitude, signed.fix.latitude, signed.fix.datum)
            yield (
                place.visit_id,
                part,
                place.enterprise_id,
                place.operator_id,
                place.district,
                signed.by,
                signed.fix.fixed_at,
                position.longitude,
                position.latitude,
            )


_SAVE: Final = """
    insert into whereabouts (visit_id, part, enterprise_id, operator_id, district, account, at, longitude, latitude)
    select visit_id, part, enterprise_id, operator_id, district, account, at, longitude, latitude
      from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[],
        $6::uuid[], $7::timestamptz[], $8::float8[], $9::float8[])
        as new (visit_id, part, enterprise_id, operator_id, district, account, at, longitude, latitude)
    on conflict do nothing
"""
# The bounds are computed first: under row-level security PostgreSQL uses no index for a condition with arithmetic (it may
# raise an error, which could reveal a hidden row), and would read all rows of an account.
_PAIRS: Final = """
    with mine as materialized (
        select visit_id, part, account, at, longitude, latitude, at - $2::interval as since, at + $2::interval as until
          from whereabouts where visit_id = any($1)
    )
    select w.visit_id, w.at, w.longitude, w.latitude, o.visit_id as other_visit_id, o.at as other_at,
           o.longitude as other_longitude, o.latitude as other_latitude
      from mine w join whereabouts o
        on o.account = w.account and o.at between w.since and w.until
       and (o.visit_id, o.part) <> (w.visit_id, w.part)
"""
_MARK: Final = "update visit set implausible = true where id = any($1) and not implausible"
