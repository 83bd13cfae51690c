"""How a service's process starts: `python -m <service> <role>`, where `all` runs every role as a task."""

import asyncio
import gc
import os
import signal
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import structlog
import uvicorn
import uvloop
from starlette.applications import Starlette

from qingyuan_runtime.process.supervising import Work, run_supervised

Role = Work

log = structlog.get_logger()

KEPT_OPEN_SECONDS: Final = 75
"""An idle connection is the client's to close: whoever closes first may cut off a request that is just being sent."""

FINISHING_SECONDS: Final = 10
"""So long requests under way may take when the process is told to end."""

LETTING_GO_SECONDS: Final = 30
"""So long a role may ignore that it is told to end. Then the process ends without it."""


def run(roles: Mapping[str, Role], *, chosen: str, beside: Role | None = None) -> None:
    """Run one role, or all of them, each kept up by itself, until SIGTERM or SIGINT.

    `beside` answers for the health of a single role that has no HTTP of its own.
    """
    spare_the_collector()
    names = list(roles) if chosen == "all" else [chosen]
    wanted = {name: roles[name] for name in names}
    if beside:
        wanted["health"] = beside
    uvloop.run(_run(wanted))


async def _run(roles: Mapping[str, Role]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    tasks = [asyncio.create_task(run_supervised(name, role), name=name) for name, role in roles.items()]
    await stop.wait()
    for task in tasks:
        task.cancel()
    _, wedged = await asyncio.wait(tasks, timeout=LETTING_GO_SECONDS)
    if wedged:
        log.error("process.wedged", roles=[task.get_name() for task in wedged])
        os._exit(1)


class NotServing(Exception):
    """The HTTP server did not start: the application said no."""


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals belong to `run`, which ends all roles together."""
        yield


async def serve(
    app: Starlette, *, host: str, port: int, protocol: type[asyncio.Protocol] | None = None
) -> None:
    """Serve HTTP until cancelled, then finish the requests under way. Raises OSError where the port is taken.

    Nobody's word is taken for where a request comes from: who stands behind proxies of its own reads their headers itself.
    """
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="on",
        server_header=False,
        proxy_headers=False,
        http=protocol or "httptools",
        ws="none",
        timeout_keep_alive=KEPT_OPEN_SECONDS,
        timeout_graceful_shutdown=FINISHING_SECONDS,
    )
    server = _Server(config)
    spare_the_collector()
    with _listening(host, port) as listener:
        serving = asyncio.ensure_future(_served(server, listener))
        try:
            await asyncio.shield(serving)
        except asyncio.CancelledError:
            server.should_exit = True
            await serving
            raise


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket of our own: the server would end the process where it cannot have one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=2048)
    try:
        yield listener
    finally:
        listener.close()


async def _served(server: _Server, listener: socket.socket) -> None:
    try:
        await server.serve(sockets=[listener])
    except SystemExit as error:
        raise NotServing from error


def spare_the_collector() -> None:
    """What exists by now (classes, routes, schemas) stays: walking it again would stop all requests for 0.1 s.

    Facts hold no cycles, so it also looks less often; else it took most of the time of reading many.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
