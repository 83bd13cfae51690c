"""Files that are stored, and who may read them."""

from dataclasses import dataclass

from qingyuan_events import Actor
from qingyuan_runtime.database.connections import Pool

from files.checking.check import Found
from files.desk import Upload


@dataclass(frozen=True, slots=True)
class File:
    sha256: str
    size: int
    media_type: str
    name: str


class Library:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def keep(self, upload: Upload, found: Found) -> None:
        """The object is in the store: from this transaction on the upload is `stored` and the file can be read."""
        async with self._pool.acquire() as connection, connection.transaction():
            if await connection.fetchval(_STORED, upload.id, found.media_type) is None:
                return
            said, parties = upload.announced, (upload.organisation, upload.account)
            held = (said.size, found.media_type, said.name, found.blank)
            await connection.execute(_KEEP, said.sha256, *parties, *held)

    async def readable(self, sha256: str, actor: Actor) -> File | None:
        """The file as this actor may read it; None where there is none, or not for this actor."""
        row = await self._pool.fetchrow(_READABLE, sha256, actor.organisation, actor.kind, actor.district)
        return File(sha256, row["size"], row["media_type"], row["name"]) if row else None


def may_see(row: str, first: int) -> str:
    """SQL: whether a row that names its parties and its district is open to an actor. The actor's organisation, kind
    and district are the parameters from number `first` on."""
    return f"""
        case ${first + 1}::text
            when 'operator' then {row}.operator_id = ${first}::uuid
            when 'enterprise' then {row}.enterprise_id = ${first}::uuid
            when 'regulator' then ${first + 2}::text in ({row}.district, '310000')
            when 'administrator' then true
            else false end
    """


_STORED = """
    update upload set state = 'stored', media_type = $2 where upload_id = $1 and state = 'checking'
    returning upload_id
"""
_KEEP = """
    insert into file (sha256, organisation, account, size, media_type, name, blank) values ($1, $2, $3, $4, $5, $6, $7)
    on conflict do nothing
"""
# A reference opens a file to the two parties of its fact, their regulators and the office, but only a file that the one
# whose word it is uploaded: else whoever knows a hash could refer to it, in a contract even, and so read what is another's.
_READABLE = f"""
    with referred as (
        select operator_id, enterprise_id, district, said_by from references_tasks.reference where sha256 = $1
        union all
        select operator_id, enterprise_id, district, said_by from references_signoff.reference where sha256 = $1
    )
    select f.size, f.media_type, f.name from file f
     where f.sha256 = $1
       and (f.organisation = $2::uuid or exists (
           select from referred r
            where f.organisation = r.said_by and {may_see("r", 2)}))
     order by f.organisation is not distinct from $2::uuid desc, f.stored_at limit 1
"""
