"""Health and metrics of a role that serves no HTTP itself, or whose HTTP is open to the public."""

from fastapi import FastAPI

from qingyuan_runtime.edge.http import Ready, add_health, always_ready
from qingyuan_runtime.process.running import Role, serve
from qingyuan_runtime.process.settings import Settings


def health(settings: Settings, ready: Ready = always_ready) -> Role | None:
    """Serves /livez, /readyz and /metrics when `METRICS_PORT` is set, also while the role beside it fails.

    For `python -m <service> all` the port is not set: the API's port serves them for all roles.
    """
    if not settings.metrics_port:
        return None

    async def serving() -> None:
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        add_health(app, ready)
        await serve(app, host=settings.http_host, port=settings.metrics_port)

    return serving
