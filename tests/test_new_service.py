"""docs/new-service.md, followed to the letter: its files, its edits, and then a service that runs on real servers."""

import asyncio
import os
import re
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import asyncpg
import httpx
import pytest
from qingyuan_events import Actor
from qingyuan_local.children import free_port
from qingyuan_local.keys import fresh_log_key, signing_keys, trusted_keys
from qingyuan_local.setup import checkout
from qingyuan_local.state import State
from qingyuan_local.testing import DatabaseServer, KafkaServer
from qingyuan_runtime.tokens.actors import issue
from qingyuan_runtime.tokens.issuers import Signer

pytestmark = pytest.mark.servers

PAGE = checkout() / "docs" / "new-service.md"
PARTS = re.compile(r"^```(\w+) file=(\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
PATIENCE_SECONDS = 60
Found = TypeVar("Found")
TEXT = "明日上午 9 时检修。"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The packages that the page edits, with the page carried out in them."""
    for package in ("libs/events/src", "libs/runtime/src", "services/gateway/src"):
        shutil.copytree(
            checkout() / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    for language, name, text in PARTS.findall(PAGE.read_text()):
        carry_out(language, tmp_path / name, text)
    return tmp_path


def carry_out(language: str, path: Path, text: str) -> None:
    if language == "diff":
        lines = text.splitlines(keepends=True)
        kept = "".join(line[1:] for line in lines if line.startswith(" "))
        made = path.read_text()
        assert made.count(kept) == 1, f"{path.name}: not one place to edit: {kept}"
        path.write_text(made.replace(kept, "".join(line[1:] for line in lines)))
        return
    assert not path.exists(), f"{path} is there already"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def environment(copy: Path, state: State, database: str, kafka: str) -> dict[str, str]:
    sources = [copy / package for package in ("libs/events/src", "libs/runtime/src", "services/notices/src")]
    log_keys = fresh_log_key(state, "notices").parent.parent
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(map(str, sources)),
        "DATABASE_URL": database,
        "MIGRATION_DATABASE_URL": database,
        "KAFKA_BOOTSTRAP": kafka,
        "TRUSTED_KEYS_DIR": str(trusted_keys(state)),
        "LOG_KEYS_DIR": str(log_keys),
        "HTTP_PORT": str(free_port()),
        "TRACE_RATIO": "0",
    }


def make_topic(told: dict[str, str]) -> None:
    """As the local stack makes every topic that the package lists."""
    ask = f"from qingyuan_local.topics import make_topics; import asyncio; asyncio.run(make_topics({told['KAFKA_BOOTSTRAP']!r}, replicas=1))"
    subprocess.run([sys.executable, "-c", ask], env=told, check=True)


def notices(told: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "notices", *arguments]
    done = subprocess.run(command, env=told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def running(told: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-m", "notices", "all"], env=told)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=40)


def soon(look: Callable[[], Found], *, process: subprocess.Popen[bytes]) -> Found:
    """What `look` finds, once it finds something."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        found = look()
        if found:
            return found
        assert process.poll() is None, "the service ended"
        assert time.monotonic() < end, "it never came"
        time.sleep(0.1)


async def posted(database: str) -> list[str]:
    connection = await asyncpg.connect(database, server_settings={"search_path": "posted"})
    try:
        return [row["text"] for row in await connection.fetch("select text from notice")]
    finally:
        await connection.close()


def token(state: State, kind: str) -> str:
    actor = Actor(account=uuid.uuid4(), kind=kind)
    return issue(actor, Signer("gateway", signing_keys(state, "gateway")), now=time.time())


def test_what_the_page_says_makes_a_service(
    copy: Path, tmp_path: Path, postgres_server: DatabaseServer, kafka_server: KafkaServer
) -> None:
    state, database = State.open(tmp_path / "state"), postgres_server.fresh_now("notices")
    told = environment(copy, state, database, kafka_server.bootstrap)
    make_topic(told)
    notices(told, "migrate")

    with running(told) as process, httpx.Client(base_url=f"http://127.0.0.1:{told['HTTP_PORT']}") as http:

        def is_ready() -> bool:
            try:
                return http.get("/readyz").text == "ok"
            except httpx.TransportError:
                return False

        soon(is_ready, process=process)
        headers = {
            "Authorization": f"Bearer {token(state, 'administrator')}",
            "Idempotency-Key": "notice-0001",
        }
        answers = [http.post("/notices", json={"text": TEXT}, headers=headers) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [202, 202]
        assert answers[0].json() == answers[1].json(), "a retry is answered as the first time"
        refused = http.post(
            "/notices",
            json={"text": TEXT},
            headers=headers | {"Authorization": f"Bearer {token(state, 'operator')}"},
        )
        assert refused.status_code == 403
        assert soon(lambda: asyncio.run(posted(database)), process=process) == [TEXT]

    assert '"faults": []' in notices(told, "audit")
    notices(told, "rebuild", "posted")
    assert asyncio.run(posted(database)) == [TEXT]


def test_the_gateway_leads_to_it(copy: Path) -> None:
    sources = [copy / package for package in ("libs/events/src", "libs/runtime/src", "services/gateway/src")]
    told = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, sources))}
    ask = "from gateway.routes import ROUTES; print([route.path for route in ROUTES if route.service == 'notices'])"
    done = subprocess.run([sys.executable, "-c", ask], env=told, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "['/api/notices/notices']", done.stderr
