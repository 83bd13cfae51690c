"""The worker: checks what was laid down and writes what was confirmed; dies at any point, goes on after it."""

import asyncio
import time
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID, uuid5

import structlog
from qingyuan_events import Actor, Meta
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.database.locking import alone
from qingyuan_runtime.domain.decider import Refused
from qingyuan_runtime.log.handling import CommandContext, append
from qingyuan_runtime.process import isolated as confined
from qingyuan_runtime.process.unavailable import UNAVAILABLE, Backoff, is_unavailable

from registry.desk import Desk
from registry.importing import decoding
from registry.importing.checking import Checked, Checker
from registry.importing.desk import Import, ImportDesk
from registry.importing.judging import Judgement, judgement
from registry.importing.reading import Row
from registry.importing.sizes import Unreadable
from registry.importing.surroundings import place_of

STEP = 250
PAUSE = 0.3
TRIES_MAX = 3
SWEEP_EVERY = 600.0
KEEP = timedelta(days=1)
UNFORESEEN = "导入时遇到系统无法处理的情况，已停止；请与管理员联系。"
UNDECODABLE = "文件多次读取失败，不能导入：内容过大或已损坏，请使用下载的模板重新填写。"
_LOCK = "hashtextextended(enterprise_id::text, 3) from imports where import_id = $1"

log = structlog.get_logger()


class ImportWorker:
    """One import of an enterprise at a time: each is compared with what the one before it has written.

    A session lock (which takes no transaction id) keeps other workers off it.
    """

    def __init__(self, desk: Desk, imports: ImportDesk, pool: Pool) -> None:
        self._desk = desk
        self._imports = imports
        self._pool = pool
        self._swept = -SWEEP_EVERY

    async def run(self) -> None:
        patience = Backoff()
        while True:
            try:
                await self._round()
            except UNAVAILABLE as error:
                log.warning("import.interrupted", reason=error)
                await patience.after(error)
            else:
                patience.reset()
                await asyncio.sleep(PAUSE)

    async def _round(self) -> None:
        for import_id in await self._imports.unfinished():
            await self._alone(import_id)
        if time.monotonic() - self._swept > SWEEP_EVERY:
            await self._imports.empty(KEEP)
            self._swept = time.monotonic()

    async def _alone(self, import_id: UUID) -> None:
        async with self._pool.acquire() as connection, alone(connection, _LOCK, import_id) as mine:
            if mine:
                await self.work(import_id)

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
        except Exception as error:
            # Nobody foresaw it, and it would come again: it must not stand in the way of everybody's imports.
            if is_unavailable(error):
                raise
            log.error("import.unforeseen", import_id=str(taken.id), kind=type(error).__name__, exc_info=True)
            await self._imports.failed(taken, UNFORESEEN)

    async def _step(self, taken: Import) -> None:
        if taken.tries > TRIES_MAX:
            raise Unreadable(UNDECODABLE)
        if taken.state == "importing" and await self._is_written(taken):
            await self._imports.done(taken, taken.planned)
            return
        judged = await self._check(taken)
        if taken.state == "importing":
            await self._write(taken, judged)
        else:
            await self._imports.checked(taken, judged)

    async def _is_written(self, taken: Import) -> bool:
        """An earlier try may have died after the append; what it wrote is not to be judged again."""
        asked = _asked(taken.actor, taken.id)
        return await self._desk.store.receipt(asked.meta.command_id, asked.fingerprint) is not None

    async def _check(self, taken: Import) -> Judgement:
        reading = await decoding.reading(taken.content)
        place = await place_of(self._desk.store, self._pool, taken.enterprise_id)
        checker = Checker(taken.id, place, reading.letters, self._desk.today())
        rows = reading.rows
        results: list[Checked] = []
        for start in range(0, len(rows), STEP):
            await self._imports.progress(taken, rows=len(rows), checked=start)
            results += _checked(checker, rows[start : start + STEP])
            await asyncio.sleep(0)
        await self._imports.progress(taken, rows=len(rows), checked=len(rows))
        return judgement(reading, results)

    async def _write(self, taken: Import, judged: Judgement) -> None:
        """All new rows in one append under a command id of the import: a second try gets the first answer."""
        if judged.problems:
            raise Unreadable("确认之后情况已变化，有的行不再符合要求；没有写入任何内容。")
        await self._imports.planned(taken, judged)
        if judged.writes:
            await append(self._desk.store, judged.writes, _asked(taken.actor, taken.id))
        await self._imports.done(taken, len(judged.writes))
        log.info("import.done", import_id=str(taken.id), rows=len(judged.writes))


def _checked(checker: Checker, rows: Iterable[Row]) -> list[Checked]:
    """A rule that trips over what a row holds ends this import; it would trip over it again."""
    try:
        return [checker.check(row) for row in rows]
    except Exception as error:
        log.error("import.unjudged", kind=type(error).__name__, exc_info=True)
        raise Unreadable("文件中有系统无法检查的内容，未导入；请与管理员联系。") from error


def _asked(actor: Actor, import_id: UUID) -> CommandContext:
    command_id = uuid5(import_id, "confirmation")
    return CommandContext(
        Meta(actor=actor, command_id=command_id, correlation=import_id), f"import {import_id}"
    )
