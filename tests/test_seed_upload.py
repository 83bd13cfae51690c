"""The tus client of the seeds: in pieces, once more, and what it says when a file is not taken."""

from contextlib import closing

import httpx
import pytest
from people import client
from qingyuan_cli.seeding import uploading
from qingyuan_cli.seeding.uploading import NotUploaded, upload
from qingyuan_local.testing import Stack
from visiting import picture_of

pytestmark = pytest.mark.servers


@pytest.fixture
def technician(running_stack: Stack) -> httpx.Client:
    return client(running_stack, "technician")


def test_a_file_larger_than_a_piece_arrives_whole(
    technician: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploading, "CHUNK", 10_000)
    content = picture_of("PNG")
    assert len(content) > 3 * uploading.CHUNK
    with closing(technician) as http:
        file = upload(http, content, "image/png", "仪器 1.png")
        assert (file["size"], file["name"]) == (len(content), "仪器 1.png")
        assert http.get(f"/api/files/{file['sha256']}").content == content
        assert upload(http, content, "image/png", "仪器 1.png") == file


def test_what_the_server_does_not_take_is_said_at_once(
    running_stack: Stack, technician: httpx.Client
) -> None:
    with closing(technician) as http, pytest.raises(NotUploaded, match=r"file\.type"):
        upload(http, b"no picture at all", "image/jpeg", "x.jpg")
    with closing(client(running_stack, "administrator")) as http, pytest.raises(NotUploaded, match="403"):
        upload(http, picture_of(), "image/jpeg", "x.jpg")


def test_nobody_who_answers_is_waited_for_no_longer_than_asked() -> None:
    with (
        httpx.Client(base_url="http://127.0.0.1:9", trust_env=False) as nowhere,
        pytest.raises(NotUploaded, match=r"x\.jpg"),
    ):
        upload(nowhere, b"x", "image/jpeg", "x.jpg", patience=0.2)
