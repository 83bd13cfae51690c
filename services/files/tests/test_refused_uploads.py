"""What the tus edge refuses before a byte is kept: malformed announcements, extensions and versions it does not have."""

import pytest
from uploading import (
    CHUNK,
    TUS,
    Person,
    metadata,
    photo,
)  # fmt: skip

pytestmark = pytest.mark.servers


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"sha256": "abc"}, ["sha256"]),
        ({"sha256": "A" * 64}, ["sha256"]),
        ({"filename": ""}, ["filename"]),
        ({"filename": "C:\\\\fotos\\\\.."}, ["filename"]),
        ({"filename": "x" * 201}, ["filename"]),
    ],
)
def test_an_announcement_names_every_field_that_is_wrong(
    technician: Person, changed: dict[str, str], fields: list[str]
) -> None:
    answer = technician.announce(photo(), **changed)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == fields


def test_an_empty_announcement_is_refused_with_every_missing_field(technician: Person) -> None:
    answer = technician.ask("POST", "/uploads", headers=TUS | {"Upload-Length": "0"})
    fields = {error["field"] for error in answer.json()["errors"]}
    assert (answer.status_code, fields) == (422, {"filename", "filetype", "sha256", "Upload-Length"})


def test_what_is_too_large_is_refused_before_it_is_sent(technician: Person) -> None:
    headers = TUS | {"Upload-Length": "4000001", "Upload-Metadata": metadata(b"")}
    answer = technician.ask("POST", "/uploads", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "file.too-large")


@pytest.mark.parametrize(
    "more",
    [
        {"Upload-Defer-Length": "1"},
        {"Upload-Concat": "partial"},
        {"Upload-Concat": "final;/uploads/x /uploads/y"},
    ],
)
def test_unsupported_tus_extensions_are_refused(technician: Person, more: dict[str, str]) -> None:
    headers = TUS | {"Upload-Length": "10", "Upload-Metadata": metadata(b"")} | more
    answer = technician.ask("POST", "/uploads", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "upload.extension")


def test_a_method_override_is_refused(technician: Person) -> None:
    """The gateway decides who may by the method of the request."""
    path = technician.begin(photo())
    headers = TUS | {"X-HTTP-Method-Override": "DELETE"}
    assert technician.ask("POST", path, headers=headers).status_code == 400
    assert technician.offset(path) == 0


def test_content_cannot_come_with_the_announcement(technician: Person) -> None:
    """The library would append it without looking at the length that was announced."""
    headers = TUS | CHUNK | {"Upload-Length": "3", "Upload-Metadata": metadata(b"")}
    answer = technician.ask("POST", "/uploads", headers=headers, content=b"much more than three")
    assert (answer.status_code, answer.json()["code"]) == (400, "upload.extension")


def test_options_names_the_supported_extensions_and_the_largest_size(technician: Person) -> None:
    headers = technician.ask("OPTIONS", "/uploads").headers
    assert headers["tus-extension"] == "creation,expiration,termination"
    assert headers["tus-max-size"] == "4000000"


@pytest.mark.parametrize("path", ["/uploads/..%2F..%2Fetc%2Fpasswd", "/uploads/nothing", "/uploads/%00"])
def test_an_id_that_no_upload_has_is_answered_404(technician: Person, path: str) -> None:
    assert technician.ask("HEAD", path, headers=TUS).status_code == 404
    assert technician.send(path, b"x").status_code == 404


def test_another_version_of_the_protocol_is_refused(technician: Person) -> None:
    answer = technician.ask("POST", "/uploads", headers={"Tus-Resumable": "0.2.2", "Upload-Length": "1"})
    assert (answer.status_code, answer.json()["code"]) == (412, "upload.version")
