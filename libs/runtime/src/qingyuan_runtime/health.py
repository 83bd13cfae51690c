"""Health and metrics of a role that has no HTTP of its own."""

import asyncio
from collections.abc import Coroutine

from fastapi import FastAPI

from qingyuan_runtime.http import add_health
from qingyuan_runtime.process import serve
from qingyuan_runtime.settings import Settings


async def serve_health(settings: Settings, work: Coroutine[None, None, None]) -> None:
    """Do `work`, and beside it answer /livez, /readyz and /metrics when `METRICS_PORT` is set.

    As a task of `python -m <service> all` the port is not set: the API's port answers for all roles.
    """
    if not settings.metrics_port:
        await work
        return
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    add_health(app, _always)
    async with asyncio.TaskGroup() as together:
        together.create_task(serve(app, host=settings.http_host, port=settings.metrics_port))
        together.create_task(work)


async def _always() -> None:
    return None
