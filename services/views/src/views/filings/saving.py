"""The rows of the read model as they are loaded and saved."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter
from qingyuan_events.filing import FilingBasics, ResourceParticulars

from views.filings.fold import Filing, FilingDetail
from views.filings.resource_fold import Resource, ResourceDetail

_FILING: Final = tuple(field.name for field in fields(Filing))
_JSON_OF_FILING: Final = ("basics", "filed_basics", "detail")
_PARTICULARS: Final[TypeAdapter[ResourceParticulars]] = TypeAdapter(ResourceParticulars)


def filing_from(row: Any) -> Filing:
    stored = {name: row[name] for name in _FILING if name not in _JSON_OF_FILING}
    return Filing(
        **stored,
        basics=_basics(row["basics"]),
        filed_basics=_basics(row["filed_basics"]),
        detail=FilingDetail.model_validate_json(row["detail"]),
    )


def _basics(text: str | None) -> FilingBasics | None:
    return FilingBasics.model_validate_json(text) if text else None


def filing_row(filing: Filing) -> tuple[Any, ...]:
    values = {name: getattr(filing, name) for name in _FILING}
    for name in _JSON_OF_FILING:
        values[name] = values[name].model_dump_json(exclude_none=True) if values[name] else None
    return tuple(values.values())


def resource_from(row: Any) -> Resource:
    return Resource(
        id=row["id"],
        operator_id=row["operator_id"],
        particulars=_PARTICULARS.validate_json(row["particulars"]),
        changed_on=row["changed_on"],
        version=row["version"],
        own_version=row["own_version"],
        ended_on=row["ended_on"],
        detail=ResourceDetail.model_validate_json(row["detail"]),
    )


def particulars_json(particulars: ResourceParticulars) -> str:
    return particulars.model_dump_json(exclude_none=True)


def resource_row(resource: Resource) -> tuple[Any, ...]:
    return (
        resource.id,
        resource.operator_id,
        resource.particulars.kind,
        resource.version,
        resource.own_version,
        resource.title,
        particulars_json(resource.particulars),
        resource.changed_on,
        resource.ended_on,
        resource.searched,
        resource.detail.model_dump_json(exclude_none=True),
    )


def version_row(resource: Resource, recorded_at: datetime) -> tuple[Any, ...]:
    return (
        resource.id,
        resource.operator_id,
        resource.version,
        particulars_json(resource.particulars),
        resource.changed_on,
        resource.ended_on,
        recorded_at,
    )


def paper_rows(resource: Resource) -> Iterator[tuple[Any, ...]]:
    """Of a resource that has ended, no paper runs out any more."""
    for paper in () if resource.ended_on else resource.particulars.papers:
        revoked = resource.detail.revoked.get(paper.paper_id)
        yield (
            paper.paper_id,
            resource.id,
            resource.operator_id,
            resource.particulars.kind,
            paper.kind,
            paper.number,
            paper.issuer,
            resource.title,
            paper.valid_from,
            paper.valid_to,
            revoked.first_day if revoked else None,
        )


LOAD_FILINGS: Final = f"select {', '.join(_FILING)} from filing where operator_id = any($1)"
LOAD_RESOURCES: Final = """
    select id, operator_id, particulars, changed_on, version, own_version, ended_on, detail
      from resource where id = any($1)
"""
_FILING_TYPES: Final = (
    "uuid",
    "text",
    "timestamptz",
    "bigint",
    "text",
    "text",
    "integer",
    "timestamptz",
    "integer",
    "boolean",
    "date",
    "text",
    "json",
    "bigint",
    "date",
    "json",
    "json",
)
_COLUMNS: Final = ", ".join(f"${number}::{kind}[]" for number, kind in enumerate(_FILING_TYPES, start=1))
SAVE_FILINGS: Final = f"""
    insert into filing ({", ".join(_FILING)}) select * from unnest({_COLUMNS})
    on conflict (operator_id) do update set
        {", ".join(f"{name} = excluded.{name}" for name in _FILING if name != "operator_id")}
"""
SAVE_RESOURCES: Final = """
    insert into resource (id, operator_id, kind, version, own_version, title, particulars, changed_on, ended_on,
        searched, detail)
    select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::json[],
        $8::date[], $9::date[], $10::text[], $11::json[])
    on conflict (id) do update set
        kind = excluded.kind, version = excluded.version, own_version = excluded.own_version,
        title = excluded.title, particulars = excluded.particulars, changed_on = excluded.changed_on,
        ended_on = excluded.ended_on, searched = excluded.searched, detail = excluded.detail
"""
SAVE_VERSIONS: Final = """
    insert into resource_version (resource_id, operator_id, version, particulars, changed_on, ended_on, recorded_at)
    select * from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::json[], $5::date[], $6::date[], $7::timestamptz[])
    on conflict do nothing
"""
FORGET_PAPERS: Final = "delete from paper where resource_id = any($1)"
SAVE_PAPERS: Final = """
    insert into paper (paper_id, resource_id, operator_id, resource_kind, kind, number, issuer, title, valid_from,
        valid_to, revoked_from)
    select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[],
        $8::text[], $9::date[], $10::date[], $11::date[])
"""
DIGESTS: Final = """
    select stream, md5(string_agg(line, '\n' order by line)) as digest from (
        select 'filing-' || operator_id as stream, to_jsonb(f)::text as line from filing f
        union all
        select 'filing-' || operator_id, to_jsonb(d)::text from filed_resource d
        union all
        select 'filing-' || operator_id, to_jsonb(e)::text from filed_version e
        union all
        select 'filing-' || operator_id, to_jsonb(t)::text from standing t
        union all
        select 'filing-' || operator_id, to_jsonb(s)::text from submitted_resource s
        union all
        select 'resource-' || id, to_jsonb(r)::text from resource r
        union all
        select 'resource-' || resource_id, to_jsonb(v)::text from resource_version v
        union all
        select 'resource-' || resource_id, to_jsonb(p)::text from paper p
        union all
        select 'resource-' || resource_id, to_jsonb(q)::text from filed_person q
        union all
        select 'resource-' || resource_id, to_jsonb(g)::text from filed_paper g
        union all
        select stream, to_jsonb(k)::text from kept_fact k
        union all
        select 'resource-' || resource_id, to_jsonb(h)::text from filed_part h
        union all
        select 'credit_document-' || id, to_jsonb(c)::text from credit_document c
        union all
        select 'annual_information-' || id, to_jsonb(y)::text from annual_year y
        union all
        select 'annual_information-' || id, to_jsonb(e)::text
          from annual_entry e join annual_year using (operator_id, year)) rows
     where stream = any($1) group by stream
"""
