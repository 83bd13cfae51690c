"""A person's browser or phone under load: the same command again, under the same key, until somebody answers."""

import asyncio
import time
import uuid
from dataclasses import dataclass
from typing import Any

import aiohttp
import httpx
from qingyuan_cli.seeding.uploading import NotUploaded, upload
from qingyuan_local.testing import Stack

from chaos.acknowledged import Acknowledged, Record

Json = dict[str, Any]
PATIENCE_SECONDS = 120.0
PAUSE_SECONDS = 0.25
GIVES_UP_AFTER = aiohttp.ClientTimeout(total=40)


class NobodyAnswers(Exception):
    """For `PATIENCE_SECONDS` nobody said yes or no."""


@dataclass
class Person:
    kind: str
    account: uuid.UUID
    http: aiohttp.ClientSession
    files: httpx.Client
    record: Record
    credentials: Json

    @classmethod
    async def log_in(cls, stack: Stack, kind: str, account: str, record: Record) -> "Person":
        http = aiohttp.ClientSession(stack.url, headers={"Origin": stack.url}, timeout=GIVES_UP_AFTER)
        files = httpx.Client(base_url=stack.url, headers={"Origin": stack.url}, timeout=30, trust_env=False)
        credentials = {"account": account, "password": stack.password}
        person = cls(kind, uuid.UUID(int=0), http, files, record, credentials)
        assert await person._begin_session()
        return person

    async def _begin_session(self) -> bool:
        """Whether a session could be begun now."""
        async with self.http.post("/api/session", json=self.credentials) as answer:
            if answer.status != 200:
                return False
            cookie = answer.headers["Set-Cookie"].partition(";")[0]
            self.account = uuid.UUID((await answer.json())["account"]["id"])
        self.http.headers["Cookie"] = self.files.headers["Cookie"] = cookie
        return True

    async def command(self, path: str, body: Json, **headers: str) -> Json:
        """One intent. It is answered once, however often it had to be asked."""
        key = str(uuid.uuid4())
        given = await self.ask("POST", path, json=body, headers={"Idempotency-Key": key} | headers)
        command_id = uuid.uuid5(self.account, key)
        service = path.split("/")[1]
        said = Acknowledged(service, command_id, given["stream"], given["version"], time.monotonic())
        self.record.yes(self.kind, said)
        return given

    async def ask(self, method: str, path: str, *, absent: Json | None = None, **more: Any) -> Json:
        """The answer, as soon as somebody gives one. `absent`: what a 404 means, where it may be one."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            answer = await self._once(method, path, absent, **more)
            if answer is not None:
                return answer
            if time.monotonic() > end:
                raise NobodyAnswers(f"{method} {path}")
            await asyncio.sleep(PAUSE_SECONDS)

    async def _once(self, method: str, path: str, absent: Json | None, **more: Any) -> Json | None:
        try:
            async with self.http.request(method, f"/api{path}", **more) as answer:
                text = await answer.text()
                if answer.status < 300:
                    found: Json = await answer.json() if text else {}
                    return found
                if answer.status == 404 and absent is not None:
                    return absent
                if await self._logged_in_again(answer.status):
                    return None
                self.record.no(answer.status, answer.headers.get("Retry-After"), f"{method} {path} {text}")
        except (aiohttp.ClientError, TimeoutError):
            self.record.cut_off()
        return None

    async def _logged_in_again(self, status: int | None) -> bool:
        """Whether this answer meant that the session is over, where sessions may be; then another was asked for."""
        if status != 401 or not self.record.sessions_may_end:
            return False
        self.record.heard["logged in again"] += await self._begin_session()
        return True

    async def upload(self, content: bytes, media_type: str) -> Json:
        """The `FileRef` of a file that the store has acknowledged."""
        while True:
            try:
                stored = await asyncio.to_thread(
                    upload, self.files, content, media_type, "file", patience=PATIENCE_SECONDS
                )
            except NotUploaded as error:
                if not await self._logged_in_again(error.status):
                    raise NobodyAnswers(str(error)) from error
            else:
                self.record.files.append(stored["sha256"])
                return stored

    async def close(self) -> None:
        await self.http.close()
        self.files.close()
