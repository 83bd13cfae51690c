"""The files service's HTTP edge: how an upload stands, the original, the copy that is shown."""

import time
from typing import Annotated, Any, Final, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, FastAPI, Path, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from qingyuan_events import Actor
from qingyuan_events.parts import FileRef
from qingyuan_runtime.domain.decider import Missing
from qingyuan_runtime.edge.http import Ready, create_app, token_of
from qingyuan_runtime.tokens.actors import ACTING, SHOWING, Verifier
from qingyuan_runtime.tokens.issuers import Trusts
from starlette.exceptions import HTTPException

from files import http_evidence, tus
from files.copies import Copies, Size
from files.desk import QuotaUsed, Upload, UploadDesk
from files.evidence import Witness
from files.library import File, Library
from files.naming import download_name
from files.store import FileStore, Stored
from files.tus import ByActor, own_upload

router = APIRouter(tags=["文件"])
Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]

UNTRUSTED: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-cache, must-revalidate",
}
"""What somebody uploaded never runs as a page of ours, and is shown again only to who may still see it: the bytes under
a hash never change, but who may read them does."""


class UploadState(BaseModel):
    """How an upload stands. Only `stored` with the same sha256 means that the file is safe."""

    state: Literal["receiving", "checking", "stored", "refused"]
    offset: int
    file: FileRef | None = None
    code: str | None = None
    sentence: str | None = None


async def library(request: Request) -> Library:
    found: Library = request.app.state.library
    return found


async def store(request: Request) -> FileStore:
    found: FileStore = request.app.state.store
    return found


async def copies(request: Request) -> Copies:
    found: Copies = request.app.state.copies
    return found


async def shown_to(request: Request) -> Actor:
    """Who wants to see an image: in person, or through views, which prints it for them."""
    verifier: Verifier = request.app.state.showing
    return verifier.verify(token_of(request), now=time.time())


ForActor = Annotated[Actor, Depends(shown_to)]
UNCHANGED: Final[dict[int | str, dict[str, Any]]] = {304: {"description": "没有变化"}}
AtLibrary = Annotated[Library, Depends(library)]
AtStore = Annotated[FileStore, Depends(store)]
AtCopies = Annotated[Copies, Depends(copies)]


@router.options("/uploads", status_code=204)
async def capabilities(request: Request, response: Response, _actor: ByActor) -> None:
    """What of tus 1.0 can be used here."""
    await tus.capabilities(response, request.app.state.settings)


@router.get("/uploads/{uuid}", response_model_exclude_none=True)
async def upload_state(uuid: str, request: Request, actor: ByActor) -> UploadState:
    return _state(await own_upload(request, uuid, actor))


@router.get("/{sha256}", response_class=StreamingResponse, responses=UNCHANGED)
async def original(
    sha256: Sha256, at: AtLibrary, stored: AtStore, actor: ByActor, request: Request
) -> Response:
    """The file as it was uploaded, to be saved and not to be shown."""
    file = await _readable(at, sha256, actor)
    if same := _unchanged(request, sha256):
        return same
    content = await stored.original(sha256)
    if content is None:
        raise Missing("file")
    name = quote(download_name(file.name, file.media_type), safe="")
    disposition = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return _stream(content, file.media_type, sha256, disposition)


@router.get("/{sha256}/shown", response_class=StreamingResponse, responses=UNCHANGED)
async def shown(
    sha256: Sha256, at: AtLibrary, made: AtCopies, actor: ForActor, request: Request, size: Size = "page"
) -> Response:
    """A JPEG for the screen, upright and without metadata; 404 where the file is no image that can be shown."""
    file = await _readable(at, sha256, actor)
    tag = f"{sha256}-{size}"
    if same := _unchanged(request, tag):
        return same
    content = await made.shown(file, size)
    if content is None:
        raise Missing("file")
    return _stream(content, "image/jpeg", tag, {})


async def _readable(at: Library, sha256: str, actor: ByActor) -> File:
    file = await at.readable(sha256, actor)
    if file is None:
        raise Missing("file")
    return file


def _unchanged(request: Request, tag: str) -> Response | None:
    """304 for who has it already; asked after it was found that the actor may read it."""
    asked = {part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")}
    return Response(status_code=304, headers=UNTRUSTED | _tagged(tag)) if f'"{tag}"' in asked else None


def _tagged(tag: str) -> dict[str, str]:
    return {"ETag": f'"{tag}"'}


def _stream(content: Stored, media_type: str, tag: str, headers: dict[str, str]) -> Response:
    length = {"Content-Length": str(content.size)}
    return StreamingResponse(
        content.chunks, headers=UNTRUSTED | _tagged(tag) | headers | length, media_type=media_type
    )


def _state(upload: Upload) -> UploadState:
    stored: dict[str, Any] = {}
    if upload.state == "stored" and upload.media_type:
        said = upload.announced
        stored["file"] = FileRef(
            sha256=said.sha256, size=said.size, media_type=upload.media_type, name=said.name
        )
    return UploadState(
        state=upload.state, offset=upload.received, code=upload.code, sentence=upload.sentence, **stored
    )


def build_app(
    desk: UploadDesk,
    at: Library,
    stored: FileStore,
    witness: Witness,
    uploads: APIRouter,
    *,
    trusted: Trusts,
    ready: Ready,
) -> FastAPI:
    app = create_app("files", trusted=trusted, ready=ready)
    app.add_middleware(tus.PublicLocation)
    app.add_exception_handler(HTTPException, tus.said_by_the_library)
    app.add_exception_handler(QuotaUsed, tus.quota_used)
    app.state.desk = desk
    app.state.library = at
    app.state.store = stored
    app.state.showing = Verifier(trusted, ACTING, SHOWING)
    app.state.copies = Copies(stored)
    app.state.witness = witness
    for routes in (uploads, http_evidence.router, router):
        app.include_router(routes)
    return app
