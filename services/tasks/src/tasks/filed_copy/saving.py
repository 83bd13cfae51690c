"""The rows of this copy as they are loaded and saved."""

from typing import Any, Final

from pydantic import TypeAdapter

from tasks.domain.filed import PaperCopy
from tasks.filed_copy.rows import FiledRow, FilingRow, VersionRow

_PAPERS: Final = TypeAdapter(tuple[PaperCopy, ...])


def filing_from(row: Any) -> FilingRow:
    return FilingRow(
        operator_id=row["operator_id"],
        begun=row["begun"],
        standing=row["standing"],
        filed_on=row["filed_on"],
    )


def filing_row(row: FilingRow) -> tuple[Any, ...]:
    return row.operator_id, row.begun, row.standing, row.filed_on


def version_from(row: Any) -> VersionRow:
    return VersionRow(
        resource_id=row["resource_id"],
        version=row["version"],
        operator_id=row["operator_id"],
        kind=row["kind"],
        account_id=row["account_id"],
        name=row["name"],
        model=row["model"],
        serial_number=row["serial_number"],
        papers=_PAPERS.validate_json(row["papers"]),
        replaced=frozenset(row["replaced"]),
    )


def version_row(row: VersionRow) -> tuple[Any, ...]:
    ids = (row.resource_id, row.version, row.operator_id, row.kind, row.account_id)
    papers = _PAPERS.dump_json(row.papers, exclude_none=True).decode()
    return (*ids, row.name, row.model, row.serial_number, papers, sorted(row.replaced))


def filed_row(row: FiledRow) -> tuple[Any, ...]:
    return row.resource_id, row.version, row.operator_id, row.filing_version


LOAD_FILINGS: Final = "select * from filing where operator_id = any($1)"
LOAD_LATEST: Final = """
    select distinct on (resource_id) * from resource_version
     where resource_id = any($1) order by resource_id, version desc
"""
FILINGS: Final = """
    insert into filing values ($1, $2, $3, $4)
    on conflict (operator_id) do update set
        begun = excluded.begun, standing = excluded.standing, filed_on = excluded.filed_on
"""
VERSIONS: Final = """
    insert into resource_version values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing
"""
FILED: Final = """
    insert into filed_resource values ($1, $2, $3, $4)
    on conflict (resource_id, version) do update set filing_version = excluded.filing_version
"""
REVOKED: Final = """
    insert into revoked values ($1, $2, $3)
    on conflict (resource_id, paper_id) do update set first_day = excluded.first_day
"""
ENDED: Final = """
    insert into ended values ($1, $2) on conflict (resource_id) do update set last_day = excluded.last_day
"""
DIGESTS: Final = """
    select stream, md5(string_agg(line, E'\\n' order by line)) as digest from (
        select 'filing-' || operator_id as stream, to_jsonb(f)::text as line from filing f
         union all
        select 'filing-' || operator_id, to_jsonb(n)::text from filed_resource n
         union all
        select 'resource-' || resource_id, to_jsonb(v)::text from resource_version v
         union all
        select 'resource-' || resource_id, to_jsonb(r)::text from revoked r
         union all
        select 'resource-' || resource_id, to_jsonb(e)::text from ended e) rows
     where stream = any($1) group by stream
"""
