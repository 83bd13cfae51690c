"""A single HTTP request to another process of this system, for callers that send few and can block a thread."""

import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException


class NoResponse(OSError):
    """No response, or not in time, or an incomplete one. Callers treat all of these alike."""


@dataclass(frozen=True, slots=True)
class Response:
    """Status codes of errors (4xx, 5xx) come as a response, too."""

    status: int
    content: bytes


def fetch(url: str, headers: Mapping[str, str] | None = None, *, seconds: float) -> Response:
    """Raises `NoResponse`. `seconds` is the longest time without any data."""
    request = urllib.request.Request(url, headers=dict(headers or {}))  # noqa: S310 - the address is our own setting
    try:
        return _read(request, seconds)
    except HTTPException as error:  # not an OSError: the other process ended in the middle of its response
        raise NoResponse(f"broke off: {type(error).__name__}") from error
    except OSError as error:
        raise NoResponse(*error.args) from error


def _read(request: urllib.request.Request, seconds: float) -> Response:
    try:
        with urllib.request.urlopen(request, timeout=seconds) as response:  # noqa: S310
            return Response(response.status, response.read())
    except urllib.error.HTTPError as refused:
        with refused:
            return Response(refused.code, refused.read())
