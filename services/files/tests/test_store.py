"""The same tests for every kind of store: a local folder, memory, and S3 as SeaweedFS serves it."""

import asyncio
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from files.store import FileStore, Stored
from qingyuan_local.children import free_port

KEY, SECRET, BUCKET = "qingyuan-test", "not-a-secret", "qingyuan"


class S3Server:
    """SeaweedFS from its wheel: master, volume, filer and S3 in one process."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.port = free_port()
        identity = {
            "name": "test",
            "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
            "actions": ["Admin", "Read", "Write", "List"],
        }
        (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
        self.filer = free_port()
        ports = [
            f"-{name}.port{grpc}={free_port()}" for name in ("master", "volume") for grpc in ("", ".grpc")
        ]
        self._log = (folder / "log").open("wb")
        self.process = subprocess.Popen(
            [
                str(Path(sys.executable).parent / "weed"), "server", f"-dir={folder}", "-ip=127.0.0.1",
                "-s3", f"-s3.port={self.port}", f"-s3.port.grpc={free_port()}", f"-s3.config={folder / 's3.json'}",
                "-s3.port.iceberg=0", "-s3.port.lance=0", "-volume.max=5", "-master.volumeSizeLimitMB=64", f"-filer.port={self.filer}", f"-filer.port.grpc={free_port()}", *ports,
            ],
            stdout=self._log, stderr=self._log,
        )  # fmt: skip

    def ready(self) -> None:
        """Wait until it responds, and create an empty bucket."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                httpx.get(f"http://127.0.0.1:{self.port}/", trust_env=False)
                made = httpx.post(f"http://127.0.0.1:{self.filer}/buckets/{BUCKET}/", trust_env=False)
                if made.status_code == 201:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError("SeaweedFS does not answer")

    def stop(self) -> None:
        """Kill it, since a regular shutdown waits for clients that keep their connections open."""
        self.process.kill()
        self.process.wait()
        self._log.close()

    def config(self) -> dict[str, object]:
        """The settings that `AWS_…` variables contain in production."""
        return {
            "endpoint": f"http://127.0.0.1:{self.port}",
            "access_key_id": KEY,
            "secret_access_key": SECRET,
            "region": "us-east-1",
            "client_options": {"allow_http": True},
        }


@pytest.fixture(scope="module")
def s3(scratch: Path) -> Iterator[S3Server]:
    server = S3Server(scratch / f"s3-{uuid4().hex[:6]}")
    try:
        server.ready()
        yield server
    finally:
        server.stop()


@pytest.fixture(params=["folder", "memory", pytest.param("s3", marks=pytest.mark.servers)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    match request.param:
        case "folder":
            return FileStore.open((tmp_path / "a folder" / "store").as_uri())
        case "memory":
            return FileStore.open("memory:///")
        case _:
            return FileStore.open(f"s3://{BUCKET}", **request.getfixturevalue("s3").config())


class Original:
    """Random content in a file that is named by its hash."""

    def __init__(self, folder: Path, size: int = 100_000) -> None:
        self.content = os.urandom(size)
        self.sha256 = hashlib.sha256(self.content).hexdigest()
        self.path = folder / self.sha256
        self.path.write_bytes(self.content)


async def whole(stored: Stored | None) -> bytes | None:
    return await stored.whole() if stored else None


async def test_an_original_is_read_back_with_its_size(store: FileStore, tmp_path: Path) -> None:
    for size in (1, 100_000, 7_000_000):
        original = Original(tmp_path, size)
        await store.put_original(original.sha256, original.path)
        found = await store.original(original.sha256)
        assert found
        assert found.size == size
        assert await found.whole() == original.content


async def test_an_unknown_hash_has_neither_original_nor_copy(store: FileStore) -> None:
    nothing = hashlib.sha256(os.urandom(8)).hexdigest()
    assert await store.original(nothing) is None
    assert await store.copy(nothing, "page") is None


async def test_storing_the_same_original_again_changes_nothing(store: FileStore, tmp_path: Path) -> None:
    original = Original(tmp_path)
    await asyncio.gather(*(store.put_original(original.sha256, original.path) for _ in range(5)))
    assert await whole(await store.original(original.sha256)) == original.content


async def test_a_complete_original_is_never_overwritten(store: FileStore, tmp_path: Path) -> None:
    """Not even by other content of the same size under the same hash."""
    original, other = Original(tmp_path), Original(tmp_path)
    await store.put_original(original.sha256, original.path)
    await store.put_original(original.sha256, other.path)
    assert await whole(await store.original(original.sha256)) == original.content


async def test_an_incomplete_object_is_written_again(store: FileStore, tmp_path: Path) -> None:
    original = Original(tmp_path)
    incomplete = tmp_path / "incomplete"
    incomplete.write_bytes(original.content[:10])
    await store.put_original(original.sha256, incomplete)
    await store.put_original(original.sha256, original.path)
    assert await whole(await store.original(original.sha256)) == original.content


async def test_a_copy_can_be_replaced_and_does_not_change_the_original(
    store: FileStore, tmp_path: Path
) -> None:
    original = Original(tmp_path)
    await store.put_original(original.sha256, original.path)
    for content in (b"first", b"second"):
        await store.put_copy(original.sha256, "thumb", content)
        assert await whole(await store.copy(original.sha256, "thumb")) == content
    assert await store.copy(original.sha256, "page") is None
    assert await whole(await store.original(original.sha256)) == original.content


async def test_an_original_is_read_by_several_at_once(store: FileStore, tmp_path: Path) -> None:
    original = Original(tmp_path, 2_000_000)
    await store.put_original(original.sha256, original.path)
    found = await asyncio.gather(*(store.original(original.sha256) for _ in range(8)))
    contents = await asyncio.gather(*(whole(chunks) for chunks in found))
    assert set(contents) == {original.content}
