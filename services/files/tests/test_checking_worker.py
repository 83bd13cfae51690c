"""The worker of checks where a decoder gives no answer, and how much an organisation may upload within a day."""

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


class Counter:
    """Uploads of one folder, complete and waiting for their check."""

    def __init__(self, reading: Reading, folder: Path) -> None:
        self.pool = reading.pool
        self.uploads = UploadRepository(reading.pool)
        self.folder = folder

    async def complete(self, content: bytes) -> str:
        upload_id = uuid4().hex
        said = Announced("x.jpg", "image/jpeg", sha256(content), len(content))
        await self.uploads.begin(upload_id, TECHNICIAN.account, OPERATOR, said, timedelta(days=1), PLENTY)
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
def counter(reading: Reading, tmp_path: Path) -> Counter:
    return Counter(reading, tmp_path)


async def test_a_file_that_its_decoder_does_not_survive_is_refused_after_a_few_tries(
    counter: Counter,
) -> None:
    poison = await counter.complete(photo())
    for _ in range(TRIES_MAX - 1):
        await counter.work(TOO_LITTLE)
        assert (await counter.read(poison)).state == "checking"
    await counter.work(TOO_LITTLE)
    upload = await counter.read(poison)
    assert (upload.state, upload.code) == ("refused", "file.broken")
    assert upload.sentence
    assert upload.sentence.endswith("。")
    assert not (counter.folder / poison).exists()


async def test_a_file_that_took_the_whole_process_with_it_is_counted_too(counter: Counter) -> None:
    """Nobody was left to say so: the count was written before."""
    poison = await counter.complete(photo())
    for _ in range(TRIES_MAX):
        await counter.uploads.try_again(poison)
    await counter.work()
    assert (await counter.read(poison)).state == "refused"


async def test_it_holds_up_no_other(counter: Counter) -> None:
    poison = await counter.complete(b"\xff\xd8\xff\xe0 no photo")
    good = await counter.complete(photo())
    await counter.work()
    assert (await counter.read(poison)).state == "refused"
    assert (await counter.read(good)).state == "stored"


async def test_what_was_settled_meanwhile_is_left_alone(counter: Counter) -> None:
    good = await counter.complete(photo())
    await counter.work()
    assert await counter.uploads.try_again(good) is None


async def test_a_step_that_fails_again_and_again_is_seen_until_it_succeeds(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise RuntimeError("the store does not answer")

    held = await counter.complete(photo())
    worker = counter.worker()
    with acting_as("files checks"), monkeypatch.context() as broken:
        broken.setattr(FileStore, "put_original", away)
        for _ in range(2):
            await worker.work()
            assert ROLE_HEALTH.troubles["files checks"].reason == "RuntimeError"
        assert (await counter.read(held)).state == "checking"
    with acting_as("files checks"):
        await worker.work()
    assert "files checks" not in ROLE_HEALTH.troubles
    assert (await counter.read(held)).state == "stored"


async def test_a_database_that_is_away_is_waited_for_visibly(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    back, good, worker = asyncio.Event(), await counter.complete(photo()), counter.worker()
    waiting = UploadRepository.waiting

    async def away(uploads: UploadRepository) -> Sequence[Upload]:
        if not back.is_set():
            raise ConnectionRefusedError("no database")
        return await waiting(uploads)

    async def is_seen() -> bool:
        return "no database" in str(ROLE_HEALTH.troubles.get("files checks"))

    async def is_well() -> bool:
        return "files checks" not in ROLE_HEALTH.troubles and (await counter.read(good)).state == "stored"

    monkeypatch.setattr(UploadRepository, "waiting", away)
    with acting_as("files checks"):
        running = asyncio.create_task(worker.run())
    await until(is_seen)
    back.set()
    await until(is_well)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.mark.parametrize("quota", [Quota(2, 10**9), Quota(10, 250)])
async def test_an_organisation_uploads_so_much_within_a_day(counter: Counter, quota: Quota) -> None:
    async def announce(organisation: UUID = OPERATOR) -> None:
        said, account = Announced("x.jpg", "image/jpeg", "a" * 64, 100), uuid4()
        await counter.uploads.begin(uuid4().hex, account, organisation, said, timedelta(days=1), quota)

    await announce()
    await announce()
    with pytest.raises(QuotaUsed):
        await announce()
    await announce(UUID(int=99))
    await counter.pool.execute("update upload set created = now() - interval '25 hours'")
    await announce()
