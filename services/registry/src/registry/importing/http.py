"""Requests about imports: template, upload, progress, confirmation."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request, Response, UploadFile
from fastapi.responses import JSONResponse
from qingyuan_runtime.domain.decider import Invalid, Missing, Problem, Refused
from qingyuan_runtime.domain.text import file_name
from qingyuan_runtime.edge.http import new_id

from registry import policy
from registry.http_enterprises import AtDesk, ByActor, ByAsked
from registry.importing.desk import ImportDesk, Laid
from registry.importing.template import template
from registry.response_models import Import

router = APIRouter(tags=["登记 · 批量导入"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BYTES_MAX = 10 * 1024 * 1024


async def imports(request: Request) -> ImportDesk:
    found: ImportDesk = request.app.state.imports
    return found


AtImports = Annotated[ImportDesk, Depends(imports)]


@router.get("/import-template", response_class=Response)
async def import_template(actor: ByActor) -> Response:
    policy.require("import", actor)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote('仪器导入模板.xlsx')}"}
    return Response(template(), media_type=XLSX, headers=headers)


@router.post("/imports", status_code=202, response_model=Import)
async def lay_down(
    file: UploadFile, enterprise_id: Annotated[UUID, Form()], at: AtDesk, desk: AtImports, by: ByAsked
) -> JSONResponse:
    """Upload a filled template. It is checked row by row; nothing is written before the confirmation."""
    policy.require("import", by.meta.actor)
    await at.enterprise(enterprise_id, by.meta.actor)
    content = await file.read(BYTES_MAX + 1)
    if len(content) > BYTES_MAX:
        raise Invalid([Problem("file", "too-large", "文件不能超过 10 MB。")])
    import_id = new_id(by.meta.command_id, "import")
    laid = Laid(by.meta.actor, enterprise_id, file_name(file.filename or ""), content, by.fingerprint)
    await desk.lay_down(import_id, laid)
    return await _shown(desk, import_id, by.meta.actor.account, 202)


@router.get("/imports/{import_id}", response_model=Import)
async def progress(import_id: UUID, desk: AtImports, actor: ByActor) -> JSONResponse:
    policy.require("import", actor)
    return await _shown(desk, import_id, actor.account, 200)


@router.post("/imports/{import_id}/confirmation", status_code=202, response_model=Import)
async def confirm(import_id: UUID, desk: AtImports, by: ByAsked) -> JSONResponse:
    """Write all rows, or none. Only an import that was checked without a problem can be confirmed."""
    policy.require("import", by.meta.actor)
    account = by.meta.actor.account
    await _shown(desk, import_id, account, 202)
    if not await desk.confirm(import_id, account):
        raise Refused("import.not-ready", "只有全部通过检查的文件才能确认导入。")
    return await _shown(desk, import_id, account, 202)


async def _shown(desk: ImportDesk, import_id: UUID, account: UUID, status: int) -> JSONResponse:
    found = await desk.shown(import_id, account)
    if found is None:
        raise Missing("import")
    return JSONResponse(found, status)
