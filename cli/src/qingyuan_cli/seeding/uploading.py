"""Uploads files by the tus protocol, resuming from the server's offset until the server has stored them."""

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

from qingyuan_cli.seeding.refusals import Refusal

Json = dict[str, Any]
CHUNK: Final = 1 << 20
"""The most that the gateway accepts in one request."""

PAUSE: Final = 0.05
PATIENCE_SECONDS: Final = 30.0


class NotUploaded(Refusal):
    """The server has refused the file, or did not respond in time. `status` is that of its response, if there was one."""

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
    """Upload a file with the account of `http`. Returns its `FileRef`. Tests use `before_each` to interrupt between steps."""
    end = time.monotonic() + patience
    sha256 = hashlib.sha256(content).hexdigest()
    uploader = _create_upload(
        http, content, {"filename": name, "filetype": media_type, "sha256": sha256}, end
    )
    before_each()
    _send(uploader, 0)
    before_each()
    while (state := _state(http, str(uploader.url), end))["state"] != "stored":
        if state["state"] == "refused" or time.monotonic() > end:
            raise NotUploaded(f"文件 {name} 没有上传成功：{state}。")
        if state["state"] == "receiving":
            _send(uploader, state["offset"])
        time.sleep(PAUSE)
    if state["file"]["sha256"] != sha256:
        raise NotUploaded(f"文件 {name} 没有上传成功：{state}。")
    file: Json = state["file"]
    return file


def _create_upload(http: httpx.Client, content: bytes, metadata: dict[str, str], end: float) -> Uploader:
    """Create the upload on the server, with retries while it does not respond."""
    headers = {name: http.headers[name] for name in ("Origin", "Cookie") if name in http.headers}
    client = TusClient(str(http.base_url.join("/api/files/uploads")), headers=headers)
    uploader = client.uploader(file_stream=BytesIO(content), chunk_size=CHUNK, metadata=metadata)
    while not uploader.url:
        try:
            uploader.set_url(uploader.create_url())
        except TusCommunicationError as error:
            if not _is_temporary(error.status_code) or time.monotonic() > end:
                sentence = f"文件 {metadata['filename']} 没有上传成功：{error} {error.response_content!r}。"
                raise NotUploaded(sentence, error.status_code) from error
            time.sleep(PAUSE)
    return uploader


def _send(uploader: Uploader, offset: int) -> None:
    """Send from `offset` on. After an error the caller reads from the server how much has arrived."""
    uploader.offset = offset
    with suppress(TusCommunicationError):
        uploader.upload()


def _state(http: httpx.Client, url: str, end: float) -> Json:
    """The state of the upload on the server, with retries while it does not respond."""
    while True:
        with suppress(httpx.TransportError):
            response = http.get(url)
            if response.is_success:
                state: Json = response.json()
                return state
            if not _is_temporary(response.status_code):
                raise NotUploaded(
                    f"上传 {url} 被拒绝：{response.text}（{response.status_code}）。", response.status_code
                )
        if time.monotonic() > end:
            raise NotUploaded(f"上传 {url} 没有收到答复。")
        time.sleep(PAUSE)


def _is_temporary(status: int | None) -> bool:
    """No response, or an error of the server."""
    return status is None or status >= 500
