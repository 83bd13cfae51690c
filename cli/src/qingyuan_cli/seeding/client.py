"""The public API as a seed uses it: log in, command with a fixed key, upload, ask for the effect."""

import time
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import httpx

from qingyuan_cli.seeding.uploading import PATIENCE_SECONDS, upload

Json = dict[str, Any]


class Refusal(Exception):
    """The system said no to something a seed relies on."""


class Client:
    """One logged-in account. Commands carry fixed keys, so a seed that runs again changes nothing."""

    def __init__(self, base: str) -> None:
        self._http = httpx.Client(base_url=base, headers={"Origin": base}, timeout=30, trust_env=False)

    def log_in(self, account: str, password: str) -> Json:
        """The cookie is marked Secure; on the loopback we pass it on by hand, as a browser does there."""
        answer = self._http.post("/api/session", json={"account": account, "password": password})
        session = self._checked(answer)
        self._http.headers["Cookie"] = answer.headers["set-cookie"].partition(";")[0]
        return session

    def command(self, path: str, body: Json, *, key: str) -> UUID:
        """Carry out a command; the id of the thing it was about."""
        answer = self._checked(
            self._http.post(f"/api{path}", json=body, headers={"Idempotency-Key": f"seed {key}"})
        )
        return UUID(str(answer["stream"]).split("-", 1)[1])

    def post(self, path: str, body: Json) -> Json:
        return self._checked(self._http.post(f"/api{path}", json=body))

    def get(self, path: str, **parameters: str) -> Json:
        return self._checked(self._http.get(f"/api{path}", params=parameters))

    def get_when_there(self, path: str, **parameters: str) -> Json:
        """Ask until it is there: what was just written elsewhere takes a moment to arrive."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            answer = self._http.get(f"/api{path}", params=parameters)
            if answer.status_code != 404 or time.monotonic() > end:
                return self._checked(answer)
            time.sleep(0.1)

    def get_until(self, path: str, wanted: Callable[[Json], bool]) -> Json:
        """Ask until it is as wanted; what it is in the end when the patience is over."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not wanted(found := self.get_when_there(path)) and time.monotonic() < end:
            time.sleep(0.1)
        return found

    def knows(self, path: str) -> bool:
        return self._http.get(f"/api{path}").status_code == 200

    def upload(self, content: bytes, media_type: str, name: str) -> Json:
        """Send a file and wait until the store says that it has it; its `FileRef`."""
        return upload(self._http, content, media_type, name)

    def evidence(self, *, contents: Sequence[str] = (), files: Sequence[Json] = ()) -> str:
        """The word of files for a command that speaks of these; a content is asked for until it is known there."""
        end = time.monotonic() + PATIENCE_SECONDS
        body = {"contents": list(contents), "files": [one["sha256"] for one in files]}
        while True:
            given = self.post("/files/evidence", body)
            if set(given["contents"]) == set(contents) or time.monotonic() > end:
                return str(given["token"])

    def close(self) -> None:
        self._http.close()

    @staticmethod
    def _checked(answer: httpx.Response) -> Json:
        if answer.is_error:
            raise Refusal(
                f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text}"
            )
        found: Json = answer.json() if answer.content else {}
        return found
