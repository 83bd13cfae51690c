"""Health and metrics of a role that has no HTTP of its own, or whose HTTP is open to strangers."""

from fastapi import FastAPI

from qingyuan_runtime.edge.http import Ready, add_health, always_ready
from qingyuan_runtime.process.running import Role, serve
from qingyuan_runtime.process.settings import Settings


def health(settings: Settings, ready: Ready = always_ready) -> Role | None:
    """Answers /livez, /readyz and /metrics when `METRICS_PORT` is set; it stays when the role beside it fails.

    For `python -m <service> all` the port is not set: the API's port answers for all roles.
    """
    if not settings.metrics_port:
        return None

    async def serving() -> None:
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        add_health(app, ready)
        await serve(app, host=settings.http_host, port=settings.metrics_port)

    return serving
