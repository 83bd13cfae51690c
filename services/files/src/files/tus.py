"""The routes of the tus library, preceded by our own checks of the actor, of the upload's owner, and of its announcement.

The library stores the body of a PATCH before it calls its own `auth` hook, so our checks are dependencies of the router.
"""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import chain
from typing import Annotated, Any, Final
from uuid import uuid4

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from qingyuan_events import Actor
from qingyuan_runtime.domain import text
from qingyuan_runtime.domain.decider import Invalid, Missing, Problem, Refused
from qingyuan_runtime.edge.dependencies import ActorDep
from qingyuan_runtime.edge.problems import BadRequest, bare, problem
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from tuspyserver import create_tus_router

from files import policy
from files.receiving import UploadStorage
from files.settings import MEBI, FilesSettings
from files.upload_repository import Announced, Upload, UploadRepository

PUBLIC: Final = "/api/files"
"""The path under which browsers reach this service through the gateway, used in `Location`."""

EXTENSIONS: Final = "creation,expiration,termination"
UNSUPPORTED: Final = ("upload-defer-length", "upload-concat", "x-http-method-override")
NAME_MAX: Final = 200
TYPE_MAX: Final = 100

Hook = Callable[[dict[str, str], dict[str, Any]], Awaitable[None]]


def tus_router(storage: UploadStorage, settings: FilesSettings, done: Callable[[], None]) -> APIRouter:
    """`POST /uploads`, `HEAD`, `PATCH` and `DELETE /uploads/{uuid}`. `done` is called when an upload is complete."""
    library = create_tus_router(
        prefix="uploads",
        files_dir=str(settings.files_uploads),
        max_size=settings.upload_bytes_max,
        days_to_keep=settings.upload_days,
        on_upload_complete=lambda _path, _metadata: done(),
        pre_create_dep=announcement_hook,  # type: ignore[arg-type]  # the library awaits hooks, although its types do not say so
        file_dep=upload_id_hook,  # type: ignore[arg-type]
        tags=["文件 · 上传"],
        strict_offset_validation=True,
        storage=storage,
    )
    library.routes = [route for route in library.routes if _is_kept(route)]
    router = APIRouter(dependencies=[Depends(check_request)])
    router.include_router(library)
    return router


def _is_kept(route: object) -> bool:
    """Whether to keep a route of the library. Its duplicates with a final slash are dropped, and so is OPTIONS, which lists too much."""
    return isinstance(route, APIRoute) and not route.path.endswith("/")


async def check_request(request: Request, actor: ActorDep) -> None:
    """Check before the body is read that the account may upload, and that the upload is its own."""
    policy.uploader(actor)
    if any(name in request.headers for name in UNSUPPORTED):
        raise BadRequest("upload.extension", "服务器不支持此种上传方式，请在创建时给出文件大小。")
    if request.method == "POST" and request.headers.get("content-length", "0") != "0":
        raise BadRequest("upload.extension", "创建上传时不能携带内容，请随后分块发送。")
    if upload_id := request.path_params.get("uuid"):
        await own_upload(request, upload_id, actor)


async def own_upload(request: Request, upload_id: str, actor: Actor) -> Upload:
    """Raises `Missing` where there is none, or it belongs to another account."""
    uploads: UploadRepository = request.app.state.upload_repository
    upload = await uploads.read(upload_id) if re.fullmatch(r"[0-9a-f]{32}", upload_id) else None
    if upload is None or upload.account != actor.account:
        raise Missing("upload")
    return upload


async def fresh_id() -> str:
    return uuid4().hex


FreshId = Annotated[str, Depends(fresh_id)]


async def upload_id_hook(upload_id: FreshId) -> Callable[[dict[str, str]], dict[str, str]]:
    """A hook of the library that returns the id of a new upload."""
    return lambda _metadata: {"uid": upload_id}


async def announcement_hook(request: Request, upload_id: FreshId, actor: ActorDep) -> Hook:
    """A hook that the library calls before it creates an upload: checks the announcement and inserts its row."""
    uploads: UploadRepository = request.app.state.upload_repository
    settings: FilesSettings = request.app.state.settings

    async def announce(metadata: dict[str, str], length: dict[str, Any]) -> None:
        organisation = policy.uploader(actor)
        file = announced(metadata, length["size"], settings.upload_bytes_max)
        if await uploads.under_way(actor.account) >= settings.uploads_open_max:
            raise Refused("upload.too-many", "未完成的上传过多，请先完成或取消已有的上传。")
        keep, quota = timedelta(days=settings.upload_days), settings.quota()
        await uploads.begin(upload_id, actor.account, organisation, file, keep, quota)

    return announce


def announced(metadata: dict[str, str], size: int | None, size_max: int) -> Announced:
    """The announced file. Raises `Invalid` with every wrong field, or `Refused` for the size."""
    if any(text.fault(part, breaks=True) for part in chain(*metadata.items())):
        raise Invalid([Problem("Upload-Metadata", "control_character", text.SENTENCES["control_character"])])
    file = Announced(
        name=text.file_name(metadata.get("filename", "")),
        media_type=text.folded(metadata.get("filetype", "").partition(";")[0]).lower(),
        sha256=metadata.get("sha256", ""),
        size=size or 0,
    )
    problems = [
        Problem(field, rule, sentence)
        for field, rule, sentence, fails in (
            ("filename", "required", "文件名为必填项，且不能超过 200 个字符。", not _is_name(file.name)),
            ("filetype", "required", "文件类型（filetype）为必填项。", "filetype" not in metadata),
            ("filetype", "string_too_long", "文件类型不能超过 100 个字符。", len(file.media_type) > TYPE_MAX),
            ("sha256", "sha256", "sha256 应为 64 位小写十六进制数。", not _is_sha256(file.sha256)),
            ("Upload-Length", "positive", "文件不能为空。", file.size < 1),
        )
        if fails
    ]
    if problems:
        raise Invalid(problems)
    if file.size > size_max:
        raise Refused("file.too-large", f"文件不能超过 {size_max // MEBI} MB。")
    return file


def _is_name(name: str) -> bool:
    return 0 < len(name) <= NAME_MAX


def _is_sha256(text: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{64}", text) is not None


SENTENCES: Final = {
    400: ("upload.malformed", "上传请求的格式不正确。"),
    404: ("upload.missing", "没有找到要操作的对象，或您无权查看。"),
    405: ("method.unknown", "该地址不支持此操作。"),
    409: ("upload.offset", "断点位置与服务器不一致，请先查询已收到的位置。"),
    410: ("upload.expired", "上传已过期，请重新上传。"),
    412: ("upload.version", "只支持 tus 1.0.0 版协议。"),
    413: ("file.too-large", "文件过大。"),
    415: ("upload.media-type", "分块的 Content-Type 应为 application/offset+octet-stream。"),
    503: ("upload.busy", "服务器暂时无法写入，请稍后重试。"),
}


async def library_error(request: Request, error: Exception) -> JSONResponse:
    """The library refuses with bare status codes; this adds a code and a sentence, as in all other responses."""
    assert isinstance(error, HTTPException)
    if not request.url.path.startswith("/uploads"):
        return await bare(request, error)
    code, sentence = SENTENCES.get(error.status_code, ("unexpected", "系统内部错误，请稍后重试。"))
    headers = {**(error.headers or {}), **({"Retry-After": "1"} if error.status_code == 503 else {})}
    return problem(error.status_code, code, sentence, headers=headers)


async def quota_used(_request: Request, _error: Exception) -> JSONResponse:
    sentence = "本单位 24 小时内上传的文件已达上限，请稍后再传；确需提高上限的，请与管理员联系。"
    return problem(429, "upload.quota", sentence, headers={"Retry-After": "3600"})


async def capabilities(response: Response, settings: FilesSettings) -> None:
    response.headers.update(
        {
            "Tus-Resumable": "1.0.0",
            "Tus-Version": "1.0.0",
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(settings.upload_bytes_max),
        }
    )


class PublicLocation:
    """ASGI middleware: replaces the `Location` of the library, which has the internal host name, by the public path."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def public(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [(name, _public(name, value)) for name, value in message["headers"]]
            await send(message)

        await self._app(scope, receive, public if scope["type"] == "http" else send)


def _public(name: bytes, value: bytes) -> bytes:
    if name.lower() != b"location":
        return value
    return f"{PUBLIC}/uploads/".encode() + value.rpartition(b"/")[2]
