"""Uploads over HTTP by the tus protocol, against a real process: chunks, interruptions, strangers, malformed requests."""

import random
from pathlib import Path

import pytest
from qingyuan_local.testing import DatabaseServer
from tusclient.client import TusClient
from uploading import (
    CHUNK,
    COLLEAGUE,
    DISTRICT,
    EVERYBODY,
    OFFICE,
    OTHER_OPERATOR,
    OWNER,
    TECHNICIAN,
    TUS,
    Person,
    Service,
    new_folder,
    photo,
    sha256,
)  # fmt: skip

pytestmark = pytest.mark.servers


def test_a_photo_in_one_piece_is_stored_and_read_by_its_uploader(technician: Person) -> None:
    content = photo()
    state = technician.upload(content)
    file = {"sha256": sha256(content), "size": len(content), "media_type": "image/jpeg", "name": "现场 1.jpg"}
    assert state == {"state": "stored", "offset": len(content), "file": file}
    answer = technician.get(f"/{sha256(content)}")
    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E7%8E%B0")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["cache-control"] == "private, no-cache, must-revalidate"


def test_if_none_match_is_answered_304_only_to_those_who_may_read(
    service: Service, technician: Person
) -> None:
    """The content of a hash never changes, but who may read it does."""
    content = photo()
    technician.upload(content)
    for path in (f"/{sha256(content)}", f"/{sha256(content)}/shown", f"/{sha256(content)}/shown?size=thumb"):
        tag = technician.get(path).headers["etag"]
        again = technician.ask("GET", path, headers={"If-None-Match": tag})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert again.headers["cache-control"] == "private, no-cache, must-revalidate"
        assert technician.ask("GET", path, headers={"If-None-Match": '"other"'}).status_code == 200
        stranger = service.as_(OTHER_OPERATOR).ask("GET", path, headers={"If-None-Match": tag})
        assert stranger.status_code == 404


def test_what_is_not_complete_is_never_called_stored_and_cannot_be_read(technician: Person) -> None:
    content = photo()
    path = technician.begin(content)
    assert technician.send(path, content[:-1]).status_code == 204
    assert technician.get(path).json() == {"state": "receiving", "offset": len(content) - 1}
    assert technician.get(f"/{sha256(content)}").status_code == 404


def test_an_interrupted_tus_client_resumes_at_the_confirmed_offset(
    service: Service, technician: Person, tmp_path: Path
) -> None:
    content = photo(width=1200, height=900)
    source = tmp_path / "photo.jpg"
    source.write_bytes(content)
    client = TusClient(f"{service.base}/uploads", headers=technician.token())
    said = {"filename": "photo.jpg", "filetype": "image/jpeg", "sha256": sha256(content)}
    first = client.uploader(str(source), chunk_size=100_000, metadata=said)
    url = service.base + technician.begin(content)
    first.set_url(url)
    first.upload(stop_at=300_000)
    again = client.uploader(str(source), chunk_size=100_000, metadata=said, url=url)
    assert again.offset == first.offset >= 300_000
    again.upload()
    path = url.removeprefix(service.base)
    assert technician.settled(path)["state"] == "stored"
    assert technician.get(f"/{sha256(content)}").content == content


def test_the_location_of_a_new_upload_is_its_path_at_the_gateway(
    service: Service, technician: Person, tmp_path: Path
) -> None:
    (tmp_path / "x.jpg").write_bytes(photo())
    client = TusClient(f"{service.base}/uploads", headers=technician.token())
    said = {"filename": "x.jpg", "filetype": "image/jpeg", "sha256": sha256(b"")}
    url = client.uploader(str(tmp_path / "x.jpg"), metadata=said).create_url()
    assert url.startswith(f"{service.base}/api/files/uploads/")


def test_chunks_of_any_length_make_the_same_file(technician: Person) -> None:
    content, dice = photo(), random.Random(7)
    path, offset = technician.begin(content), 0
    while offset < len(content):
        piece = content[offset : offset + dice.choice((1, 4_096, 70_000))]
        assert technician.send(path, piece, offset).status_code == 204
        offset += len(piece)
        assert technician.offset(path) == offset
    assert technician.settled(path)["state"] == "stored"
    assert technician.get(f"/{sha256(content)}").content == content


def test_a_chunk_at_a_wrong_offset_is_refused_and_changes_nothing(technician: Person) -> None:
    content = photo()
    path = technician.begin(content)
    technician.send(path, content[:1000])
    for offset in (0, 999, 1001):
        answer = technician.send(path, content[offset : offset + 10], offset)
        assert (answer.status_code, answer.json()["code"]) == (409, "upload.offset")
    assert technician.offset(path) == 1000
    technician.send(path, content[1000:], 1000)
    assert technician.settled(path)["state"] == "stored"


def test_more_than_was_announced_is_refused_and_leaves_no_trace_in_the_file(technician: Person) -> None:
    """The library may have buffered part of the refused body; those bytes must not be written with the next chunk."""
    content = photo(width=1000, height=800)
    path = technician.begin(content)
    assert technician.send(path, content + b"more").status_code == 400
    offset = technician.offset(path)
    technician.send(path, content[offset:], offset)
    assert technician.settled(path)["state"] == "stored"


def test_what_cannot_be_written_is_not_counted_as_arrived(service: Service, technician: Person) -> None:
    content = photo()
    path = technician.begin(content)
    technician.send(path, content[:1000])
    uploads, elsewhere = service.folder / "uploads", service.folder / "elsewhere"
    uploads.rename(elsewhere)
    answer = technician.send(path, content[1000:2000], 1000)
    assert (answer.status_code, answer.json()["code"]) == (503, "upload.busy")
    elsewhere.rename(uploads)
    assert technician.offset(path) == 1000
    technician.send(path, content[1000:], 1000)
    assert technician.settled(path)["state"] == "stored"


def test_the_last_chunk_sent_twice_is_harmless(technician: Person) -> None:
    content = photo()
    path = technician.begin(content)
    technician.send(path, content)
    assert technician.send(path, b"", len(content)).status_code == 204
    assert technician.send(path, b"x", len(content)).status_code == 400
    assert technician.settled(path)["state"] == "stored"
    assert technician.offset(path) == len(content)


def test_the_same_content_again_is_the_same_file(technician: Person) -> None:
    content = photo()
    assert technician.upload(content) == technician.upload(content)


def test_an_upload_belongs_to_its_account_alone(service: Service, technician: Person) -> None:
    content = photo()
    path = technician.begin(content)
    technician.send(path, content[:1000])
    for actor in (COLLEAGUE, OTHER_OPERATOR, OWNER):
        other = service.as_(actor)
        for method, headers in (
            ("GET", {}),
            ("HEAD", TUS),
            ("DELETE", TUS),
            ("PATCH", TUS | CHUNK | {"Upload-Offset": "1000"}),
        ):
            body = content[1000:] if method == "PATCH" else None
            assert other.ask(method, path, headers=headers, content=body).status_code == 404, method
    assert technician.offset(path) == 1000


def test_only_operators_and_enterprises_may_upload(service: Service) -> None:
    for actor in EVERYBODY:
        status = service.as_(actor).announce(photo()).status_code
        assert status == (201 if actor.kind in ("operator", "enterprise") else 403)


def test_a_cancelled_upload_is_deleted_with_its_bytes(service: Service, technician: Person) -> None:
    content = photo()
    path = technician.begin(content)
    technician.send(path, content[:1000])
    on_disk = service.folder / path.strip("/")
    assert on_disk.exists()
    assert technician.ask("DELETE", path, headers=TUS).status_code == 204
    assert not on_disk.exists()
    assert technician.ask("HEAD", path, headers=TUS).status_code == 404


def test_a_finished_upload_cannot_be_cancelled(technician: Person) -> None:
    """Its row counts for the daily quota. Otherwise a client could delete the row after each file and never reach the quota."""
    content = photo()
    path = technician.begin(content)
    technician.send(path, content)
    assert technician.settled(path)["state"] == "stored"
    technician.ask("DELETE", path, headers=TUS)
    assert technician.settled(path)["state"] == "stored"


def test_an_unreferenced_file_is_readable_only_by_its_uploaders_organisation(service: Service) -> None:
    content = photo()
    service.as_(TECHNICIAN).upload(content)
    for actor in EVERYBODY:
        seen = service.as_(actor).get(f"/{sha256(content)}").status_code
        assert seen == (200 if actor in (TECHNICIAN, COLLEAGUE) else 404), actor


def test_a_stranger_who_uploads_the_same_content_learns_nothing(service: Service) -> None:
    """Every step is answered as for content that nobody has stored. Then each organisation has the file under its own name."""
    content = photo()
    service.as_(TECHNICIAN).upload(content)
    stranger = service.as_(OTHER_OPERATOR)
    fresh = photo()
    known, unknown = stranger.announce(content, filename="own.jpg"), stranger.announce(fresh)
    assert known.status_code == unknown.status_code
    assert set(known.headers) == set(unknown.headers)
    state = stranger.upload(content, filename="mine.jpg")
    assert state["file"]["name"] == "mine.jpg"
    assert "mine.jpg" in stranger.get(f"/{sha256(content)}").headers["content-disposition"]
    assert "mine.jpg" not in service.as_(COLLEAGUE).get(f"/{sha256(content)}").headers["content-disposition"]


def test_file_names_and_people_are_not_in_the_log(service: Service, technician: Person) -> None:
    technician.upload(photo(), filename="张三的签名.jpg")
    assert "张三" not in service.log()
    assert "现场" not in service.log()


def test_nobody_reads_without_a_token(service: Service) -> None:
    for path in (f"/{sha256(b'')}", f"/{sha256(b'')}/shown", "/uploads/x"):
        answer = service.as_(OFFICE).ask("GET", path, headers={"Authorization": "Bearer x"})
        assert answer.status_code == 401
    assert service.as_(DISTRICT).get("/not-a-hash").status_code == 422


def test_an_organisation_that_has_used_up_its_daily_quota_is_answered_429(
    scratch: Path, postgres_server: DatabaseServer
) -> None:
    limited = Service(new_folder(scratch), postgres_server.fresh_now("files"), UPLOAD_DAY_FILES_MAX="1")
    limited.start()
    try:
        limited.as_(TECHNICIAN).begin(photo())
        answer = limited.as_(COLLEAGUE).announce(photo())
        assert (answer.status_code, answer.json()["code"]) == (429, "upload.quota")
        assert answer.headers["retry-after"]
        assert answer.json()["title"].endswith("。")
        limited.as_(OTHER_OPERATOR).begin(photo())
    finally:
        limited.kill()
