"""A person in two places too far apart in time: both visits are marked. A mark accuses nobody, it asks to be looked at.

Fixes never change once told, so a pair is judged once, whichever of the two came last.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID

from qingyuan_events.tasks import SignIn, SignOut
from qingyuan_runtime.database.connections import Connection
from qingyuan_standards.fence import Degrees, distance_m, to_wgs84

from views.shared.saving import save
from views.work.visits import Visit

FASTEST_KM_PER_HOUR: Final = 150
"""Our own default: nobody drives faster across the city, and a fast train with its stations is slower door to door."""
NEAR_KM: Final = 5
"""Our own default: below this, a poor fix or a wrong clock explains more than a journey does."""
LONGEST: Final = timedelta(hours=36)
"""At the fastest this is 5,400 km, more than the country is wide: beyond it no pair is implausible."""


class Whereabouts(NamedTuple):
    at: datetime
    place: Degrees


def implausible(one: Whereabouts, other: Whereabouts) -> bool:
    """Whether nobody gets from one place to the other in the time between."""
    metres = distance_m(one.place, other.place)
    hours = Decimal(abs((one.at - other.at).total_seconds())) / 3600
    return metres > NEAR_KM * 1000 and metres > FASTEST_KM_PER_HOUR * 1000 * hours


async def compare(connection: Connection, changed: Sequence[Visit]) -> None:
    """Note where people of these visits were, and mark every visit that does not fit with another."""
    rows = [row for visit in changed for row in whereabouts_rows(visit)]
    await save(connection, _SAVE, rows)
    if not rows:
        return
    pairs = await connection.fetch(_PAIRS, list({row[0] for row in rows}), LONGEST)
    marked: set[UUID] = set()
    for pair in pairs:
        if implausible(_read(pair, ""), _read(pair, "other_")):
            marked |= {pair["visit_id"], pair["other_visit_id"]}
    await connection.execute(_MARK, sorted(marked))


def _read(pair: Any, prefix: str) -> Whereabouts:
    return Whereabouts(pair[f"{prefix}at"], Degrees(pair[f"{prefix}longitude"], pair[f"{prefix}latitude"]))


def whereabouts_rows(visit: Visit) -> Iterator[tuple[Any, ...]]:
    place = visit.place
    said: dict[str, SignIn | SignOut | None] = {
        "sign_in": visit.detail.sign_in,
        "sign_out": visit.detail.sign_out,
    }
    for part, one in said.items():
        if one and one.fix:
            where = to_wgs84(one.fix.longitude, one.fix.latitude, one.fix.datum)
            own = (place.enterprise_id, place.operator_id, place.district)
            yield place.visit_id, part, *own, one.by, one.fix.fixed_at, where.longitude, where.latitude


_SAVE: Final = """
    insert into whereabouts (visit_id, part, enterprise_id, operator_id, district, account, at, longitude, latitude)
    select visit_id, part, enterprise_id, operator_id, district, account, at, longitude, latitude
      from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[],
        $6::uuid[], $7::timestamptz[], $8::float8[], $9::float8[])
        as new (visit_id, part, enterprise_id, operator_id, district, account, at, longitude, latitude)
    on conflict do nothing
"""
# The bounds are reckoned first: under row-level security PostgreSQL looks no condition up in an index that reckons
# (adding may raise an error, and an error may tell of a hidden row), and would read all an account ever did.
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
