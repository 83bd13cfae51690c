"""The rows of what the sheets of a visit say was used, and their saving."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from qingyuan_events.tasks import SheetRevisionV3, Used
from qingyuan_runtime.database.connections import Connection

from views.shared.saving import save
from views.work import visits
from views.work.sheet_times import work_day
from views.work.visits import Visit

Row = tuple[Any, ...]


async def save_parts(connection: Connection, changed: Sequence[Visit]) -> None:
    await connection.execute(_FORGET, [visit.place.visit_id for visit in changed])
    await save(connection, _SAVE, [row for visit in changed for row in part_rows(visit)])


def part_rows(visit: Visit) -> Iterator[Row]:
    """Of a complete visit; of another nothing is known to be used."""
    if visits.state(visit) == "complete":
        for revision in _standing(visit):
            for place, used in enumerate(revision.used):
                yield _row(visit, revision, place, used)


def _standing(visit: Visit) -> Sequence[SheetRevisionV3]:
    """One revision of each sheet: of two that disagree the one that came last, or both would be taken from the stock."""
    standing = {revision.revision_id for revision in visits.current_revisions(visit)}
    ordered = [visit.revisions[number] for number in sorted(visit.revisions)]
    return list({each.sheet_id: each for each in ordered if each.revision_id in standing}.values())


def _row(visit: Visit, revision: SheetRevisionV3, place: int, used: Used) -> Row:
    where, day = visit.place, visits.day(visit)
    return (
        where.visit_id,
        revision.revision_id,
        place,
        where.enterprise_id,
        where.operator_id,
        where.district,
        where.point_id,
        day,
        used.name,
        used.model or "",
        used.lot or "",
        used.expires,
        used.expires is not None and used.expires < work_day(visit.detail, day),
        used.quantity,
        used.unit,
    )


_FORGET: Final = "delete from part_use where visit_id = any($1)"
_SAVE: Final = """
    insert into part_use (visit_id, revision_id, place, enterprise_id, operator_id, district, point_id, day, name, model,
        lot, expires, expired, quantity, unit)
    select * from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::uuid[], $5::uuid[], $6::text[], $7::uuid[],
        $8::date[], $9::text[], $10::text[], $11::text[], $12::date[], $13::boolean[], $14::numeric[], $15::text[])
"""
