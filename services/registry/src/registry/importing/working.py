"""The worker: checks what was laid down and writes what was confirmed; dies at any point, goes on after it."""

import asyncio
import time
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID, uuid5

import structlog
from qingyuan_events import Actor, Meta
from qingyuan_runtime import confined
from qingyuan_runtime.away import AWAY, Patience
from qingyuan_runtime.database import Pool
from qingyuan_runtime.decider import Refused
from qingyuan_runtime.handling import Asked, append, load
from qingyuan_runtime.store import Write

from registry.desk import Desk
from registry.domain.instrument import PointOfInstrument
from registry.domain.monitoring_point import POINT
from registry.importing import decoding
from registry.importing.checking import Checked, Checker, NamedPoint
from registry.importing.desk import Import, ImportDesk
from registry.importing.reading import Row
from registry.importing.sizes import Unreadable

STEP = 250
PAUSE = 0.3
TRIES_MAX = 3
SWEEP_EVERY = 600.0
KEEP = timedelta(days=1)
UNDECODABLE = "文件多次读取失败，不能导入：内容过大或已损坏，请使用下载的模板重新填写。"

log = structlog.get_logger()


class ImportWorker:
    """One import at a time. A session lock (which takes no transaction id) keeps other workers off it."""

    def __init__(self, desk: Desk, imports: ImportDesk, pool: Pool) -> None:
        self._desk = desk
        self._imports = imports
        self._pool = pool
        self._swept = -SWEEP_EVERY

    async def run(self) -> None:
        patience = Patience()
        while True:
            try:
                await self._round()
            except AWAY as error:
                log.warning("import.interrupted", reason=error)
                await patience.after(error)
            else:
                patience.well()
                await asyncio.sleep(PAUSE)

    async def _round(self) -> None:
        for import_id in await self._imports.unfinished():
            await self._alone(import_id)
        if time.monotonic() - self._swept > SWEEP_EVERY:
            await self._imports.empty(KEEP)
            self._swept = time.monotonic()

    async def _alone(self, import_id: UUID) -> None:
        async with self._pool.acquire() as connection:
            if not await connection.fetchval(
                "select pg_try_advisory_lock(hashtextextended($1, 3))", str(import_id)
            ):
                return
            try:
                await self.work(import_id)
            finally:
                await connection.execute("select pg_advisory_unlock(hashtextextended($1, 3))", str(import_id))

    async def work(self, import_id: UUID) -> None:
        """Check or write one import, by its state now. Safe to repeat."""
        taken = await self._imports.begin(import_id)
        if taken is None:
            return
        try:
            await self._step(taken)
        except (Unreadable, Refused) as no:
            await self._imports.failed(taken, no.sentence if isinstance(no, Refused) else str(no))
        except confined.Unfinished as unfinished:
            log.warning("import.unreadable", import_id=str(taken.id), tries=taken.tries, reason=unfinished)
            if taken.tries >= TRIES_MAX:
                await self._imports.failed(taken, UNDECODABLE)

    async def _step(self, taken: Import) -> None:
        if taken.tries > TRIES_MAX:
            raise Unreadable(UNDECODABLE)
        if taken.state == "importing" and await self._is_written(taken):
            await self._imports.done(taken, taken.rows)
            return
        results = await self._check(taken)
        if taken.state == "importing":
            await self._write(taken, results)
        else:
            problems = [problem for result in results for problem in result.problems]
            notes = [note for result in results for note in result.notes]
            await self._imports.checked(taken, problems, notes)

    async def _is_written(self, taken: Import) -> bool:
        """An earlier try may have died after the append; what it wrote is not to be judged again."""
        asked = _asked(taken.actor, taken.id)
        return await self._desk.store.answer(asked.meta.command_id, asked.fingerprint) is not None

    async def _check(self, taken: Import) -> list[Checked]:
        rows = await decoding.rows(taken.content)
        checker = Checker(taken.id, await self._points(taken.enterprise_id), self._desk.today())
        results: list[Checked] = []
        for start in range(0, len(rows), STEP):
            await self._imports.progress(taken, rows=len(rows), checked=start)
            results += _checked(checker, rows[start : start + STEP])
            await asyncio.sleep(0)
        await self._imports.progress(taken, rows=len(rows), checked=len(rows))
        return results

    async def _write(self, taken: Import, results: list[Checked]) -> None:
        """All rows in one append under a command id of the import: a second try gets the first answer."""
        writes: list[Write] = [result.write for result in results if result.write]
        if len(writes) != len(results):
            raise Unreadable("确认之后情况已变化，有的行不再符合要求；没有写入任何内容。")
        await append(self._desk.store, writes, _asked(taken.actor, taken.id))
        await self._imports.done(taken, len(writes))
        log.info("import.done", import_id=str(taken.id), rows=len(writes))

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


def _checked(checker: Checker, rows: Iterable[Row]) -> list[Checked]:
    """A rule that trips over what a row holds ends this import; it would trip over it again."""
    try:
        return [checker.check(row) for row in rows]
    except Exception as error:
        log.error("import.unjudged", kind=type(error).__name__, exc_info=True)
        raise Unreadable("文件中有系统无法检查的内容，未导入；请与管理员联系。") from error


def _asked(actor: Actor, import_id: UUID) -> Asked:
    command_id = uuid5(import_id, "confirmation")
    return Asked(Meta(actor=actor, command_id=command_id, correlation=import_id), f"import {import_id}")
