"""The stored files in PostgreSQL, and who may read them."""

from dataclasses import dataclass

from qingyuan_events import Actor
from qingyuan_runtime.database.connections import Pool

from files.checking.check import FileProperties
from files.upload_repository import Upload


@dataclass(frozen=True, slots=True)
class File:
    sha256: str
    size: int
    media_type: str
    name: str


class FileRepository:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def add(self, upload: Upload, properties: FileProperties) -> None:
        """Set the upload to `stored` and make the file readable. Its content must be in the store already."""
        async with self._pool.acquire() as connection, connection.transaction():
            if await connection.fetchval(_STORED, upload.id, properties.media_type) is None:
                return
            announced, uploader = upload.announced, (upload.organisation, upload.account)
            values = (announced.size, properties.media_type, announced.name, properties.blank)
            await connection.execute(_ADD, announced.sha256, *uploader, *values)

    async def readable(self, sha256: str, actor: Actor) -> File | None:
        """The file, None where it does not exist or this actor may not read it."""
        row = await self._pool.fetchrow(_READABLE, sha256, actor.organisation, actor.kind, actor.district)
        return File(sha256, row["size"], row["media_type"], row["name"]) if row else None


def may_see(row: str, first: int) -> str:
    """SQL condition: whether an actor may see a row with parties and a district.

    The actor's organisation, kind and district are the parameters from number `first` on.
    """
    return f"""
        case ${first + 1}::text
            when 'operator' then {row}.operator_id = ${first}::uuid
            when 'enterprise' then {row}.enterprise_id = ${first}::uuid
            when 'regulator' then ${first + 2}::text in ({row}.district, '310000')
            when 'administrator' then true
            else false end
    """


def may_see_filing(row: str, first: int) -> str:
    """SQL condition: whether an actor may see a row of a filing, which has an operator only.

    A filing is a matter of the whole city, so every regulator may see it. The parameters are those of `may_see`.
    """
    return f"""
        case ${first + 1}::text
            when 'operator' then {row}.operator_id = ${first}::uuid
            when 'regulator' then true
            when 'administrator' then true
            else false end
    """


_STORED = """
    update upload set state = 'stored', media_type = $2 where upload_id = $1 and state = 'checking'
    returning upload_id
"""
_ADD = """
    insert into file (sha256, organisation, account, size, media_type, name, blank) values ($1, $2, $3, $4, $5, $6, $7)
    on conflict do nothing
"""
# A reference in a fact lets those who may see the fact read the file, but only if the organisation that caused it uploaded it.
# Otherwise anybody who knows a hash could refer to it, for example in a contract, and so read a file of others.
_READABLE = f"""
    with referred as (
        select said_by from references_tasks.reference r where sha256 = $1 and {may_see("r", 2)}
        union all
        select said_by from references_signoff.reference r where sha256 = $1 and {may_see("r", 2)}
        union all
        select said_by from references_reports.reference r where sha256 = $1 and {may_see("r", 2)}
        union all
        select said_by from references_filing.reference r where sha256 = $1 and {may_see_filing("r", 2)}
    )
    select f.size, f.media_type, f.name from file f
     where f.sha256 = $1
       and (f.organisation = $2::uuid or f.organisation in (select said_by from referred))
     order by f.organisation is not distinct from $2::uuid desc, f.stored_at limit 1
"""
