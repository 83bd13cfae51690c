"""Serves the built web pages. Files with a hash in their names are cached for a year, the entry pages never.

There are two entry pages: one for the desktop, and one under `/m/` for technicians' phones. They also serve unknown
paths, which the pages interpret themselves. The manual under `/help/` consists of files: an unknown path of it is 404.
"""

from pathlib import Path

from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}
NEVER = {"cache-control": "no-store"}
DESKTOP, PHONE = "index.html", "m/index.html"
MANUAL, NO_CHAPTER = "help/index.html", "help/404.html"


class Pages:
    """An ASGI application that serves a folder. Without the folder its response says how to build the pages."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder.resolve() if folder else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = self._response(str(scope["path"]), str(scope["method"]))
        await response(scope, receive, send)

    def _response(self, path: str, method: str) -> Response:
        if method not in ("GET", "HEAD"):
            return PlainTextResponse("405", 405)
        if self._folder is None or not (self._folder / DESKTOP).exists():
            return PlainTextResponse("页面尚未构建，请运行 make web。", 503)
        if path in ("/m", "/help"):
            return RedirectResponse(f"{path}/")  # the phone's service worker caches only paths under /m/
        if file := self._file(MANUAL if path == "/help/" else path):
            return FileResponse(file, headers=FOR_EVER if "assets" in file.parts else NEVER)
        if path.startswith("/help/"):
            return self._no_chapter()
        if "." in path.rsplit("/", 1)[-1]:
            return PlainTextResponse("404", 404)
        return FileResponse(self._folder / _entry(path), headers=NEVER)

    def _no_chapter(self) -> Response:
        page = self._file(NO_CHAPTER)
        return FileResponse(page, 404, NEVER) if page else PlainTextResponse("404", 404)

    def _file(self, path: str) -> Path | None:
        """The file of a path. None where there is none, or the path is impossible (too long, with a zero byte)."""
        assert self._folder
        try:
            file = (self._folder / path.lstrip("/")).resolve()
            return file if file.is_relative_to(self._folder) and file.is_file() else None
        except (OSError, ValueError):
            return None


def _entry(path: str) -> str:
    return PHONE if path.startswith("/m/") else DESKTOP
