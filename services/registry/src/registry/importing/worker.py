"""The worker checks uploaded workbooks and writes confirmed ones. Killed at any point, it continues after a restart."""

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
from qingyuan_runtime.importing.reading import Row
from qingyuan_runtime.importing.sizes import Unreadable
from qingyuan_runtime.log.handling import CommandContext
from qingyuan_runtime.process import isolated
from qingyuan_runtime.process.unavailable import UNAVAILABLE, Backoff, is_unavailable

from registry.importing import decoding
from registry.importing.checking import Checked, Checker
from registry.importing.loading import load_enterprise
from registry.importing.repository import Import, ImportRepository
from registry.importing.results import ImportResult, import_result
from registry.instruments.handlers import append_all
from registry.shared.repository import Repository

ROWS_AT_ONCE = 250
PAUSE_SECONDS = 0.3
MAX_TRIES = 3
SWEEP_SECONDS = 600.0
KEEP_WORKBOOKS = timedelta(days=1)
UNFORESEEN = "导入时遇到系统无法处理的情况，已停止；请与管理员联系。"
UNDECODABLE = "文件多次读取失败，不能导入：内容过大或已损坏，请使用下载的模板重新填写。"
_LOCK = "hashtextextended(enterprise_id::text, 3) from imports where import_id = $1"

log = structlog.get_logger()


class ImportWorker:
    """Handles the imports of an enterprise one at a time: each is compared with what the one before it has written.

    A session lock of PostgreSQL excludes other workers; unlike a transaction it does not hold up the relay's horizon.
    """

    def __init__(self, repository: Repository, imports: ImportRepository, pool: Pool) -> None:
        self._repository = repository
        self._imports = imports
        self._pool = pool
        self._swept = -SWEEP_SECONDS

    async def run(self) -> None:
        backoff = Backoff()
        while True:
            try:
                await self._work_through()
            except UNAVAILABLE as error:
                log.warning("import.interrupted", reason=error)
                await backoff.after(error)
            else:
                backoff.reset()
                await asyncio.sleep(PAUSE_SECONDS)

    async def _work_through(self) -> None:
        for import_id in await self._imports.unfinished():
            await self._work_alone(import_id)
        if time.monotonic() - self._swept > SWEEP_SECONDS:
            await self._imports.delete_workbooks(KEEP_WORKBOOKS)
            self._swept = time.monotonic()

    async def _work_alone(self, import_id: UUID) -> None:
        async with self._pool.acquire() as connection, alone(connection, _LOCK, import_id) as is_alone:
            if is_alone:
                await self.work(import_id)

    async def work(self, import_id: UUID) -> None:
        """Check or write one import, by its state now. Safe to repeat."""
        import_ = await self._imports.begin(import_id)
        if import_ is None:
            return
        try:
            await self._step(import_)
        except (Unreadable, Refused) as refusal:
            await self._imports.failed(
                import_, refusal.sentence if isinstance(refusal, Refused) else str(refusal)
            )
        except isolated.Unfinished as unfinished:
            log.warning(
                "import.unreadable", import_id=str(import_.id), tries=import_.tries, reason=unfinished
            )
            if import_.tries >= MAX_TRIES:
                await self._imports.failed(import_, UNDECODABLE)
        except Exception as error:
            # A defect of ours, which would occur again: this import must not block those of everybody else.
            if is_unavailable(error):
                raise
            log.error(
                "import.unforeseen", import_id=str(import_.id), kind=type(error).__name__, exc_info=True
            )
            await self._imports.failed(import_, UNFORESEEN)

    async def _step(self, import_: Import) -> None:
        if import_.tries > MAX_TRIES:
            raise Unreadable(UNDECODABLE)
        if import_.state == "importing" and await self._is_written(import_):
            await self._imports.done(import_, import_.planned)
            return
        result = await self._check(import_)
        if import_.state == "importing":
            await self._write(import_, result)
        else:
            await self._imports.checked(import_, result)

    async def _is_written(self, import_: Import) -> bool:
        """An earlier try may have been killed after its append; what it wrote must not be checked again."""
        context = _context(import_.actor, import_.id)
        return await self._repository.store.receipt(context.meta.command_id, context.fingerprint) is not None

    async def _check(self, import_: Import) -> ImportResult:
        reading = await decoding.reading(import_.content)
        enterprise = await load_enterprise(self._repository.store, self._pool, import_.enterprise_id)
        checker = Checker(import_.id, enterprise, reading.column_letters, self._repository.today())
        rows = reading.rows
        results: list[Checked] = []
        for start in range(0, len(rows), ROWS_AT_ONCE):
            await self._imports.progress(import_, rows=len(rows), checked=start)
            results += _checked(checker, rows[start : start + ROWS_AT_ONCE])
            await asyncio.sleep(0)
        await self._imports.progress(import_, rows=len(rows), checked=len(rows))
        return import_result(reading, results)

    async def _write(self, import_: Import, result: ImportResult) -> None:
        """All new rows in one append under a command id of the import, so a second try gets the first receipt."""
        if result.problems:
            raise Unreadable("确认之后情况已变化，有的行不再符合要求；没有写入任何内容。")
        await self._imports.planned(import_, result)
        if result.writes:
            await append_all(self._repository, _context(import_.actor, import_.id), result.writes)
        await self._imports.done(import_, len(result.writes))
        log.info("import.done", import_id=str(import_.id), rows=len(result.writes))


def _checked(checker: Checker, rows: Iterable[Row]) -> list[Checked]:
    """An unexpected exception of a rule ends this import: it would occur again for the same row."""
    try:
        return [checker.check(row) for row in rows]
    except Exception as error:
        log.error("import.unjudged", kind=type(error).__name__, exc_info=True)
        raise Unreadable("文件中有系统无法检查的内容，未导入；请与管理员联系。") from error


def _context(actor: Actor, import_id: UUID) -> CommandContext:
    command_id = uuid5(import_id, "confirmation")
    return CommandContext(
        Meta(actor=actor, command_id=command_id, correlation=import_id), f"import {import_id}"
    )
