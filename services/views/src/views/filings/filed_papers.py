"""People, papers and spare parts as they are filed: worked out anew for whatever a fact touched, since streams come in any order."""

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from qingyuan_events import Fact, Recorded
from qingyuan_events import filing as facts
from qingyuan_runtime.database.connections import Connection

from views.filings.fold import Filing
from views.filings.standing import standing_rows
from views.shared.saving import save


def filed_in(recorded_facts: Sequence[Recorded[Fact]]) -> set[UUID]:
    """The resources of which these facts file a version."""
    filings = (recorded.fact for recorded in recorded_facts if isinstance(recorded.fact, facts.Filed))
    return {version.resource_id for fact in filings for version in fact.resources}


async def file_papers(connection: Connection, resources: Collection[UUID]) -> None:
    for statement in (_FORGET_PEOPLE, _FORGET_PAPERS, _FORGET_PARTS, _PEOPLE, _PAPERS, _PARTS):
        await connection.execute(statement, list(resources))


async def save_standings(connection: Connection, filings: Collection[Filing]) -> None:
    await connection.execute(_FORGET_STANDINGS, [filing.operator_id for filing in filings])
    rows = [row for filing in filings for row in standing_rows(filing.operator_id, filing.detail.steps)]
    await save(connection, _SAVE_STANDINGS, rows)


_FORGET_PEOPLE: Final = "delete from filed_person where resource_id = any($1)"
_FORGET_PAPERS: Final = "delete from filed_paper where resource_id = any($1)"
_FORGET_PARTS: Final = "delete from filed_part where resource_id = any($1)"
_FORGET_STANDINGS: Final = "delete from standing where operator_id = any($1)"
_SAVE_STANDINGS: Final = """
    insert into standing (operator_id, number, state, since, until)
    select * from unnest($1::uuid[], $2::integer[], $3::text[], $4::date[], $5::date[])
"""
# Who has left has left, whether that is filed yet or not, as a revocation counts at once.
_PEOPLE: Final = """
    insert into filed_person (resource_id, operator_id, account_id, last_day)
    select f.resource_id, f.operator_id, (v.particulars->>'account_id')::uuid, coalesce(r.ended_on, 'infinity')
      from filed_resource f join resource_version v using (resource_id, version) join resource r on r.id = f.resource_id
     where f.resource_id = any($1) and v.particulars->>'account_id' is not null
"""
# A new quantity is a new count of the stock: what was used before its day is not in it. Of a version with the same quantity it stays.
_PARTS: Final = """
    insert into filed_part (resource_id, operator_id, category, name, model, quantity, place, since, last_day)
    select f.resource_id, f.operator_id, v.particulars->>'category', v.particulars->>'name',
           coalesce(v.particulars->>'model', ''), (v.particulars->>'quantity')::numeric, v.particulars->>'place',
           (select min(s.changed_on) from filed_version n join resource_version s using (resource_id, version)
             where n.resource_id = f.resource_id and n.version > coalesce((
                   select max(o.version) from filed_version o join resource_version c using (resource_id, version)
                    where o.resource_id = f.resource_id and o.version < f.version
                      and (c.particulars->>'quantity')::numeric <> (v.particulars->>'quantity')::numeric), 0)),
           coalesce(v.ended_on, 'infinity')
      from filed_resource f join resource_version v using (resource_id, version)
     where f.resource_id = any($1) and v.particulars->>'kind' = 'spare_part'
"""
# A paper that was replaced is in older filed versions only, and holds for its days. Of one that was corrected the newest counts.
# One that a correction took out was filed by mistake: visits that relied on it are listed, and it holds on no day.
_PAPERS: Final = """
    insert into filed_paper (paper_id, resource_id, operator_id, resource_kind, account_id, title, kind, number, issuer,
        valid_from, valid_to, revoked_from, removed, stated_first, stated_last)
    select distinct on (p.paper_id, r.id) p.paper_id, r.id, r.operator_id, r.kind, (n.particulars->>'account_id')::uuid,
           r.title, p.kind, p.number, p.issuer, p.valid_from, p.valid_to,
           (r.detail->'revoked'->(p.paper_id::text)->>'first_day')::date,
           not exists (select from json_to_recordset(n.particulars->'papers') as kept (paper_id uuid)
                        where kept.paper_id = p.paper_id)
           and not coalesce((r.detail->'replaced')::jsonb ? p.paper_id::text, false),
           min(coalesce(p.valid_from, '-infinity')) over of_paper, max(coalesce(p.valid_to, 'infinity')) over of_paper
      from filed_version f
      join resource_version v using (resource_id, version)
      join resource r on r.id = f.resource_id
      join filed_resource newest on newest.resource_id = r.id
      join resource_version n on n.resource_id = r.id and n.version = newest.version
     cross join lateral json_to_recordset(v.particulars->'papers') as p (paper_id uuid, kind text, number text,
           issuer text, valid_from date, valid_to date)
     where f.resource_id = any($1)
    window of_paper as (partition by p.paper_id, r.id)
     order by p.paper_id, r.id, f.version desc
"""
