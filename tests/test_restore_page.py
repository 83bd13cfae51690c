"""The page that a person follows at night, followed: a dump under load, a minute more, and a restore into the cluster.

Views, files, the reaction and the deadlines agree with the log again, and nobody has put a hand into a database.
"""

import os
import re
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from people import client, key
from qingyuan_cli.seeding.uploading import upload
from qingyuan_local.setup import checkout
from qingyuan_local.testing import Stack
from visiting import drawn_strokes, opening_of, patrol_sheet, picture_of

pytestmark = [
    pytest.mark.servers,
    pytest.mark.long,
    pytest.mark.timeout(900),
]

Json = dict[str, Any]
PAGE = checkout() / "docs" / "operations" / "restore.md"
PATIENCE_SECONDS = 60


def commands(title: str) -> list[str]:
    """The commands under one heading of the page, in order."""
    section = re.search(rf"^## {title}.*?\n(.*?)(?=^## |\Z)", PAGE.read_text(), re.M | re.S)
    assert section, title
    found = re.findall(r"^```sh\n(.*?)^```", section[1], re.M | re.S)
    assert found, f"{title} says nothing to do"
    return found


def follow(stack: Stack, folder: Path, *titles: str) -> str:
    """Do what the page says under these headings, in one shell, as a person does; what was shown."""
    script = "\n".join(["set -euo pipefail", *(command for title in titles for command in commands(title))])
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder, env={**stack.environment, "PATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


class Phone:
    """A technician who finishes one visit after the other."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http
        self.bundle = http.get("/api/views/tasks/today").json()["points"][0]
        self.forms = http.get("/api/tasks/forms").json()["forms"]
        self.signature = {
            "image": upload(http, picture_of("PNG"), "image/png", "签名.png"),
            "strokes": upload(http, drawn_strokes(), "application/json", "签名笔迹.json"),
        }
        self.done: list[str] = []

    def visit(self) -> str:
        """A whole visit, asked again until it is answered: the service may be away."""
        visit, now = str(uuid.uuid4()), datetime.now(UTC)
        sheet = patrol_sheet(self.forms, self.bundle, now)
        out = {
            "claimed_at": now.isoformat(), "sheets": [sheet["revision_id"]], "photos": [],
            "signature": self.signature,
        }  # fmt: skip
        parts: dict[str, Json] = {
            "sign-in": {"sign_in": {"claimed_at": now.isoformat()}},
            "sheets": {"sheet": sheet},
            "sign-out": {"sign_out": out},
        }
        for what, part in parts.items():
            body, intent = {"opening": opening_of(self.bundle, now)} | part, key()
            until(lambda b=body, w=what, k=intent: self.post(visit, w, b, k))  # type: ignore[misc]
        self.done.append(visit)
        return visit

    def post(self, visit: str, what: str, body: Json, intent: dict[str, str]) -> bool:
        answer = self.http.post(f"/api/tasks/visits/{visit}/{what}", json=body, headers=intent)
        assert answer.status_code in (202, 503), answer.text
        return answer.status_code == 202


def until(there: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not there():
        assert time.monotonic() < end
        time.sleep(0.1)


@contextmanager
def at_work(phone: Phone) -> Iterator[None]:
    """Visits go on in a thread of their own."""
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            phone.visit()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def state_of(http: httpx.Client, visit: str) -> str | None:
    """The state of the confirmation of a visit, None while it is not known."""
    answer = http.get(f"/api/views/confirmations/{uuid.uuid5(uuid.UUID(visit), 'confirmation')}")
    found: str | None = answer.json()["state"] if answer.is_success else None
    return found


def test_a_person_follows_the_page_and_everything_agrees_with_the_log_again(
    running_stack: Stack, scratch: Path
) -> None:
    folder = scratch / "restoring"
    folder.mkdir()
    with (
        closing(client(running_stack, "technician")) as technician,
        closing(client(running_stack, "enterprise")) as enterprise,
    ):
        phone = Phone(technician)
        kept = phone.visit()
        with at_work(phone):
            follow(running_stack, folder, "连接数据库", "备份")
        lost = phone.visit()
        until(lambda: state_of(enterprise, lost) == "requested")

        follow(running_stack, folder, "连接数据库", "恢复")
        newer = phone.visit()
        until(lambda: state_of(enterprise, lost) == "voided")
        until(lambda: state_of(enterprise, newer) == "requested")
        until(lambda: state_of(enterprise, kept) in ("requested", "opened"))
        until(lambda: enterprise.get(f"/api/views/visits/{lost}").status_code == 404)
        steps = enterprise.get(
            f"/api/views/confirmations/{uuid.uuid5(uuid.UUID(lost), 'confirmation')}"
        ).json()["steps"]
        assert (steps[-1]["what"], "恢复时丢失" in steps[-1]["text"]) == ("voided", True)
        shown = follow(running_stack, folder, "连接数据库", "核对", "善后")
        assert "不一致" not in shown
        assert "无法应用" not in shown
