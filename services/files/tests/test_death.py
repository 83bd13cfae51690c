"""The process is killed at various points: uploads are resumed, checks repeated, and no offset is confirmed too early."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest
from files.store import original
from qingyuan_local.testing import DatabaseServer
from uploading import TECHNICIAN, TUS, Person, Service, new_folder, photo, sha256

pytestmark = [pytest.mark.servers, pytest.mark.long, pytest.mark.timeout(900)]
PIECE = 50_000


@pytest.fixture
def own_service(scratch: Path, postgres_server: DatabaseServer) -> Iterator[Service]:
    service = Service(new_folder(scratch), postgres_server.fresh_now("files"))
    service.start()
    yield service
    service.kill()


def started(service: Service) -> Service:
    service.start()
    return service


def send(person: Person, path: str, content: bytes, *, at_piece: int = -1, then: Callable[[], None]) -> None:
    """Send the rest in pieces from the confirmed offset. Before piece number `at_piece`, call `then`."""
    offset, number = person.offset(path), 0
    while offset < len(content):
        if number == at_piece:
            then()
        answer = person.send(path, content[offset : offset + PIECE], offset)
        assert answer.status_code == 204, answer.text
        offset, number = int(answer.headers["upload-offset"]), number + 1


def test_an_upload_is_resumed_after_each_kill_of_the_process(own_service: Service) -> None:
    """Killed while pieces arrive, a few milliseconds later each time."""
    content = photo(width=1800, height=1400)
    person = own_service.as_(TECHNICIAN)
    path, confirmed = person.begin(content), 0
    for milliseconds in (2, 15):
        timer = threading.Timer(milliseconds / 1000, own_service.process.kill)
        with pytest.raises(httpx.TransportError):
            send(person, path, content, at_piece=3, then=timer.start)
        own_service.process.wait()
        own_service.start()
        offset = person.offset(path)
        assert offset > confirmed
        confirmed = offset
    send(person, path, content, then=lambda: None)
    assert person.settled(path)["state"] == "stored"
    assert person.get(f"/{sha256(content)}").content == content


@pytest.mark.parametrize("seconds", [0.0, 0.1])
def test_a_check_in_a_killed_process_is_repeated_after_its_restart(
    own_service: Service, seconds: float
) -> None:
    """Killed somewhere between the last byte and the answer `stored`; nobody has to send anything again."""
    content = photo(width=1800, height=1400)
    person = own_service.as_(TECHNICIAN)
    path = person.begin(content)
    assert person.send(path, content).status_code == 204
    time.sleep(seconds)
    own_service.kill()
    on_disk = own_service.folder / "store" / original(sha256(content))
    own_service.start()
    assert person.settled(path)["state"] == "stored"
    assert on_disk.read_bytes() == content
    assert person.get(f"/{sha256(content)}").content == content


def test_bytes_that_were_not_confirmed_are_cut_off(own_service: Service) -> None:
    """As if killed after the bytes were written and before the row was: the file is longer than the confirmed offset."""
    content = photo()
    person = own_service.as_(TECHNICIAN)
    path = person.begin(content)
    person.send(path, content[:10_000])
    own_service.kill()
    with (own_service.folder / path.strip("/")).open("ab") as partial:
        partial.write(content[10_000:12_345])
    own_service.start()
    assert person.offset(path) == 10_000
    send(person, path, content, then=lambda: None)
    assert person.settled(path)["state"] == "stored"


async def test_a_file_is_refused_after_three_tries(scratch: Path, postgres_server: DatabaseServer) -> None:
    dsn = await postgres_server.fresh("files")
    service = await asyncio.to_thread(lambda: started(Service(new_folder(scratch), dsn)))
    person, content = service.as_(TECHNICIAN), photo()
    path = person.begin(content)
    connection = await asyncpg.connect(dsn)
    await connection.execute("update upload set tries = 3")
    person.send(path, content)
    state = person.settled(path)
    assert (state["state"], state["code"]) == ("refused", "file.broken")
    await connection.close()
    service.kill()


async def test_the_sweep_deletes_only_expired_uploads_and_files_without_an_upload(
    scratch: Path, postgres_server: DatabaseServer
) -> None:
    dsn = await postgres_server.fresh("files")
    service = await asyncio.to_thread(lambda: started(Service(new_folder(scratch), dsn)))
    person, content = service.as_(TECHNICIAN), photo()
    old, fresh, done = person.begin(content), person.begin(content), person.begin(content)
    for path, piece in ((old, content[:1000]), (fresh, content[:1000]), (done, content)):
        assert person.send(path, piece).status_code == 204
    person.settled(done)
    (service.folder / "uploads" / "nobodys").write_bytes(b"x")
    service.kill()
    connection = await asyncpg.connect(dsn)
    for path in (old, done):
        await connection.execute(
            "update upload set expires = now() - interval '1 second' where upload_id = $1", path[-32:]
        )
    await connection.close()
    await asyncio.to_thread(lambda: started(service))
    end = time.monotonic() + 30
    while {path.name for path in (service.folder / "uploads").iterdir()} != {fresh[-32:]}:
        assert time.monotonic() < end
    assert person.ask("HEAD", old, headers=TUS).status_code == 404
    assert person.ask("HEAD", done, headers=TUS).status_code == 404
    assert person.offset(fresh) == 1000
    assert person.get(f"/{sha256(content)}").status_code == 200
    service.kill()
