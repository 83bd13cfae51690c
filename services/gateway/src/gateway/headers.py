"""Security headers for every response, and the lists of headers that are forwarded between browser and services."""

import re
from collections.abc import MutableMapping
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from qingyuan_runtime.edge.problems import problem
from starlette.types import ASGIApp, Receive, Scope, Send

SIGNING_PORTS: Final = (17651, 17652, 17653)
"""Of the signing service for certificates on the user's own machine: the only addresses beside ours that a page asks."""
SIGNING_SERVICE: Final = " ".join(
    f"{scheme}://127.0.0.1:{port}" for port in SIGNING_PORTS for scheme in ("ws", "http")
)
CSP: Final = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",  # Element Plus writes style attributes, never style elements
        f"connect-src 'self' {SIGNING_SERVICE}",
        "img-src 'self' data: blob:",
        "frame-src blob:",  # a scan that is a PDF, made a blob by the page: no address is framed
        "object-src blob:",  # Chrome's viewer of that PDF is an object of a document that has this policy
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
SECURITY: Final[dict[str, str]] = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
TO_SERVICE: Final = (
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "if-version-at-least",
    "accept",
    "x-correlation-id",
    "tus-resumable",
    "upload-length",
    "upload-offset",
    "upload-metadata",
    "upload-checksum",
    "upload-defer-length",
)
TO_BROWSER: Final = (
    "content-type",
    "etag",
    "retry-after",
    "content-disposition",
    "cache-control",
    "content-security-policy",
    "location",
    "tus-resumable",
    "tus-version",
    "tus-extension",
    "tus-max-size",
    "upload-length",
    "upload-offset",
    "upload-metadata",
    "upload-expires",
)


def security(*, secure: bool) -> dict[str, str]:
    return SECURITY | ({"strict-transport-security": "max-age=31536000"} if secure else {})


class SecurityHeaders:
    """ASGI middleware that adds the security headers to every response."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._headers = [(name.encode(), value.encode()) for name, value in security(secure=secure).items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._headers]
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


class ReadableAddress:
    """ASGI middleware that refuses malformed addresses: a lone `%`, bytes that are not UTF-8, control characters."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_readable(scope.get("raw_path") or b"", scope["query_string"]):
            return await self._app(scope, receive, send)
        return await problem(400, "address.malformed", "请求的地址无法识别。")(scope, receive, send)


def is_readable(path: bytes, query: bytes) -> bool:
    """A query may contain control characters, unlike a path: the service decides about its values."""
    return _is_text(path) and not CONTROL.search(unquote_to_bytes(path)) and _is_text(query)


def _is_text(part: bytes) -> bool:
    try:
        unquote_to_bytes(part).decode()
    except UnicodeDecodeError:
        return False
    return part.isascii() and not HALF_QUOTED.search(part)


CONTROL: Final = re.compile(rb"[\x00-\x1f\x7f]")
HALF_QUOTED: Final = re.compile(rb"%(?![0-9a-fA-F]{2})")
