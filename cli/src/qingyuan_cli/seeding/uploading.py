"""Files by tus, the protocol by its library: sent on from where the server has them until it says that it holds them."""

import hashlib
import time
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from typing import Any, Final

import httpx
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError
from tusclient.uploader.uploader import Uploader

Json = dict[str, Any]
CHUNK: Final = 1 << 20
"""As much as the gateway lets through at once."""

PAUSE: Final = 0.05
PATIENCE_SECONDS: Final = 30.0


class NotUploaded(Exception):
    """The server refused the file, or nobody who can take it answered in time. `status` is what it answered, if it did."""

    def __init__(self, sentence: str, status: int | None = None) -> None:
        super().__init__(sentence)
        self.status = status


def upload(
    http: httpx.Client,
    content: bytes,
    media_type: str,
    name: str,
    *,
    patience: float = PATIENCE_SECONDS,
    before_each: Callable[[], None] = lambda: None,
) -> Json:
    """The `FileRef` of a file that is stored, as the account of `http`. `before_each` step anything may happen."""
    end = time.monotonic() + patience
    sha256 = hashlib.sha256(content).hexdigest()
    uploader = _announced(http, content, {"filename": name, "filetype": media_type, "sha256": sha256}, end)
    before_each()
    _send(uploader, 0)
    before_each()
    while (state := _state(http, str(uploader.url), end))["state"] != "stored":
        if state["state"] == "refused" or time.monotonic() > end:
            raise NotUploaded(f"{name}: {state}")
        if state["state"] == "receiving":
            _send(uploader, state["offset"])
        time.sleep(PAUSE)
    if state["file"]["sha256"] != sha256:
        raise NotUploaded(f"{name}: {state}")
    file: Json = state["file"]
    return file


def _announced(http: httpx.Client, content: bytes, metadata: dict[str, str], end: float) -> Uploader:
    """An uploader whose upload is known to the server."""
    headers = {name: http.headers[name] for name in ("Origin", "Cookie") if name in http.headers}
    client = TusClient(str(http.base_url.join("/api/files/uploads")), headers=headers)
    uploader = client.uploader(file_stream=BytesIO(content), chunk_size=CHUNK, metadata=metadata)
    while not uploader.url:
        try:
            uploader.set_url(uploader.create_url())
        except TusCommunicationError as error:
            if not _may_pass(error.status_code) or time.monotonic() > end:
                sentence = f"{metadata['filename']}: {error} {error.response_content!r}"
                raise NotUploaded(sentence, error.status_code) from error
            time.sleep(PAUSE)
    return uploader


def _send(uploader: Uploader, offset: int) -> None:
    """From `offset` to the end, or as far as it goes: how far that was is asked afterwards."""
    uploader.offset = offset
    with suppress(TusCommunicationError):
        uploader.upload()


def _state(http: httpx.Client, place: str, end: float) -> Json:
    """How the upload stands, by the first who answers."""
    while True:
        with suppress(httpx.TransportError):
            answer = http.get(place)
            if answer.is_success:
                found: Json = answer.json()
                return found
            if not _may_pass(answer.status_code):
                raise NotUploaded(f"{place}: {answer.status_code} {answer.text}", answer.status_code)
        if time.monotonic() > end:
            raise NotUploaded(f"nobody answers {place}")
        time.sleep(PAUSE)


def _may_pass(status: int | None) -> bool:
    """Nobody was there, or nobody who could answer now."""
    return status is None or status >= 500
