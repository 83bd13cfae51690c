"""The built web pages: hashed files for a year, the entries never cached, unknown paths answered by their entry.

There are two entries: the desktop pages, and under `/m/` the phone pages of the technicians.
"""

from pathlib import Path

from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}
NEVER = {"cache-control": "no-store"}
DESKTOP, PHONE = "index.html", "m/index.html"


class Pages:
    """An ASGI application over a folder. Without the folder it says how to make it."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder.resolve() if folder else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self._answer(str(scope["path"]), str(scope["method"]))
        await answer(scope, receive, send)

    def _answer(self, path: str, method: str) -> Response:
        if method not in ("GET", "HEAD"):
            return PlainTextResponse("405", 405)
        if self._folder is None or not (self._folder / DESKTOP).exists():
            return PlainTextResponse("页面尚未构建，请运行 make web。", 503)
        if path == "/m":
            return RedirectResponse("/m/")  # the phone's shell is kept for what lies under /m/
        if found := self._file(path):
            return FileResponse(found, headers=FOR_EVER if "assets" in found.parts else NEVER)
        if "." in path.rsplit("/", 1)[-1]:
            return PlainTextResponse("404", 404)
        return FileResponse(self._folder / _entry(path), headers=NEVER)

    def _file(self, path: str) -> Path | None:
        """A path that no file can have (too long, a zero in it) has none."""
        assert self._folder
        try:
            wanted = (self._folder / path.lstrip("/")).resolve()
            return wanted if wanted.is_relative_to(self._folder) and wanted.is_file() else None
        except (OSError, ValueError):
            return None


def _entry(path: str) -> str:
    return PHONE if path.startswith("/m/") else DESKTOP
