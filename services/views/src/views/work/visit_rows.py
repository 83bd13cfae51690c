"""The projection of visits: loads the affected ones, folds the facts in memory, saves all rows of a table at once."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from qingyuan_events import Fact, Recorded
from qingyuan_events.tasks import SheetRevisionV3, VisitFact
from qingyuan_runtime.database.connections import Connection

from views.shared.saving import save
from views.work import visits
from views.work.part_rows import save_parts
from views.work.sheet_times import work_day
from views.work.visits import Detail, Place, Visit


async def apply_visits(
    connection: Connection, facts: Sequence[Recorded[Fact]]
) -> tuple[list[Visit], set[tuple[UUID, date]]]:
    """Apply these facts to the tables.

    Returns the changed visits, and enterprise and day of each, both before and after the facts.
    """
    touched = await load(
        connection, {fact.fact.visit_id for fact in facts if isinstance(fact.fact, VisitFact)}
    )
    days = {_day(visit) for visit in touched.values()}
    for recorded in facts:
        assert isinstance(recorded.fact, VisitFact)
        visit = touched.get(recorded.fact.visit_id) or touched.setdefault(
            recorded.fact.visit_id, visits.begin(recorded)
        )
        visits.evolve(visit, recorded)
    await _save(connection, list(touched.values()))
    return list(touched.values()), days | {_day(visit) for visit in touched.values()}


def _day(visit: Visit) -> tuple[UUID, date]:
    return visit.place.enterprise_id, visits.day(visit)


async def load(connection: Connection, ids: Iterable[UUID]) -> dict[UUID, Visit]:
    rows = await connection.fetch(_LOAD, list(ids))
    found = {row["id"]: _visit(row) for row in rows}
    for row in await connection.fetch(_SHEETS, list(found)):
        revision = SheetRevisionV3.model_validate_json(row["revision"])
        found[row["visit_id"]].revisions[row["number"]] = revision
    return found


def _visit(row: Any) -> Visit:
    place = Place(
        row["id"],
        row["enterprise_id"],
        row["operator_id"],
        row["district"],
        row["outlet_id"],
        row["point_id"],
    )
    return Visit(place, row["version"], Detail.model_validate_json(row["detail"]), {})


async def _save(connection: Connection, changed: list[Visit]) -> None:
    await save(connection, _SAVE, [visit_row(visit) for visit in changed])
    await save(connection, _SAVE_DETAIL, [detail_row(visit) for visit in changed])
    await save(connection, _SAVE_SHEET, [row for visit in changed for row in sheet_rows(visit)])
    await save_parts(connection, changed)


def visit_row(visit: Visit) -> tuple[Any, ...]:
    place, detail, sheets = visit.place, visit.detail, visits.current_revisions(visit)
    return (
        place.visit_id,
        visit.version,
        place.enterprise_id,
        place.operator_id,
        place.district,
        place.outlet_id,
        place.point_id,
        visits.state(visit),
        visits.day(visit),
        work_day(detail, visits.day(visit)),
        visits.opener(detail),
        ",".join(map(str, visits.people(detail))),
        ",".join(map(str, visits.devices(detail))),
        ",".join(sorted({sheet.content for sheet in sheets})),
        len({sheet.sheet_id for sheet in sheets}),
        len(detail.photos),
        ",".join(visits.marks(visit)),
        detail.backfill is not None,
        detail.obstruction is not None,
        visits.conflicts(sheets),
        detail.sign_in.claimed_at if detail.sign_in else None,
        detail.sign_out.claimed_at if detail.sign_out else None,
        visits.distance(detail),
    )


def detail_row(visit: Visit) -> tuple[Any, ...]:
    place = visit.place
    detail = visit.detail.model_dump_json(exclude_none=True)
    return place.visit_id, place.enterprise_id, place.operator_id, place.district, detail


def sheet_rows(visit: Visit) -> Iterator[tuple[Any, ...]]:
    place, day = visit.place, visits.day(visit)
    complete = visits.state(visit) == "complete"
    heads = visits.current_revisions(visit) if complete else ()
    counting = {revision.revision_id for revision in heads if visits.fulfils(revision)}
    for number, revision in visit.revisions.items():
        yield (
            place.visit_id,
            revision.revision_id,
            number,
            place.enterprise_id,
            place.operator_id,
            place.district,
            place.point_id,
            revision.form,
            revision.content,
            day,
            revision.revision_id in counting,
            revision.model_dump_json(exclude_none=True),
        )


_LOAD = """
    select v.id, v.version, v.enterprise_id, v.operator_id, v.district, v.outlet_id, v.point_id, d.detail
      from visit v join visit_detail d using (id) where v.id = any($1)
"""
_SHEETS = "select visit_id, number, revision from sheet where visit_id = any($1) order by number"
# `unnest` flattens arrays of arrays, so lists of codes are passed as text. A code has no comma.
_SAVE = """
    insert into visit as v (id, version, enterprise_id, operator_id, district, outlet_id, point_id, state, day, worked_on, by, people,
        devices, contents, sheets, photos, marks, backfilled, obstructed, conflict, sign_in_at, sign_out_at, distance_m)
    select id, version, enterprise_id, operator_id, district, outlet_id, point_id, state, day, worked_on, by,
           string_to_array(people, ',')::uuid[], string_to_array(devices, ',')::uuid[], string_to_array(contents, ','),
           sheets, photos, string_to_array(marks, ','), backfilled, obstructed, conflict, sign_in_at, sign_out_at, distance_m
      from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::uuid[], $8::text[],
        $9::date[], $10::date[], $11::uuid[], $12::text[], $13::text[], $14::text[], $15::integer[], $16::integer[],
        $17::text[], $18::boolean[], $19::boolean[], $20::boolean[], $21::timestamptz[], $22::timestamptz[], $23::numeric[])
        as new (id, version, enterprise_id, operator_id, district, outlet_id, point_id, state, day, worked_on, by, people,
        devices, contents, sheets, photos, marks, backfilled, obstructed, conflict, sign_in_at, sign_out_at, distance_m)
    on conflict (id) do update set
        version = excluded.version, state = excluded.state, day = excluded.day, worked_on = excluded.worked_on,
        by = excluded.by, people = excluded.people, devices = excluded.devices,
        contents = excluded.contents, sheets = excluded.sheets, photos = excluded.photos, marks = excluded.marks,
        backfilled = excluded.backfilled, obstructed = excluded.obstructed, conflict = excluded.conflict,
        sign_in_at = excluded.sign_in_at, sign_out_at = excluded.sign_out_at, distance_m = excluded.distance_m
"""
_SAVE_DETAIL = """
    insert into visit_detail (id, enterprise_id, operator_id, district, detail)
    select id, enterprise_id, operator_id, district, detail
      from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::json[])
        as new (id, enterprise_id, operator_id, district, detail)
    on conflict (id) do update set detail = excluded.detail
"""
_SAVE_SHEET = """
    insert into sheet as s (visit_id, revision_id, number, enterprise_id, operator_id, district, point_id, form, content,
        day, counts, revision)
    select visit_id, revision_id, number, enterprise_id, operator_id, district, point_id, form, content,
           day, counts, revision
      from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::uuid[], $5::uuid[], $6::text[], $7::uuid[],
        $8::text[], $9::text[], $10::date[], $11::boolean[], $12::json[])
        as new (visit_id, revision_id, number, enterprise_id, operator_id, district, point_id, form, content,
        day, counts, revision)
    on conflict (visit_id, revision_id) do update set day = excluded.day, counts = excluded.counts
    where (s.day, s.counts) is distinct from (excluded.day, excluded.counts)
"""
