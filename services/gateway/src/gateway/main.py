"""The gateway's composition root."""

import asyncio
from collections.abc import Mapping
from importlib.resources import files

from qingyuan_runtime.process.running import Role, serve
from qingyuan_runtime.process.telemetry import start_telemetry
from qingyuan_runtime.tokens.issuers import Signer
from starlette.applications import Starlette

from gateway.answering import Gateway
from gateway.app import build_app
from gateway.headers import security
from gateway.public import Limits, public_protocol
from gateway.request_parts import networks
from gateway.sessions import Sessions
from gateway.settings import GatewaySettings
from gateway.upstream import Upstream

PACKAGE = "gateway"


def roles(settings: GatewaySettings) -> Mapping[str, Role]:
    start_telemetry(PACKAGE, settings)
    return {"api": lambda: api(settings)}


async def api(settings: GatewaySettings) -> None:
    """Health and metrics are served on `METRICS_PORT` only, not on the public port."""
    limits = Limits(connections=settings.connections_max, head_seconds=settings.head_seconds)
    protocol = public_protocol(limits, security(secure=settings.cookie_secure))
    await serve(build(settings), host=settings.http_host, port=settings.http_port, protocol=protocol)


async def listens(settings: GatewaySettings) -> None:
    _, writer = await asyncio.open_connection(settings.http_host, settings.http_port)
    writer.close()


def build(settings: GatewaySettings) -> Starlette:
    """The application on real services. Must be called inside a running event loop, since it opens HTTP clients."""
    assert settings.signing_keys_dir
    upstream = Upstream.open(settings.upstreams, timeout=settings.upstream_timeout_seconds)
    key = Signer("gateway", settings.signing_keys_dir)
    sessions = Sessions(upstream, key, cache_seconds=settings.session_cache_seconds)
    gateway = Gateway(settings, upstream, sessions, networks(settings.trusted_proxies))
    document = files("gateway") / "openapi.json"
    openapi = document.read_bytes() if document.is_file() else b"{}"
    return build_app(gateway, openapi=openapi, close=upstream.close)
