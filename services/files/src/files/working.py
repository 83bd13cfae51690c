"""Processes complete uploads: checks the file, puts it into the store, and then sets the upload to `stored`.

Each step may be repeated. If the process ends between two of them, the upload is checked again.
"""

import asyncio
import time
from pathlib import Path

import structlog
from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.database.locking import alone
from qingyuan_runtime.process.isolated import Unfinished
from qingyuan_runtime.process.role_health import ROLE_HEALTH, current_role, reason_of
from qingyuan_runtime.process.unavailable import UNAVAILABLE, Backoff, is_unavailable

from files.checking.check import FileProperties, check
from files.checking.unfit import Limits, Unfit
from files.file_repository import FileRepository
from files.store import FileStore
from files.upload_repository import Upload, UploadRepository

PAUSE = 5.0
SWEEP_EVERY = 600.0
TRIES_MAX = 3
UNCHECKABLE = Unfit("file.broken", "文件多次检查失败，无法接受，请检查文件后重新上传。")
_LOCK = "hashtextextended($1, 5)"

log = structlog.get_logger()


class Gone(Exception):
    """The upload no longer waits for its check."""


class CheckWorker:
    """Checks one upload at a time. A session lock keeps workers of other processes from checking the same one."""

    def __init__(self, pool: Pool, store: FileStore, folder: Path, limits: Limits) -> None:
        self._pool = pool
        self._uploads = UploadRepository(pool)
        self._files = FileRepository(pool)
        self._store = store
        self._folder = folder
        self._limits = limits
        self._woken = asyncio.Event()
        self._swept = -SWEEP_EVERY

    def wake(self) -> None:
        """Called when an upload is complete and waits for its check."""
        self._woken.set()

    async def run(self) -> None:
        """Run until cancelled. Waits while a server is unavailable and raises other errors to the supervisor."""
        backoff = Backoff()
        while True:
            try:
                await self.work()
                await self._sweep_if_due()
            except UNAVAILABLE as error:
                log.warning("checks.interrupted", reason=error)
                await backoff.after(error)
            else:
                backoff.reset()
                await self._wait_for_work()

    async def _wait_for_work(self) -> None:
        try:
            await asyncio.wait_for(self._woken.wait(), PAUSE)
        except TimeoutError:
            return
        self._woken.clear()

    async def work(self) -> None:
        """Check all waiting uploads. One that fails does not delay the others, and degrades the role until it succeeds."""
        role, failed = current_role("checks"), False
        for upload in await self._uploads.waiting():
            try:
                await self._process_alone(upload)
            except (Gone, Unfinished) as error:
                log.info("check.interrupted", upload=upload.id, reason=error)
            except Exception as error:
                log.warning("check.failed", upload=upload.id, reason=error)
                ROLE_HEALTH.degraded(role, reason_of(error, with_words=is_unavailable(error)), of="checking")
                failed = True
        if not failed:
            ROLE_HEALTH.recovered(role, of="checking")

    async def _process_alone(self, upload: Upload) -> None:
        async with self._pool.acquire() as connection, alone(connection, _LOCK, upload.id) as locked:
            if locked:
                await self._process(upload)

    async def _process(self, upload: Upload) -> None:
        path = self._folder / upload.id
        try:
            properties = await self._check(upload, path)
        except Unfit as unfit:
            await self._uploads.refuse(upload.id, unfit.code, unfit.sentence)
            log.info("file.refused", upload=upload.id, code=unfit.code)
        else:
            await self._uploads.passed(upload.id)
            await self._store.put_original(upload.announced.sha256, path)
            await self._files.add(upload, properties)
            log.info("file.stored", upload=upload.id, size=upload.announced.size)
        await asyncio.to_thread(path.unlink, missing_ok=True)

    async def _check(self, upload: Upload, path: Path) -> FileProperties:
        """Raises `Unfit`, or `Unfinished` if the decoder has not finished and the file must be tried again."""
        tries = await self._uploads.count_try(upload.id)
        if tries is None:
            raise Gone
        if tries > TRIES_MAX:
            raise UNCHECKABLE
        try:
            return await check(path, upload.announced, self._limits)
        except Unfinished as unfinished:
            log.warning("file.uncheckable", upload=upload.id, tries=tries, reason=unfinished)
            if tries == TRIES_MAX:
                raise UNCHECKABLE from unfinished
            raise

    async def _sweep_if_due(self) -> None:
        if time.monotonic() - self._swept > SWEEP_EVERY:
            await self.sweep()
            self._swept = time.monotonic()

    async def sweep(self) -> None:
        """Delete expired uploads, and files in the folder that no upload needs any more."""
        expired = await self._uploads.forget_expired()
        existing = await asyncio.to_thread(lambda: [path.name for path in self._folder.iterdir()])
        needed = await self._uploads.with_bytes()
        for name in set(existing) - needed:
            await asyncio.to_thread((self._folder / name).unlink, missing_ok=True)
        if expired:
            log.info("uploads.expired", count=len(expired))
