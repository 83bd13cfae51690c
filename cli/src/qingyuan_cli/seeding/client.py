"""A client of the public API for seeding: log in, send commands with fixed keys, upload files, wait for effects."""

import time
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import httpx

from qingyuan_cli.seeding.refusals import Refusal
from qingyuan_cli.seeding.uploading import PATIENCE_SECONDS, upload

Json = dict[str, Any]


def sent_key(key: str) -> str:
    """The idempotency key that is sent for a key of the seed."""
    return f"seed {key}"


class Client:
    """One logged-in account. Commands have fixed idempotency keys, so seeding again changes nothing."""

    def __init__(self, base: str) -> None:
        self._http = httpx.Client(base_url=base, headers={"Origin": base}, timeout=30, trust_env=False)

    def log_in(self, account: str, password: str) -> Json:
        """Log in. The session cookie is Secure, so httpx does not send it over HTTP; it is sent as a plain header instead."""
        response = self._http.post("/api/session", json={"account": account, "password": password})
        session = self._checked(response)
        self._http.headers["Cookie"] = response.headers["set-cookie"].partition(";")[0]
        return session

    def command(self, path: str, body: Json, *, key: str) -> UUID:
        """Send a command; returns the id of its object."""
        accepted = self._checked(
            self._http.post(f"/api{path}", json=body, headers={"Idempotency-Key": sent_key(key)})
        )
        return UUID(str(accepted["stream"]).split("-", 1)[1])

    def post(self, path: str, body: Json) -> Json:
        return self._checked(self._http.post(f"/api{path}", json=body))

    def get(self, path: str, **parameters: str) -> Json:
        return self._checked(self._http.get(f"/api{path}", params=parameters))

    def get_when_found(self, path: str, **parameters: str) -> Json:
        """Repeat while the response is 404, since read models are updated with a delay."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            response = self._http.get(f"/api{path}", params=parameters)
            if response.status_code != 404 or time.monotonic() > end:
                return self._checked(response)
            time.sleep(0.1)

    def get_until(self, path: str, wanted: Callable[[Json], bool]) -> Json:
        """Repeat until `wanted` accepts the result or the time is over. Returns the last result."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not wanted(result := self.get_when_found(path)) and time.monotonic() < end:
            time.sleep(0.1)
        return result

    def exists(self, path: str) -> bool:
        return self._http.get(f"/api{path}").status_code == 200

    def upload(self, content: bytes, media_type: str, name: str) -> Json:
        """Upload a file and wait until it is stored. Returns its `FileRef`."""
        return upload(self._http, content, media_type, name)

    def evidence(self, *, contents: Sequence[str] = (), files: Sequence[Json] = ()) -> str:
        """The token of the files service for a command with these contents and files; waits until the contents are known."""
        end = time.monotonic() + PATIENCE_SECONDS
        body = {"contents": list(contents), "files": [file["sha256"] for file in files]}
        while True:
            evidence = self.post("/files/evidence", body)
            if set(evidence["contents"]) == set(contents) or time.monotonic() > end:
                return str(evidence["token"])

    def close(self) -> None:
        self._http.close()

    @staticmethod
    def _checked(response: httpx.Response) -> Json:
        if response.is_error:
            raise Refusal.of(response)
        content: Json = response.json() if response.content else {}
        return content
