"""Requests about imports: template, upload, progress, confirmation."""

from typing import Annotated, Final
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response, UploadFile
from fastapi.responses import JSONResponse
from qingyuan_runtime.domain.decider import Invalid, Missing, Problem, Refused
from qingyuan_runtime.domain.text import file_name
from qingyuan_runtime.edge.dependencies import from_state
from qingyuan_runtime.edge.http import new_id
from qingyuan_runtime.importing.template import template

from registry.importing.columns import WORKBOOK
from registry.importing.repository import ImportRepository, Upload
from registry.response_models import Import
from registry.shared.dependencies import ActorDep, ContextDep, RepositoryDep
from registry.shared.policy import POLICY

router = APIRouter(tags=["登记 · 批量导入"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_BYTES = 10 * 1024 * 1024
IMPORTS: Final = "imports"
ImportsDep = Annotated[ImportRepository, Depends(from_state(IMPORTS))]


@router.get("/import-template", response_class=Response)
async def import_template(actor: ActorDep, repository: RepositoryDep) -> Response:
    POLICY.require("import", actor)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote('仪器导入模板.xlsx')}"}
    return Response(template(WORKBOOK, repository.today()), media_type=XLSX, headers=headers)


@router.post(
    "/imports", status_code=202, response_model=Import, name="lay_down"
)  # the published name of this operation
async def upload_workbook(
    file: UploadFile,
    enterprise_id: Annotated[UUID, Form()],
    repository: RepositoryDep,
    imports: ImportsDep,
    context: ContextDep,
) -> JSONResponse:
    """Upload a filled template. It is checked row by row; nothing is written before the confirmation."""
    POLICY.require("import", context.meta.actor)
    await repository.enterprise(enterprise_id, context.meta.actor)
    content = await file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise Invalid([Problem("file", "too-large", "文件不能超过 10 MB。")])
    import_id = new_id(context.meta.command_id, "import")
    upload = Upload(
        actor=context.meta.actor,
        enterprise_id=enterprise_id,
        file_name=file_name(file.filename or ""),
        content=content,
        fingerprint=context.fingerprint,
    )
    await imports.add(import_id, upload)
    return await _shown(imports, import_id, context.meta.actor.account, 202)


@router.get("/imports/{import_id}", response_model=Import)
async def progress(import_id: UUID, imports: ImportsDep, actor: ActorDep) -> JSONResponse:
    POLICY.require("import", actor)
    return await _shown(imports, import_id, actor.account, 200)


@router.post("/imports/{import_id}/confirmation", status_code=202, response_model=Import)
async def confirm(import_id: UUID, imports: ImportsDep, context: ContextDep) -> JSONResponse:
    """Write all rows, or none. Only an import that was checked without a problem can be confirmed."""
    POLICY.require("import", context.meta.actor)
    account = context.meta.actor.account
    await _shown(imports, import_id, account, 202)
    if not await imports.confirm(import_id, account):
        raise Refused("import.not-ready", "只有全部通过检查的文件才能确认导入。")
    return await _shown(imports, import_id, account, 202)


async def _shown(imports: ImportRepository, import_id: UUID, account: UUID, status: int) -> JSONResponse:
    found = await imports.shown(import_id, account)
    if found is None:
        raise Missing("import")
    return JSONResponse(found, status)
