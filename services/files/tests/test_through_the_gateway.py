"""The whole way in the running system: a technician uploads through the gateway, others ask for the file."""

from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest
from people import client
from qingyuan_local.testing import Stack
from uploading import CHUNK, TUS, metadata, photo, sha256

pytestmark = pytest.mark.servers
PIECE = 200_000


@pytest.fixture(scope="module")
def technician(running_stack: Stack) -> Iterator[httpx.Client]:
    with closing(client(running_stack, "operator")) as http:
        yield http


@pytest.fixture(scope="module")
def stored(technician: httpx.Client) -> bytes:
    """A photograph that went through the gateway in pieces."""
    content = photo(width=1200, height=900)
    headers = TUS | {"Upload-Length": str(len(content)), "Upload-Metadata": metadata(content)}
    answer = technician.post("/api/files/uploads", headers=headers)
    assert answer.status_code == 201, answer.text
    path = answer.headers["location"]
    assert path.startswith("/api/files/uploads/")
    for offset in range(0, len(content), PIECE):
        headers = TUS | CHUNK | {"Upload-Offset": str(offset)}
        piece = technician.patch(path, headers=headers, content=content[offset : offset + PIECE])
        assert piece.status_code == 204, piece.text
        shown = technician.head(path, headers=TUS)
        assert shown.headers["upload-offset"] == piece.headers["upload-offset"]
    while (state := technician.get(path).json())["state"] == "checking":
        continue
    assert (state["state"], state["file"]["sha256"]) == ("stored", sha256(content))
    return content


def test_its_uploader_downloads_it_with_all_protective_headers(
    technician: httpx.Client, stored: bytes
) -> None:
    answer = technician.get(f"/api/files/{sha256(stored)}")
    assert (answer.status_code, answer.content) == (200, stored)
    assert answer.headers["content-length"] == str(len(stored))
    assert answer.headers["cache-control"] == "private, no-cache, must-revalidate"
    tag = {"If-None-Match": answer.headers["etag"]}
    assert technician.get(f"/api/files/{sha256(stored)}", headers=tag).status_code == 304
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    thumb = technician.get(f"/api/files/{sha256(stored)}/shown", params={"size": "thumb"})
    assert (thumb.status_code, thumb.headers["content-type"]) == (200, "image/jpeg")


@pytest.mark.parametrize(
    "person",
    [
        "enterprise",
        "another enterprise",
        "regulator of the district",
        "regulator of the city",
        "administrator",
    ],
)
def test_nobody_else_learns_that_it_exists(running_stack: Stack, stored: bytes, person: str) -> None:
    with closing(client(running_stack, person)) as http:
        for path in (f"/api/files/{sha256(stored)}", f"/api/files/{sha256(stored)}/shown"):
            known, unknown = http.get(path), http.get(path.replace(sha256(stored), sha256(b"nothing")))
            assert known.status_code == unknown.status_code == 404
            assert known.json()["code"] == unknown.json()["code"] == "file.missing"


def test_a_chunk_over_the_gateways_limit_is_refused(technician: httpx.Client) -> None:
    headers = TUS | {"Upload-Length": "2000000", "Upload-Metadata": metadata(b"")}
    path = technician.post("/api/files/uploads", headers=headers).headers["location"]
    headers = TUS | CHUNK | {"Upload-Offset": "0"}
    answer = technician.patch(path, headers=headers, content=b"x" * (1024 * 1024 + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "body.too-large")
    assert technician.patch(path, headers=headers, content=b"x" * 1024 * 1024).status_code == 204
    assert technician.delete(path, headers=TUS).status_code == 204


def test_another_site_cannot_upload(technician: httpx.Client) -> None:
    headers = TUS | {"Upload-Length": "10", "Upload-Metadata": metadata(b""), "Origin": "http://evil.example"}
    assert technician.post("/api/files/uploads", headers=headers).status_code == 403


def test_regulators_administrators_and_clients_without_a_session_cannot_upload(running_stack: Stack) -> None:
    headers = TUS | {"Upload-Length": "10", "Upload-Metadata": metadata(b"")}
    for person, status in (("regulator of the district", 403), ("administrator", 403), ("stranger", 401)):
        with closing(client(running_stack, person)) as http:
            assert http.post("/api/files/uploads", headers=headers).status_code == status
