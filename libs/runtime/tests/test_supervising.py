"""A role that fails is started again inside its process, without the others, and is reported as degraded."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from qingyuan_runtime.edge.http import Readiness, add_health
from qingyuan_runtime.process import metrics, supervising
from qingyuan_runtime.process.closing import close_at_the_end
from qingyuan_runtime.process.role_health import ROLE_HEALTH, RoleHealth
from qingyuan_runtime.process.running import NotServing, serve
from qingyuan_runtime.process.supervising import Work, run_supervised, run_together
from qingyuan_runtime.process.unavailable import Backoff


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervising, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(supervising, "LONGEST_PAUSE", 0.01)
    monkeypatch.setattr(supervising, "STEADY_SECONDS", 0.05)
    monkeypatch.setattr(ROLE_HEALTH, "_troubles", {})  # what other tests left in this process is not ours


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not true():
            await asyncio.sleep(0.005)


@asynccontextmanager
async def running(work: Awaitable[None]) -> AsyncIterator[None]:
    task = asyncio.ensure_future(work)
    try:
        yield
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


class Failing:
    """Fails `times` times in the given way, then works."""

    def __init__(self, error: BaseException | None, times: int) -> None:
        self.error = error
        self.left = times
        self.runs = 0

    async def __call__(self) -> None:
        self.runs += 1
        if self.left:
            self.left -= 1
            if self.error:
                raise self.error
            return
        await asyncio.sleep(3600)


WAYS = [KeyError("ce_streamversion"), OSError(111, "refused"), asyncio.CancelledError(), SystemExit(1), None]


@pytest.mark.parametrize("error", WAYS, ids=lambda error: type(error).__name__)
async def test_whatever_ends_a_role_it_is_started_again_and_well_once_it_is_steady(
    error: BaseException | None,
) -> None:
    work = Failing(error, times=3)
    async with running(run_supervised("auditor", work)):
        await until(lambda: "auditor" in ROLE_HEALTH.troubles)
        assert metrics.role_degraded.labels("auditor")._value.get() == 1
        await until(lambda: work.runs == 4)
        await until(lambda: "auditor" not in ROLE_HEALTH.troubles)
        assert metrics.role_degraded.labels("auditor")._value.get() == 0


async def test_parts_of_a_role_fail_alone() -> None:
    bad, good = Failing(KeyError("x"), times=10**6), Failing(None, times=0)
    async with running(run_supervised("worker", lambda: run_together({"timers": bad, "rows": good}))):
        await until(lambda: bad.runs > 5)
        assert set(ROLE_HEALTH.troubles) == {"worker timers"}
    assert good.runs == 1
    ROLE_HEALTH.recovered("worker timers", of="failing")


async def test_a_new_run_does_not_wait_for_what_the_last_one_waited_for() -> None:
    runs = 0

    async def work() -> None:
        nonlocal runs
        runs += 1
        if runs == 1:
            await Backoff(first=0, longest=0).after(ConnectionRefusedError(111, "refused"))
            raise KeyError("and then a hole")
        await asyncio.sleep(3600)

    async with running(run_supervised("project y", work)):
        await until(lambda: runs == 2)
        await until(lambda: "project y" not in ROLE_HEALTH.troubles)


async def test_cancelling_is_not_taken_for_a_server_that_is_away() -> None:
    """Returning a broken connection to its pool may raise while the task is being cancelled."""

    async def work() -> None:
        backoff = Backoff(first=0, longest=0)
        while True:
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                try:
                    raise TimeoutError("rollback") from None
                except TimeoutError as error:
                    await backoff.after(error)

    async with asyncio.timeout(5), running(run_supervised("project z", work)):
        await asyncio.sleep(0)
    assert "project z" not in ROLE_HEALTH.troubles


async def test_the_reason_repeats_no_content() -> None:
    work = Failing(ValueError("张三 13800000000"), times=10**6)
    async with running(run_supervised("project x", work)):
        await until(lambda: "project x" in ROLE_HEALTH.troubles)
        assert ROLE_HEALTH.troubles["project x"].reason == "ValueError"
    ROLE_HEALTH.recovered("project x", of="failing")


class Pool:
    closed = False

    async def close(self) -> None:
        self.closed = True


async def test_what_a_role_opened_is_closed_before_it_starts_again() -> None:
    made: list[Pool] = []

    async def work() -> None:
        made.append(close_at_the_end(Pool()))
        if len(made) < 3:
            raise ConnectionResetError

    async with running(run_supervised("api", work)):
        await until(lambda: len(made) > 3)
        assert all(pool.closed for pool in made[:2])
    ROLE_HEALTH.recovered("api", of="failing")


def an_app(lifespan: object = None) -> FastAPI:
    return FastAPI(lifespan=lifespan)  # type: ignore[arg-type]


async def test_a_taken_port_is_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        work: Work = lambda: serve(an_app(), host="127.0.0.1", port=port)  # noqa: E731
        task = asyncio.create_task(run_supervised("api", work))
        await until(lambda: "api" in ROLE_HEALTH.troubles)
        assert "in use" in ROLE_HEALTH.troubles["api"].reason
    async with httpx.AsyncClient(trust_env=False) as http:
        await until(lambda: "api" not in ROLE_HEALTH.troubles)
        assert (await http.get(f"http://127.0.0.1:{port}/")).status_code == 404
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_an_application_that_does_not_start_ends_no_process() -> None:
    @asynccontextmanager
    async def refusing(_app: FastAPI) -> AsyncIterator[None]:
        raise KeyError("a mistake")
        yield

    with pytest.raises(NotServing):
        await serve(an_app(refusing), host="127.0.0.1", port=0)


async def test_ready_stays_ready_while_a_server_is_away_and_says_so() -> None:
    error: Exception | None = ConnectionRefusedError(111, "refused")

    async def ready() -> None:
        if error:
            raise error

    readiness = Readiness(ready)
    assert (await readiness.check()).startswith("not ready")
    error = None
    assert await readiness.check() == "ok"
    error = asyncpg.CannotConnectNowError("starting up")
    assert (await readiness.check()).startswith("degraded: api: CannotConnectNowError: starting up")
    error = RuntimeError("database is at 0001")
    assert await readiness.check() == "not ready: database is at 0001"
    error = None
    assert await readiness.check() == "ok"


async def test_degraded_is_answered_with_200() -> None:
    async def ready() -> None:
        return None

    app = an_app()
    add_health(app, ready)
    ROLE_HEALTH.degraded("relay", "Unreachable: no broker")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as http:
        found = await http.get("/readyz")
    ROLE_HEALTH.recovered("relay")
    assert found.status_code == 200
    assert found.text.startswith("degraded: relay: Unreachable: no broker (since 2")


def test_a_role_is_well_when_none_of_its_troubles_is_left() -> None:
    health = RoleHealth()
    health.degraded("relay", "refused")
    health.degraded("relay", "KeyError", of="failing")
    health.recovered("relay")
    assert health.troubles["relay"].reason == "KeyError"
    health.recovered("relay", of="failing")
    assert str(health) == "ok"
