"""The worker: checks what was laid down and writes what was confirmed; dies at any point, goes on after it."""

import asyncio
from uuid import UUID, uuid5

import structlog
from qingyuan_events import Actor, Meta
from qingyuan_runtime.away import AWAY, Patience
from qingyuan_runtime.database import Pool
from qingyuan_runtime.decider import Refused
from qingyuan_runtime.handling import Asked, append, load
from qingyuan_runtime.store import Write

from registry.desk import Desk
from registry.domain.instrument import PointOfInstrument
from registry.domain.monitoring_point import POINT
from registry.importing.checking import Checked, Checker, NamedPoint
from registry.importing.desk import Import, ImportDesk
from registry.importing.reading import Unreadable, read

STEP = 250
PAUSE = 0.3

log = structlog.get_logger()


class ImportWorker:
    """One import at a time. A session lock (which takes no transaction id) keeps other workers off it."""

    def __init__(self, desk: Desk, imports: ImportDesk, pool: Pool) -> None:
        self._desk = desk
        self._imports = imports
        self._pool = pool

    async def run(self) -> None:
        patience = Patience()
        while True:
            try:
                await self._round()
            except AWAY as error:
                log.warning("import.interrupted", reason=str(error))
                await patience.after(error)
            else:
                patience.well()
                await asyncio.sleep(PAUSE)

    async def _round(self) -> None:
        for waiting in await self._imports.unfinished():
            await self._alone(waiting)

    async def _alone(self, one: Import) -> None:
        async with self._pool.acquire() as connection:
            if not await connection.fetchval(
                "select pg_try_advisory_lock(hashtextextended($1, 3))", str(one.id)
            ):
                return
            try:
                await self.work(one)
            finally:
                await connection.execute("select pg_advisory_unlock(hashtextextended($1, 3))", str(one.id))

    async def work(self, one: Import) -> None:
        """Check or write one import, by its state. Safe to repeat."""
        try:
            results = await self._check(one)
            if one.state == "importing":
                await self._write(one, results)
            else:
                problems = [problem for result in results for problem in result.problems]
                notes = [note for result in results for note in result.notes]
                await self._imports.checked(one.id, problems, notes)
        except Unreadable as unreadable:
            await self._imports.failed(one.id, str(unreadable))
        except Refused as refused:
            await self._imports.failed(one.id, refused.sentence)

    async def _check(self, one: Import) -> list[Checked]:
        rows = await asyncio.to_thread(read, one.content)
        checker = Checker(one.id, await self._points(one.enterprise_id), self._desk.today())
        results: list[Checked] = []
        for start in range(0, len(rows), STEP):
            await self._imports.progress(one.id, rows=len(rows), checked=start)
            results += [checker.check(row) for row in rows[start : start + STEP]]
            await asyncio.sleep(0)
        await self._imports.progress(one.id, rows=len(rows), checked=len(rows))
        return results

    async def _write(self, one: Import, results: list[Checked]) -> None:
        """All rows in one append under a command id of the import: a second try gets the first answer."""
        writes: list[Write] = [result.write for result in results if result.write]
        if len(writes) != len(results):
            await self._imports.failed(one.id, "确认之后情况已变化，有的行不再符合要求；没有写入任何内容。")
            return
        await append(self._desk.store, writes, _asked(one.actor, one.id))
        await self._imports.done(one.id, len(writes))
        log.info("import.done", import_id=str(one.id), rows=len(writes))

    async def _points(self, enterprise_id: UUID) -> list[NamedPoint]:
        outlets = await self._desk.store.open_children(f"enterprise-{enterprise_id}")
        streams = [s for outlet in outlets for s in await self._desk.store.open_children(outlet)]
        return [await self._named(stream) for stream in streams]

    async def _named(self, stream: str) -> NamedPoint:
        _, state = await load(self._desk.store, POINT, stream)
        facts = state.life.particulars
        assert facts is not None
        point_id = UUID(stream.removeprefix("monitoring_point-"))
        point = PointOfInstrument(point_id, state.enterprise_id, facts.medium, state.life.valid_from)
        return NamedPoint(facts.code, facts.name, point)


def _asked(actor: Actor, import_id: UUID) -> Asked:
    command_id = uuid5(import_id, "confirmation")
    return Asked(Meta(actor=actor, command_id=command_id, correlation=import_id), f"import {import_id}")
