"""The check worker when a decoder or a server fails, and the daily quota of an organisation."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from counting import until
from files.checking.unfit import Limits
from files.store import FileStore
from files.upload_repository import Announced, Quota, QuotaUsed, Upload, UploadRepository
from files.working import TRIES_MAX, CheckWorker
from qingyuan_runtime.process.role_health import ROLE_HEALTH, acting_as
from referring import Reading
from uploading import OPERATOR, TECHNICIAN, photo, sha256

pytestmark = pytest.mark.servers
PLENTY = Quota(1_000, 10**12)
TOO_LITTLE = Limits(pixels=10**7, pages=10, json_bytes=10**6, xlsx_bytes=10**6, megabytes=8)
ENOUGH = Limits(pixels=10**7, pages=10, json_bytes=10**6, xlsx_bytes=10**6)


class CheckQueue:
    """Uploads of one folder, complete and waiting for their check."""

    def __init__(self, reading: Reading, folder: Path) -> None:
        self.pool = reading.pool
        self.uploads = UploadRepository(reading.pool)
        self.folder = folder

    async def complete(self, content: bytes) -> str:
        upload_id = uuid4().hex
        announced = Announced("x.jpg", "image/jpeg", sha256(content), len(content))
        await self.uploads.begin(
            upload_id, TECHNICIAN.account, OPERATOR, announced, timedelta(days=1), PLENTY
        )
        (self.folder / upload_id).write_bytes(content)
        await self.uploads.advance(upload_id, len(content), {})
        return upload_id

    def worker(self, limits: Limits = ENOUGH) -> CheckWorker:
        return CheckWorker(self.pool, FileStore.open("memory:///"), self.folder, limits)

    async def work(self, limits: Limits = ENOUGH) -> None:
        await self.worker(limits).work()

    async def read(self, upload_id: str) -> Upload:
        found = await self.uploads.read(upload_id)
        assert found
        return found


@pytest.fixture
def queue(reading: Reading, tmp_path: Path) -> CheckQueue:
    return CheckQueue(reading, tmp_path)


async def test_a_file_that_ends_its_decoder_is_refused_after_a_few_tries(
    queue: CheckQueue,
) -> None:
    poison = await queue.complete(photo())
    for _ in range(TRIES_MAX - 1):
        await queue.work(TOO_LITTLE)
        assert (await queue.read(poison)).state == "checking"
    await queue.work(TOO_LITTLE)
    upload = await queue.read(poison)
    assert (upload.state, upload.code) == ("refused", "file.broken")
    assert upload.sentence
    assert upload.sentence.endswith("。")
    assert not (queue.folder / poison).exists()


async def test_checks_that_ended_with_the_whole_process_count_as_tries(queue: CheckQueue) -> None:
    """A try is counted before its check begins."""
    poison = await queue.complete(photo())
    for _ in range(TRIES_MAX):
        await queue.uploads.count_try(poison)
    await queue.work()
    assert (await queue.read(poison)).state == "refused"


async def test_a_refused_file_does_not_delay_the_others(queue: CheckQueue) -> None:
    poison = await queue.complete(b"\xff\xd8\xff\xe0 no photo")
    good = await queue.complete(photo())
    await queue.work()
    assert (await queue.read(poison)).state == "refused"
    assert (await queue.read(good)).state == "stored"


async def test_a_stored_upload_is_not_checked_again(queue: CheckQueue) -> None:
    good = await queue.complete(photo())
    await queue.work()
    assert await queue.uploads.count_try(good) is None


async def test_a_failing_step_degrades_the_role_until_it_succeeds(
    queue: CheckQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError("the store does not answer")

    held = await queue.complete(photo())
    worker = queue.worker()
    with acting_as("files checks"), monkeypatch.context() as broken:
        broken.setattr(FileStore, "put_original", fail)
        for _ in range(2):
            await worker.work()
            assert ROLE_HEALTH.troubles["files checks"].reason == "RuntimeError"
        assert (await queue.read(held)).state == "checking"
    with acting_as("files checks"):
        await worker.work()
    assert "files checks" not in ROLE_HEALTH.troubles
    assert (await queue.read(held)).state == "stored"


async def test_an_unavailable_database_degrades_the_role_and_is_waited_for(
    queue: CheckQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    back, good, worker = asyncio.Event(), await queue.complete(photo()), queue.worker()
    waiting = UploadRepository.waiting

    async def waiting_or_unavailable(uploads: UploadRepository) -> Sequence[Upload]:
        if not back.is_set():
            raise ConnectionRefusedError("no database")
        return await waiting(uploads)

    async def is_degraded() -> bool:
        return "no database" in str(ROLE_HEALTH.troubles.get("files checks"))

    async def is_recovered() -> bool:
        return "files checks" not in ROLE_HEALTH.troubles and (await queue.read(good)).state == "stored"

    monkeypatch.setattr(UploadRepository, "waiting", waiting_or_unavailable)
    with acting_as("files checks"):
        running = asyncio.create_task(worker.run())
    await until(is_degraded)
    back.set()
    await until(is_recovered)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.mark.parametrize("quota", [Quota(2, 10**9), Quota(10, 250)])
async def test_an_organisation_cannot_exceed_its_quota_within_24_hours(
    queue: CheckQueue, quota: Quota
) -> None:
    async def announce(organisation: UUID = OPERATOR) -> None:
        said, account = Announced("x.jpg", "image/jpeg", "a" * 64, 100), uuid4()
        await queue.uploads.begin(uuid4().hex, account, organisation, said, timedelta(days=1), quota)

    await announce()
    await announce()
    with pytest.raises(QuotaUsed):
        await announce()
    await announce(UUID(int=99))
    await queue.pool.execute("update upload set created = now() - interval '25 hours'")
    await announce()
