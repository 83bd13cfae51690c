"""Stores the imports and their state in PostgreSQL, so that they survive any restart."""

import json
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final, Literal
from uuid import UUID

import asyncpg
from qingyuan_events import Actor
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.domain.text import storable
from qingyuan_runtime.log.store import CommandReused

from registry.importing.results import ImportResult

MAX_FINDINGS: Final = 2_000
State = Literal["checking", "refused", "ready", "importing", "done", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """`rows` are those of the workbook; `planned` is how many of them are new and will be written."""

    id: UUID
    actor: Actor
    enterprise_id: UUID
    file_name: str
    content: bytes
    state: State
    rows: int
    tries: int
    planned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """An uploaded workbook; `fingerprint` tells it from another upload under the same idempotency key."""

    actor: Actor
    enterprise_id: UUID
    file_name: str
    content: bytes
    fingerprint: str


class ImportRepository:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def add(self, import_id: UUID, upload: Upload) -> None:
        """A new import, to be checked. The same upload again changes nothing; another one under its id is refused."""
        first = await self._pool.fetchval(
            """
            with upload as (
                insert into imports (import_id, account, actor, enterprise_id, file_name, content, state, fingerprint,
                    sha256)
                values ($1, $2, $3::text::jsonb, $4, $5, $6, 'checking', $7, $8) on conflict do nothing
            )
            select fingerprint from imports where import_id = $1
            """,
            import_id,
            upload.actor.account,
            upload.actor.model_dump_json(),
            upload.enterprise_id,
            upload.file_name,
            upload.content,
            upload.fingerprint,
            sha256(upload.content).hexdigest(),
        )
        if first not in (None, "", upload.fingerprint):
            raise CommandReused

    async def shown(self, import_id: UUID, account: UUID) -> dict[str, Any] | None:
        """The import as its uploader sees it; None for anybody else."""
        row = await self._pool.fetchrow(_SHOWN, import_id, account)
        if row is None:
            return None
        lists = {name: json.loads(row[name]) for name in ("problems", "notes", "summary")}
        ids = {"id": str(row["import_id"]), "enterprise_id": str(row["enterprise_id"])}
        return (
            {name: row[name] for name in ("file_name", "state", "rows", "checked", "written")} | ids | lists
        ) | {"earlier": _earlier(row)}

    async def confirm(self, import_id: UUID, account: UUID) -> bool:
        """From `ready` to `importing`. Confirming the same import again succeeds too."""
        found = await self._pool.fetchval(
            """
            update imports set state = case state when 'ready' then 'importing' else state end, changed = now()
             where import_id = $1 and account = $2 and state in ('ready', 'importing', 'done') returning true
            """,
            import_id,
            account,
        )
        return bool(found)

    async def unfinished(self) -> list[UUID]:
        """Imports to be checked or written, the oldest first."""
        rows = await self._pool.fetch(
            "select import_id from imports where state in ('checking', 'importing') order by created limit 10"
        )
        return [row["import_id"] for row in rows]

    async def begin(self, import_id: UUID) -> Import | None:
        """The import in its present state; None when nothing is to be done for it.

        Counts the try before it begins, so that a workbook that crashes its reader is not tried for ever.
        """
        row = await self._pool.fetchrow(
            """
            update imports set tries = tries + 1, changed = now()
             where import_id = $1 and state in ('checking', 'importing') returning *
            """,
            import_id,
        )
        return _import(row) if row else None

    async def progress(self, import_: Import, *, rows: int, checked: int) -> None:
        """The workbook could be read, so the tries count from zero: later failures have other causes."""
        await self._pool.execute(
            "update imports set rows = $3, checked = $4, tries = 0, changed = now() where import_id = $1 and state = $2",
            import_.id,
            import_.state,
            rows,
            checked,
        )

    async def checked(self, import_: Import, result: ImportResult) -> None:
        await self._finish(import_, "refused" if result.problems else "ready", result)

    async def planned(self, import_: Import, result: ImportResult) -> None:
        """Stores what is about to be written, since the register may have changed after the check."""
        await self._finish(import_, import_.state, result)

    async def done(self, import_: Import, written: int) -> None:
        await self._pool.execute(
            """
            update imports set state = 'done', written = $3, content = '', changed = now()
             where import_id = $1 and state = $2
            """,
            import_.id,
            import_.state,
            written,
        )

    async def failed(self, import_: Import, sentence: str) -> None:
        problem = {"sheet": "", "row": 0, "column": "", "field": "", "rule": "import", "sentence": sentence}
        await self._finish(
            import_,
            "failed",
            ImportResult(problems=[problem], notes=[], summary={"problems": 1, "notes": 0}, writes=[]),
        )

    async def _finish(self, import_: Import, state: State, result: ImportResult) -> None:
        """Only from the state in which the import was taken, so that a slow worker cannot undo a later state.

        The summary counts all findings, although only the first `MAX_FINDINGS` are kept.
        """
        await self._pool.execute(
            """
            update imports set state = $3, problems = $4::text::jsonb, notes = $5::text::jsonb,
                   summary = $6::text::jsonb, written = 0, tries = 0, changed = now() where import_id = $1 and state = $2
            """,
            import_.id,
            import_.state,
            state,
            _json(result.problems[:MAX_FINDINGS]),
            _json(result.notes[:MAX_FINDINGS]),
            _json(result.summary),
        )

    async def delete_workbooks(self, keep: timedelta) -> int:
        """Delete the workbooks of imports that ended longer ago than this; their findings stay."""
        status: str = await self._pool.execute(
            """
            update imports set content = ''
             where state in ('refused', 'done', 'failed') and content <> '' and changed < now() - $1::interval
            """,
            keep,
        )
        return int(status.rpartition(" ")[2])


def _earlier(row: asyncpg.Record) -> dict[str, Any] | None:
    if row["earlier_id"] is None:
        return None
    return {
        "id": str(row["earlier_id"]),
        "at": row["earlier_at"].isoformat(),
        "state": row["earlier_state"],
        "own": row["earlier_own"],
    }


_SHOWN: Final = """
    select i.import_id, i.enterprise_id, i.file_name, i.state, i.rows, i.checked, i.written, i.problems, i.notes,
           i.summary, e.import_id as earlier_id, e.created as earlier_at, e.state as earlier_state,
           e.account = i.account as earlier_own
      from imports i
      left join lateral (
          select import_id, created, state, account from imports same
           where same.enterprise_id = i.enterprise_id and same.sha256 = i.sha256 and i.sha256 <> ''
             and (same.created, same.import_id) < (i.created, i.import_id)
           order by same.state = 'done' desc, same.created desc limit 1
      ) e on true
     where i.import_id = $1 and i.account = $2
"""
"""An import and the earlier one of the same workbook for the same enterprise, one that was written first."""


def _json(findings: Any) -> str:
    """Findings quote titles and names of sheets, which may hold characters that PostgreSQL cannot store."""
    text: str = storable(json.dumps(findings, ensure_ascii=False))
    return text


def _import(row: asyncpg.Record) -> Import:
    return Import(
        id=row["import_id"],
        actor=Actor.model_validate_json(row["actor"]),
        enterprise_id=row["enterprise_id"],
        file_name=row["file_name"],
        content=row["content"],
        state=row["state"],
        rows=row["rows"],
        tries=row["tries"],
        planned=json.loads(row["summary"]).get("new", row["rows"]),
    )
