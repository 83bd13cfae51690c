"""Runs the process of a service: `python -m <service> <role>`, where `all` runs every role as a task."""

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

KEEP_ALIVE_SECONDS: Final = 75
"""Longer than clients keep idle connections open. If the server closed one first, a request just being sent would fail."""

FINISHING_SECONDS: Final = 10
"""Time for requests under way when the process is told to end."""

STOPPING_SECONDS: Final = 30
"""Time for a role to end after it was cancelled. Then the process ends without it."""


def run(roles: Mapping[str, Role], *, chosen: str, beside: Role | None = None) -> None:
    """Run the role `chosen`, or all of them, each supervised by itself, until SIGTERM or SIGINT.

    `beside` serves health and metrics for a role that has no HTTP of its own.
    """
    tune_garbage_collector()
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
    _, unfinished = await asyncio.wait(tasks, timeout=STOPPING_SECONDS)
    if unfinished:
        log.error("process.wedged", roles=[task.get_name() for task in unfinished])
        os._exit(1)


class NotServing(Exception):
    """The HTTP server did not start, because the application's start-up failed."""


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to `run`, which ends all roles together."""
        yield


async def serve(
    app: Starlette, *, host: str, port: int, protocol: type[asyncio.Protocol] | None = None
) -> None:
    """Serve HTTP until cancelled, then finish the requests under way. Raises OSError where the port is taken.

    Headers about the client's address (`X-Forwarded-For`) are not trusted here; the gateway reads those of its own proxies.
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
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=FINISHING_SECONDS,
    )
    server = _Server(config)
    tune_garbage_collector()
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
    """Opens the socket here, since uvicorn would end the process if the port is taken."""
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


def tune_garbage_collector() -> None:
    """Exclude what exists by now (classes, routes, schemas) from garbage collection, which would stop requests for 0.1 s.

    Also collect less often. Facts form no reference cycles, and collecting took most of the time of reading many.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
