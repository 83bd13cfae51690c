"""The fingerprint of a command. For an upload it depends on the content of the file, not only on its size."""

from typing import Annotated
from uuid import UUID

import httpx
import pytest
from fastapi import Depends, FastAPI, Form, UploadFile
from qingyuan_events import Actor
from qingyuan_runtime.edge.http import command_context, current_actor
from qingyuan_runtime.log.handling import CommandContext

By = Annotated[CommandContext, Depends(command_context)]


def app() -> FastAPI:
    made = FastAPI()
    made.dependency_overrides[current_actor] = lambda: Actor(account=UUID(int=1), kind="administrator")

    @made.post("/upload")
    async def upload(file: UploadFile, to: Annotated[str, Form()], by: By) -> dict[str, str]:
        return {"fingerprint": by.fingerprint, "content": (await file.read()).decode(), "to": to}

    @made.post("/confirm")
    async def confirm(by: By) -> dict[str, str]:
        return {"fingerprint": by.fingerprint}

    return made


async def fingerprint(content: bytes, *, to: str = "a", name: str = "f.xlsx") -> str:
    async with client() as http:
        answer = await http.post("/upload", files={"file": (name, content)}, data={"to": to})
    assert (answer.json()["content"], answer.json()["to"]) == (content.decode(), to)
    said: str = answer.json()["fingerprint"]
    return said


def client() -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app())
    return httpx.AsyncClient(
        transport=transport, base_url="http://service", headers={"Idempotency-Key": "a-key-of-mine"}
    )


async def test_the_same_upload_is_the_same_command_whatever_its_boundary() -> None:
    assert await fingerprint(b"one") == await fingerprint(b"one")


@pytest.mark.parametrize(("content", "to"), [(b"two", "a"), (b"one", "b"), (b"one!", "a")])
async def test_another_file_or_field_is_another_command_even_of_the_same_length(
    content: bytes, to: str
) -> None:
    assert await fingerprint(content, to=to) != await fingerprint(b"one")


async def test_an_empty_form_is_a_command_and_a_malformed_one_is_refused() -> None:
    async with client() as http:
        headers = {"content-type": "multipart/form-data; boundary=x"}
        empty = await http.post("/confirm", content=b"--x--\r\n", headers=headers)
        broken = await http.post("/confirm", content=b"no form", headers=headers)
    assert (empty.status_code, broken.status_code) == (200, 400)


@pytest.mark.parametrize(
    "content_type",
    [
        "application/x-www-form-urlencoded",
        "Application/X-WWW-Form-URLEncoded; charset=utf-8",
        "Multipart/Form-Data; boundary=x",
        "multipart/mixed; boundary=x",
        "text/plain",
        "application/json",
    ],
)
@pytest.mark.parametrize("content", [b"file=1", b"--x--\r\n", b"{}", b""])
async def test_whatever_is_sent_as_an_upload_is_refused_as_one(content_type: str, content: bytes) -> None:
    async with client() as http:
        for path in ("/upload", "/confirm"):
            answer = await http.post(path, content=content, headers={"content-type": content_type})
            assert answer.status_code in ((400, 422) if path == "/upload" else (200, 400)), answer.text


async def test_other_fields_of_a_form_are_another_command() -> None:
    async with client() as http:
        answers = [await http.post("/confirm", data={"to": to}) for to in ("a", "a", "b")]
    first, again, other = (answer.json()["fingerprint"] for answer in answers)
    assert first == again != other
