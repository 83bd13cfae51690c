"""What happens to an upload after its last byte: checked, put into the store, said to be stored, in this order.

Each step may be repeated, and a process that dies between two of them leaves the upload among those to be checked.
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

from files.checking.check import Found, check
from files.checking.unfit import Limits, Unfit
from files.desk import Upload, UploadDesk
from files.library import Library
from files.store import FileStore

PAUSE = 5.0
SWEEP_EVERY = 600.0
TRIES_MAX = 3
UNCHECKABLE = Unfit("file.broken", "文件多次检查失败，无法接受，请检查文件后重新上传。")
_LOCK = "hashtextextended($1, 5)"

log = structlog.get_logger()


class Gone(Exception):
    """Nothing waits to be checked under this id any more."""


class CheckWorker:
    """One upload at a time. A session lock keeps the workers of other processes off it."""

    def __init__(self, pool: Pool, store: FileStore, folder: Path, limits: Limits) -> None:
        self._pool = pool
        self._desk = UploadDesk(pool)
        self._library = Library(pool)
        self._store = store
        self._folder = folder
        self._limits = limits
        self._woken = asyncio.Event()
        self._swept = -SWEEP_EVERY

    def wake(self) -> None:
        """Something waits to be checked."""
        self._woken.set()

    async def run(self) -> None:
        """Raises what is not passing trouble of a server: whoever keeps it up says so and starts it again."""
        patience = Backoff()
        while True:
            try:
                await self.work()
                await self._sweep_now_and_then()
            except UNAVAILABLE as error:
                log.warning("checks.interrupted", reason=error)
                await patience.after(error)
            else:
                patience.reset()
                await self._rest()

    async def _rest(self) -> None:
        try:
            await asyncio.wait_for(self._woken.wait(), PAUSE)
        except TimeoutError:
            return
        self._woken.clear()

    async def work(self) -> None:
        """Check all that waits; what cannot be finished now does not hold up the others, and is seen until it is."""
        role, failed = current_role("checks"), False
        for upload in await self._desk.waiting():
            try:
                await self._alone(upload)
            except (Gone, Unfinished) as error:
                log.info("check.interrupted", upload=upload.id, reason=error)
            except Exception as error:
                log.warning("check.failed", upload=upload.id, reason=error)
                ROLE_HEALTH.degraded(role, reason_of(error, with_words=is_unavailable(error)), of="checking")
                failed = True
        if not failed:
            ROLE_HEALTH.recovered(role, of="checking")

    async def _alone(self, upload: Upload) -> None:
        async with self._pool.acquire() as connection, alone(connection, _LOCK, upload.id) as mine:
            if mine:
                await self._settle(upload)

    async def _settle(self, upload: Upload) -> None:
        path = self._folder / upload.id
        try:
            found = await self._found(upload, path)
        except Unfit as unfit:
            await self._desk.refuse(upload.id, unfit.code, unfit.sentence)
            log.info("file.refused", upload=upload.id, code=unfit.code)
        else:
            await self._desk.passed(upload.id)
            await self._store.put_original(upload.announced.sha256, path)
            await self._library.keep(upload, found)
            log.info("file.stored", upload=upload.id, size=upload.announced.size)
        await asyncio.to_thread(path.unlink, missing_ok=True)

    async def _found(self, upload: Upload, path: Path) -> Found:
        """Raises `Unfit`; and `Unfinished` when the decoder gave no answer and the file is to be tried again."""
        tries = await self._desk.try_again(upload.id)
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

    async def _sweep_now_and_then(self) -> None:
        if time.monotonic() - self._swept > SWEEP_EVERY:
            await self.sweep()
            self._swept = time.monotonic()

    async def sweep(self) -> None:
        """Forget uploads whose time is over, and delete bytes that no upload needs any more."""
        expired = await self._desk.forget_expired()
        there = await asyncio.to_thread(lambda: [path.name for path in self._folder.iterdir()])
        needed = await self._desk.with_bytes()
        for name in set(there) - needed:
            await asyncio.to_thread((self._folder / name).unlink, missing_ok=True)
        if expired:
            log.info("uploads.expired", count=len(expired))
