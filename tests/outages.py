"""Servers taken away under load and given back, and what the people who go on working meanwhile are answered."""

import os
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
from people import client, key, things_of
from qingyuan_local.state import last_running
from qingyuan_local.testing import Stack
from qingyuan_runtime.edge.fetching import NoResponse, fetch
from qingyuan_runtime.topology import NAMES

PAUSE_SECONDS: Final = 0.3
PATIENCE_SECONDS: Final = 90.0


@dataclass(frozen=True, slots=True)
class Answer:
    at: float
    what: str
    status: int
    code: str
    retry_after: str | None
    seconds: float


@dataclass
class Load:
    """People at work: every one does his things over and over, and a command is sent again until it is taken."""

    stack: Stack
    answers: list[Answer] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    usual: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _end: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.enterprise = client(self.stack, "enterprise")
        self.technician = client(self.stack, "technician")
        self.things = things_of(self.enterprise)
        for do in self._work():
            do()
        self.shows(self.written[-1])
        for answer in self.answers:
            self.usual[answer.what].add(answer.status)

    @contextmanager
    def going_on(self) -> Iterator["Load"]:
        threads = [threading.Thread(target=self._over_and_over, args=(do,)) for do in self._work()]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self._end.set()
            for thread in threads:
                thread.join()

    def unfair(self) -> list[Answer]:
        """Answers that are neither what is usual nor say when to come again."""
        return [
            answer
            for answer in self.answers
            if answer.status not in self.usual[answer.what]
            and (answer.status != 503 or answer.retry_after is None)
        ]

    def _work(self) -> Sequence[Callable[[], object]]:
        evidence: dict[str, list[str]] = {"contents": [], "files": []}
        opening = f"/api/signoff/confirmations/{self.things.confirmation_id}/opening"
        newcomer = client(self.stack, "stranger")
        password = {"account": "demo-city", "password": self.stack.password}
        return (
            self.write,
            lambda: self.ask(self.enterprise, "GET", "/api/views/enterprises"),
            lambda: self.ask(self.technician, "GET", "/api/views/tasks/today"),
            lambda: self.ask(self.enterprise, "GET", "/api/views/confirmations"),
            lambda: self.ask(self.enterprise, "GET", f"/api/registry/enterprises/{self.things.enterprise_id}/contact"),
            lambda: self.ask(self.technician, "POST", "/api/files/evidence", json=evidence),
            lambda: self.ask(self.technician, "GET", "/api/tasks/places", params={"uscc": "91310000MA1FL0AB1C"}),
            lambda: self.ask(self.enterprise, "POST", opening, json={}, headers=key()),
            lambda: self.ask(newcomer, "POST", "/api/session", json=password),
        )  # fmt: skip

    def _over_and_over(self, do: Callable[[], object]) -> None:
        while not self._end.is_set():
            do()
            self._end.wait(PAUSE_SECONDS)

    def ask(self, http: httpx.Client, method: str, path: str, **more: Any) -> httpx.Response | None:
        began = time.monotonic()
        try:
            answer = http.request(method, path, **more)
        except httpx.TransportError as error:
            self._note(Answer(began, f"{method} {path}", 0, repr(error), None, time.monotonic() - began))
            return None
        code = answer.json().get("code", "") if answer.status_code >= 400 and answer.content else ""
        seconds, retry = time.monotonic() - began, answer.headers.get("retry-after")
        self._note(Answer(began, f"{method} {path}", answer.status_code, code, retry, seconds))
        return answer

    def _note(self, answer: Answer) -> None:
        self.answers.append(answer)

    def write(self) -> str:
        """One command, sent again under its key until it is taken; what it wrote."""
        body = {"om_operator": f"运维公司{uuid.uuid4().hex[:8]}", "valid_from": "2026-02-01"}
        path, headers = f"/api/registry/instruments/{self.things.instrument_id}/om-operator", key()
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            answer = self.ask(self.enterprise, "POST", path, json=body, headers=headers)
            if answer is not None and answer.status_code == 202:
                self.written.append(f"{answer.json()['stream']}@{answer.json()['version']}")
                return self.written[-1]
            time.sleep(PAUSE_SECONDS)
        raise AssertionError("no command was taken")

    def newest(self) -> str:
        """All that is written is one stream's."""
        return max(self.written, key=lambda written: int(written.partition("@")[2]))

    def shows(self, written: str) -> bool:
        """Whether the view knows by now what was written."""
        stream = written.partition("@")[0]
        answer = self.ask(
            self.enterprise, "GET", f"/api/views/history/{stream}", headers={"If-Version-At-Least": written}
        )
        return answer is not None and answer.status_code == 200


def ready_of(stack: Stack) -> dict[str, str]:
    """What /readyz of every process of ours answers."""
    running = last_running(stack.folder)
    return {process.name: _ready(process.port or 0) for process in running if process.name.startswith(NAMES)}


def _ready(port: int) -> str:
    try:
        return fetch(f"http://127.0.0.1:{port}/readyz", seconds=5).content.decode()
    except NoResponse as error:
        return repr(error)


def pids(stack: Stack) -> dict[str, int]:
    return {name: pid for name, pid in stack.processes().items() if name.startswith(NAMES)}


def until(true: Callable[[], bool], patience: float = PATIENCE_SECONDS) -> float:
    """How long it took until it was so."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < patience, "it never came to be so"
        time.sleep(0.1)
    return time.monotonic() - began


def seconds_of_outage() -> float:
    return float(os.environ.get("OUTAGE_SECONDS", "6"))
