"""The public API as a seed uses it: log in, command with a fixed key, ask for the effect."""

from typing import Any
from uuid import UUID

import httpx

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
            self._http.post(f"/api/registry{path}", json=body, headers={"Idempotency-Key": f"seed {key}"})
        )
        return UUID(str(answer["stream"]).split("-", 1)[1])

    def view(self, path: str, **parameters: str) -> Json:
        return self._checked(self._http.get(f"/api/views{path}", params=parameters))

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
