"""The uploads in PostgreSQL, from their announcement to their end. Their progress survives any restart.

The row decides. Bytes in the folder beyond `received` were not confirmed to the client, and are cut off.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Literal
from uuid import UUID

import asyncpg
from qingyuan_runtime.database.connections import Pool

State = Literal["receiving", "checking", "stored", "refused"]


@dataclass(frozen=True, slots=True)
class Announced:
    """The file that the client will send. `sha256` is lower-case hexadecimal, `size` in bytes."""

    name: str
    media_type: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Upload:
    id: str
    account: UUID
    organisation: UUID
    announced: Announced
    received: int
    state: State
    media_type: str | None
    code: str | None
    sentence: str | None
    tus: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Quota:
    """How many files and bytes an organisation may announce within 24 hours."""

    files: int
    bytes: int


class QuotaUsed(Exception):
    """The organisation has used up its quota."""


class UploadRepository:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def begin(
        self,
        upload_id: str,
        account: UUID,
        organisation: UUID,
        announced: Announced,
        keep: timedelta,
        quota: Quota,
    ) -> None:
        """Create an upload. Raises `QuotaUsed` where it would exceed the organisation's quota."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(
                "select pg_advisory_xact_lock(hashtextextended($1, 7))", str(organisation)
            )
            used = await connection.fetchrow(_USED, organisation)
            assert used
            if used["files"] >= quota.files or used["bytes"] + announced.size > quota.bytes:
                raise QuotaUsed
            await connection.execute(
                _BEGIN,
                upload_id,
                account,
                organisation,
                announced.name,
                announced.media_type,
                announced.sha256,
                announced.size,
                keep,
            )

    async def read(self, upload_id: str) -> Upload | None:
        row = await self._pool.fetchrow("select * from upload where upload_id = $1", upload_id)
        return _upload(row) if row else None

    async def under_way(self, account: UUID) -> int:
        """The number of incomplete uploads of the account."""
        number: int = await self._pool.fetchval(
            "select count(*) from upload where account = $1 and state = 'receiving'", account
        )
        return number

    async def advance(self, upload_id: str, received: int, tus: Mapping[str, Any]) -> None:
        """Store that `received` bytes are on disk. If they are all, the upload waits for its check from now on.

        The number never decreases, although the tus library may save values that it read before another request ended.
        """
        await self._pool.execute(
            """
            update upload set received = $2, tus = $3::text::jsonb,
                   state = case when $2 = size then 'checking' else 'receiving' end
             where upload_id = $1 and state = 'receiving' and received <= $2
            """,
            upload_id,
            received,
            json.dumps(tus),
        )

    async def waiting(self) -> list[Upload]:
        """Uploads that are complete and not yet checked, the oldest first."""
        rows = await self._pool.fetch(
            "select * from upload where state = 'checking' order by created limit 20"
        )
        return [_upload(row) for row in rows]

    async def count_try(self, upload_id: str) -> int | None:
        """Count a check before it begins, so that a file that kills the process is not checked for ever."""
        tries: int | None = await self._pool.fetchval(
            "update upload set tries = tries + 1 where upload_id = $1 and state = 'checking' returning tries",
            upload_id,
        )
        return tries

    async def passed(self, upload_id: str) -> None:
        """The check has succeeded. Later failures are not caused by the file, so tries are counted from 0 again."""
        await self._pool.execute(
            "update upload set tries = 0 where upload_id = $1 and state = 'checking'", upload_id
        )

    async def refuse(self, upload_id: str, code: str, sentence: str) -> None:
        await self._pool.execute(
            "update upload set state = 'refused', code = $2, sentence = $3 where upload_id = $1 and state = 'checking'",
            upload_id,
            code,
            sentence,
        )

    async def forget(self, upload_id: str) -> bool:
        """Delete an incomplete upload. Returns whether it was one. Others stay, since they count for the quota."""
        deleted: bool | None = await self._pool.fetchval(
            "delete from upload where upload_id = $1 and state = 'receiving' returning true", upload_id
        )
        return bool(deleted)

    async def forget_expired(self) -> Sequence[str]:
        """Delete expired uploads, except those that wait for their check. Returns their ids."""
        rows = await self._pool.fetch(
            "delete from upload where expires < now() and state <> 'checking' returning upload_id"
        )
        return [row["upload_id"] for row in rows]

    async def with_bytes(self) -> set[str]:
        """The ids of uploads that still need their file in the folder."""
        rows = await self._pool.fetch("select upload_id from upload where state in ('receiving', 'checking')")
        return {row["upload_id"] for row in rows}


_USED: Final = """
    select count(*) as files, coalesce(sum(size), 0)::bigint as bytes from upload
     where organisation = $1 and created > now() - interval '24 hours'
"""
_BEGIN: Final = """
    insert into upload (upload_id, account, organisation, name, declared, sha256, size, expires)
    values ($1, $2, $3, $4, $5, $6, $7, now() + $8)
"""


def _upload(row: asyncpg.Record) -> Upload:
    return Upload(
        id=row["upload_id"],
        account=row["account"],
        organisation=row["organisation"],
        announced=Announced(row["name"], row["declared"], row["sha256"], row["size"]),
        received=row["received"],
        state=row["state"],
        media_type=row["media_type"],
        code=row["code"],
        sentence=row["sentence"],
        tus=json.loads(row["tus"]) if row["tus"] else None,
    )
