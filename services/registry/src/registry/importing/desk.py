"""Imports as they wait, are checked and written: their state lies in PostgreSQL and survives any restart."""

import json
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import asyncpg
from qingyuan_events import Actor
from qingyuan_runtime.database import Pool

State = Literal["checking", "refused", "ready", "importing", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Import:
    id: UUID
    actor: Actor
    enterprise_id: UUID
    file_name: str
    content: bytes
    state: State


class ImportDesk:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def lay_down(
        self, import_id: UUID, actor: Actor, enterprise_id: UUID, name: str, content: bytes
    ) -> None:
        """A new import, to be checked. Laying down the same one again changes nothing."""
        await self._pool.execute(
            """
            insert into imports (import_id, account, actor, enterprise_id, file_name, content, state)
            values ($1, $2, $3::text::jsonb, $4, $5, $6, 'checking') on conflict do nothing
            """,
            import_id,
            actor.account,
            actor.model_dump_json(),
            enterprise_id,
            name,
            content,
        )

    async def shown(self, import_id: UUID, account: UUID) -> dict[str, Any] | None:
        """What its uploader sees of it; None for anybody else."""
        row = await self._pool.fetchrow(
            """
            select import_id, enterprise_id, file_name, state, rows, checked, written, problems, notes
              from imports where import_id = $1 and account = $2
            """,
            import_id,
            account,
        )
        if row is None:
            return None
        lists = {name: json.loads(row[name]) for name in ("problems", "notes")}
        ids = {"id": str(row["import_id"]), "enterprise_id": str(row["enterprise_id"])}
        return (
            {name: row[name] for name in ("file_name", "state", "rows", "checked", "written")} | ids | lists
        )

    async def confirm(self, import_id: UUID, account: UUID) -> bool:
        """From `ready` to `importing`. A second confirmation of the same import is no mistake."""
        found = await self._pool.fetchval(
            """
            update imports set state = case state when 'ready' then 'importing' else state end, changed = now()
             where import_id = $1 and account = $2 and state in ('ready', 'importing', 'done') returning true
            """,
            import_id,
            account,
        )
        return bool(found)

    async def unfinished(self) -> list[Import]:
        rows = await self._pool.fetch(
            "select * from imports where state in ('checking', 'importing') order by created limit 10"
        )
        return [_import(row) for row in rows]

    async def progress(self, import_id: UUID, *, rows: int, checked: int) -> None:
        await self._pool.execute(
            "update imports set rows = $2, checked = $3, changed = now() where import_id = $1",
            import_id,
            rows,
            checked,
        )

    async def checked(
        self, import_id: UUID, problems: list[dict[str, Any]], notes: list[dict[str, Any]]
    ) -> None:
        await self._finish(import_id, "refused" if problems else "ready", problems, notes, 0)

    async def done(self, import_id: UUID, written: int) -> None:
        await self._pool.execute(
            "update imports set state = 'done', written = $2, content = '', changed = now() where import_id = $1",
            import_id,
            written,
        )

    async def failed(self, import_id: UUID, sentence: str) -> None:
        problem = {"sheet": "", "row": 0, "column": "", "field": "", "rule": "import", "sentence": sentence}
        await self._finish(import_id, "failed", [problem], [], 0)

    async def _finish(
        self, import_id: UUID, state: State, problems: list[Any], notes: list[Any], written: int
    ) -> None:
        await self._pool.execute(
            """
            update imports set state = $2, problems = $3::text::jsonb, notes = $4::text::jsonb, written = $5,
                   changed = now() where import_id = $1
            """,
            import_id,
            state,
            json.dumps(problems[:2000], ensure_ascii=False),
            json.dumps(notes[:2000], ensure_ascii=False),
            written,
        )


def _import(row: asyncpg.Record) -> Import:
    return Import(
        row["import_id"],
        Actor.model_validate_json(row["actor"]),
        row["enterprise_id"],
        row["file_name"],
        row["content"],
        row["state"],
    )
