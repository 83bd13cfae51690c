"""The printable record of a signed visit over HTTP, for everybody who may see the visit."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import quote
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response
from qingyuan_events import Actor
from qingyuan_runtime.domain.decider import Missing, Refused
from qingyuan_runtime.edge.dependencies import ActorDep, from_state
from qingyuan_runtime.edge.hang_ups import while_connected
from qingyuan_runtime.edge.problems import problem

from views.printing.pictures import Pictures, fetch_all
from views.printing.press import Press
from views.printing.record import Row, accounts, pictures, record
from views.shared.edge import ActorScope, UpToDate
from views.shared.people import People
from views.work import answers
from views.work.http import Queries

log = structlog.get_logger()
NAMES_SECONDS_MAX: Final = 10
router = APIRouter(tags=["查询 · 打印"])


@dataclass(frozen=True, slots=True)
class Printing:
    """The services and settings that printing needs; `public_url` is the address to which the QR code leads, without a
    slash at its end."""

    press: Press
    pictures: Pictures
    people: People
    public_url: str


@router.get("/visits/{visit_id}.pdf", dependencies=UpToDate, response_class=Response)
async def visit_pdf(
    request: Request,
    visit_id: UUID,
    queries: Queries,
    scope: ActorScope,
    actor: ActorDep,
    services: Annotated[Printing, Depends(from_state("printing"))],
) -> Response:
    """The record of a signed visit, with its sheets, photographs, signatures and a code to check it."""
    found = await queries.visit(scope, visit_id)
    if found is None:
        raise Missing("visit")
    visit = answers.visit(found)
    require_signed(visit)
    pdf = await while_connected(request, printed(visit, actor, services))
    name = quote(f"运维记录-{visit['day']}-{visit['point_name']}.pdf")
    headers = {"Content-Disposition": f"inline; filename*=UTF-8''{name}"}
    return Response(pdf, media_type="application/pdf", headers=headers)


async def printed(visit: Row, actor: Actor, services: Printing) -> bytes:
    """Images and names are fetched only when it is the request's turn: refused and waiting requests cost nothing.

    Raises `Crowded`.
    """
    async with services.press.turn(str(actor.account)):
        images, people = await asyncio.gather(
            fetch_all(services.pictures, actor, pictures(visit)),
            services.people.names(actor, accounts(visit), NAMES_SECONDS_MAX),
        )
        files = {sha256: f"{sha256}.jpg" for sha256 in images}
        return await services.press.print(
            record(visit, files, services.public_url, people),
            {files[sha256]: image for sha256, image in images.items()},
        )


def require_signed(visit: Row) -> None:
    """Raises `Refused` unless the visit is signed and the signature covers exactly this content."""
    confirmation = visit["confirmation"]
    if confirmation is None or confirmation["state"] != "signed":
        raise Refused("record.unsigned", "本次运维还没有企业签字，签字后才能打印。")
    if visit["content"]["sha256"] != confirmation["signed_content_sha256"]:
        raise Refused("record.changed", "签字之后内容有更正，请等待企业重新签字。")


async def unprintable(_request: Request, error: Exception) -> JSONResponse:
    log.error("record.unprintable", reason=error)
    sentence = "本记录内容过大或含有无法排版的内容，暂时不能打印，请与管理员联系。"
    return problem(503, "record.unprintable", sentence)


async def no_font(_request: Request, _error: Exception) -> JSONResponse:
    return problem(503, "record.no-font", "服务器没有安装中文字体，暂时不能打印。")


async def crowded(_request: Request, _error: Exception) -> JSONResponse:
    sentence = "正在打印的记录较多，请稍后重试。"
    return problem(503, "record.crowded", sentence, headers={"Retry-After": "5"})
