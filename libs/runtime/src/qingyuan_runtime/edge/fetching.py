"""One question to another process of ours, over HTTP, for who asks now and then and has a thread to wait in."""

import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException


class NoResponse(OSError):
    """Nobody was there, or not in time, or not to the end: for whoever asks that is one thing."""


@dataclass(frozen=True, slots=True)
class Response:
    """Also a refusal is one."""

    status: int
    content: bytes


def fetch(url: str, headers: Mapping[str, str] | None = None, *, seconds: float) -> Response:
    """Raises `NoResponse`. `seconds` are how long nothing may come."""
    asked = urllib.request.Request(url, headers=dict(headers or {}))  # noqa: S310 - the address is our own setting
    try:
        return _read(asked, seconds)
    except HTTPException as error:  # no OSError: who answers dies in the middle of it
        raise NoResponse(f"broke off: {type(error).__name__}") from error
    except OSError as error:
        raise NoResponse(*error.args) from error


def _read(asked: urllib.request.Request, seconds: float) -> Response:
    try:
        with urllib.request.urlopen(asked, timeout=seconds) as answer:  # noqa: S310
            return Response(answer.status, answer.read())
    except urllib.error.HTTPError as refused:
        with refused:
            return Response(refused.code, refused.read())
