"""How a service's process starts: `python -m <service> <role>`, where `all` runs every role as a task."""

import asyncio
import gc
import signal
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

import structlog
import uvicorn
import uvloop
from starlette.applications import Starlette

Role = Callable[[], Awaitable[None]]

log = structlog.get_logger()

KEPT_OPEN_SECONDS = 75
"""An idle connection is the client's to close: whoever closes first may cut off a request that is just being sent."""


def run(roles: Mapping[str, Role], *, chosen: str) -> None:
    """Run one role, or all of them, until SIGTERM or SIGINT. A role that fails ends the process.

    The supervisor starts it again: a half-alive process would be worse than a dead one.
    """
    spare_the_collector()
    names = list(roles) if chosen == "all" else [chosen]
    uvloop.run(_run([roles[name] for name in names]))


async def _run(roles: Sequence[Role]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    tasks: list[asyncio.Future[object]] = [asyncio.ensure_future(role()) for role in roles]
    stopping: asyncio.Future[object] = asyncio.ensure_future(stop.wait())
    done, _ = await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done - {stopping}:
        task.result()


async def together(*work: Coroutine[None, None, None]) -> None:
    """Tasks of one role that live and die together."""
    async with asyncio.TaskGroup() as group:
        for one in work:
            group.create_task(one)


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals belong to `run`, which ends all roles together."""
        yield


async def serve(app: Starlette, *, host: str, port: int) -> None:
    """Serve HTTP until cancelled, then finish the requests under way."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        lifespan="on",
        server_header=False,
        timeout_keep_alive=KEPT_OPEN_SECONDS,
    )
    server = _Server(config)
    spare_the_collector()
    serving = asyncio.ensure_future(server.serve())
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.should_exit = True
        await serving


def spare_the_collector() -> None:
    """What exists by now (classes, routes, schemas) stays: walking it again would stop all requests for 0.1 s.

    Facts hold no cycles, so it also looks less often; else it took most of the time of reading many.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
