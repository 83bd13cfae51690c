"""The HTTP edge of files: the state of an upload, original files, and copies for display."""

import time
from typing import Annotated, Any, Final, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, FastAPI, Path, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from qingyuan_events import Actor
from qingyuan_events.parts import FileRef
from qingyuan_runtime.domain.decider import Missing
from qingyuan_runtime.edge.dependencies import ActorDep, from_state
from qingyuan_runtime.edge.http import Ready, admitted, create_app, token_of
from qingyuan_runtime.tokens.actors import ACTING, SHOWING, Verifier
from qingyuan_runtime.tokens.issuers import Trusts
from starlette.exceptions import HTTPException

from files import http_evidence, tus
from files.copies import Copies, Size
from files.evidence import EvidenceService
from files.file_repository import File, FileRepository
from files.naming import download_name
from files.store import FileStore, Stored
from files.tus import own_upload
from files.upload_repository import QuotaUsed, Upload, UploadRepository

router = APIRouter(tags=["文件"])
Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]

UNTRUSTED: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-cache, must-revalidate",
}
"""An uploaded file must never run as one of our pages. Browsers must ask again before they use a cached copy: the content
of a hash never changes, but the user may have lost the right to see it."""


class UploadState(BaseModel):
    """The state of an upload. The file is safe only in the state `stored`, with the same sha256."""

    state: Literal["receiving", "checking", "stored", "refused"]
    offset: int
    file: FileRef | None = None
    code: str | None = None
    sentence: str | None = None


async def shown_to(request: Request) -> Actor:
    """The actor who reads an image, either directly or through views, which prints it on the actor's behalf."""
    verifier: Verifier = request.app.state.showing
    return admitted(request, verifier.verify(token_of(request), now=time.time()))


ForActor = Annotated[Actor, Depends(shown_to)]
UNCHANGED: Final[dict[int | str, dict[str, Any]]] = {304: {"description": "没有变化"}}
Repository = Annotated[FileRepository, Depends(from_state("file_repository"))]
Store = Annotated[FileStore, Depends(from_state("store"))]
ImageCopies = Annotated[Copies, Depends(from_state("copies"))]


@router.options("/uploads", status_code=204)
async def capabilities(request: Request, response: Response, _actor: ActorDep) -> None:
    """The parts of tus 1.0 that are supported."""
    await tus.capabilities(response, request.app.state.settings)


@router.get("/uploads/{uuid}", response_model_exclude_none=True)
async def upload_state(uuid: str, request: Request, actor: ActorDep) -> UploadState:
    return _state(await own_upload(request, uuid, actor))


@router.get("/{sha256}", response_class=StreamingResponse, responses=UNCHANGED)
async def original(
    sha256: Sha256, repository: Repository, store: Store, actor: ActorDep, request: Request
) -> Response:
    """The original file, for download and not for display."""
    file = await _readable(repository, sha256, actor)
    if not_modified := _not_modified(request, sha256):
        return not_modified
    content = await store.original(sha256)
    if content is None:
        raise Missing("file")
    name = quote(download_name(file.name, file.media_type), safe="")
    disposition = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return _stream(content, file.media_type, sha256, disposition)


@router.get("/{sha256}/shown", response_class=StreamingResponse, responses=UNCHANGED)
async def shown(
    sha256: Sha256,
    repository: Repository,
    copies: ImageCopies,
    actor: ForActor,
    request: Request,
    size: Size = "page",
) -> Response:
    """A JPEG for display, upright and without metadata; 404 where the file is no image that can be shown."""
    file = await _readable(repository, sha256, actor)
    tag = f"{sha256}-{size}"
    if not_modified := _not_modified(request, tag):
        return not_modified
    content = await copies.shown(file, size)
    if content is None:
        raise Missing("file")
    return _stream(content, "image/jpeg", tag, {})


async def _readable(repository: FileRepository, sha256: str, actor: ActorDep) -> File:
    file = await repository.readable(sha256, actor)
    if file is None:
        raise Missing("file")
    return file


def _not_modified(request: Request, tag: str) -> Response | None:
    """304 for a client that has the content already. Must be called after the check that the actor may read it."""
    tags = {part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")}
    return Response(status_code=304, headers=UNTRUSTED | _tagged(tag)) if f'"{tag}"' in tags else None


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
        announced = upload.announced
        stored["file"] = FileRef(
            sha256=announced.sha256, size=announced.size, media_type=upload.media_type, name=announced.name
        )
    return UploadState(
        state=upload.state, offset=upload.received, code=upload.code, sentence=upload.sentence, **stored
    )


def build_app(
    uploads: UploadRepository,
    files: FileRepository,
    store: FileStore,
    evidence: EvidenceService,
    tus_routes: APIRouter,
    *,
    trusted: Trusts,
    ready: Ready,
) -> FastAPI:
    app = create_app("files", trusted=trusted, ready=ready)
    app.add_middleware(tus.PublicLocation)
    app.add_exception_handler(HTTPException, tus.library_error)
    app.add_exception_handler(QuotaUsed, tus.quota_used)
    app.state.upload_repository = uploads
    app.state.file_repository = files
    app.state.store = store
    app.state.showing = Verifier(trusted, ACTING, SHOWING)
    app.state.copies = Copies(store)
    app.state.evidence_service = evidence
    for routes in (tus_routes, http_evidence.router, router):
        app.include_router(routes)
    return app
