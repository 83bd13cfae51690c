"""Requests about workbooks: the template, a check that writes nothing, and the taking over of the rows that are right."""

from typing import Annotated, Final
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Response, UploadFile
from fastapi.responses import JSONResponse
from qingyuan_events import Actor
from qingyuan_runtime.domain.decider import Invalid, Problem, Refused
from qingyuan_runtime.domain.text import file_name
from qingyuan_runtime.edge.dependencies import from_state
from qingyuan_runtime.edge.fair_queue import Crowded, FairQueue
from qingyuan_runtime.edge.http import new_id
from qingyuan_runtime.importing.reading import Reading
from qingyuan_runtime.importing.sizes import Unreadable
from qingyuan_runtime.importing.template import template
from qingyuan_runtime.log.handling import CommandContext
from qingyuan_runtime.process.isolated import Unfinished

from filing.importing import decoding, taking_over
from filing.importing.checking import answer
from filing.importing.decoding import READING
from filing.importing.layout import WORKBOOK
from filing.response_models import ResourceImport
from filing.shared import policy
from filing.shared.dependencies import ActorDep, ContextDep, RepositoryDep
from filing.shared.repository import Repository

router = APIRouter(tags=["备案 · Excel 导入"])
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_BYTES: Final = 5 * 1024 * 1024
UNDECODABLE: Final = "文件读取失败，不能导入：内容过大或已损坏，请使用下载的模板重新填写。"
CHECK: Final = UUID(int=0)
"""Stands for the id of an import in a check, which adds nothing."""
ReadingDep = Annotated[FairQueue, Depends(from_state(READING))]


@router.get("/import-template", response_class=Response)
async def resource_template(actor: ActorDep, repository: RepositoryDep) -> Response:
    policy.operator_of(actor)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote('备案导入模板.xlsx')}"}
    return Response(template(WORKBOOK, repository.today()), media_type=XLSX, headers=headers)


@router.post("/imports/check", response_model=ResourceImport)
async def check_import(
    file: UploadFile, repository: RepositoryDep, reading: ReadingDep, actor: ActorDep
) -> JSONResponse:
    """What would become of each row. Nothing is written, and the file is not kept."""
    operator_id = await _operator(repository, actor)
    read = await _read(file, reading, actor)
    results = await taking_over.checked(repository, actor, operator_id, read, CHECK)
    return JSONResponse(answer(file_name(file.filename or ""), read, results))


@router.post("/imports", response_model=ResourceImport)
async def take_over(
    file: UploadFile, repository: RepositoryDep, reading: ReadingDep, context: ContextDep
) -> JSONResponse:
    """Add the rows that are right, each by a command of its own. A row of what is entered already adds nothing.

    Imports of one operator follow one another: what has no number of its own is only found again once it is entered.
    """
    operator_id = await _operator(repository, context.meta.actor)
    async with repository.imports.alone(operator_id) as is_alone:
        if not is_alone:
            raise Refused("import.running", "本单位正在导入，请稍后再试。")
        return await _taken_over(file, repository, reading, context, operator_id)


async def _taken_over(
    file: UploadFile, repository: Repository, reading: FairQueue, context: CommandContext, operator_id: UUID
) -> JSONResponse:
    actor = context.meta.actor
    read = await _read(file, reading, actor)
    if read.problems:
        raise Refused("import.blocked", "表头或合并的单元格有问题，请先改正，再导入。")
    import_id = new_id(context.meta.command_id, "import")
    results = await taking_over.checked(repository, actor, operator_id, read, import_id)
    results = await taking_over.added(repository, context, results)
    return JSONResponse(answer(file_name(file.filename or ""), read, results))


async def _operator(repository: Repository, actor: Actor) -> UUID:
    operator_id = policy.operator_of(actor)
    _, state = await repository.filing(operator_id, actor)
    state.existing()
    return operator_id


async def _read(file: UploadFile, queue: FairQueue, actor: Actor) -> Reading:
    content = await file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise Invalid([Problem("file", "too-large", "文件不能超过 5 MB。")])
    try:
        async with queue.turn(str(actor.account)):
            return await decoding.reading(content)
    except Unreadable as unreadable:
        raise Invalid([Problem("file", "unreadable", str(unreadable))]) from unreadable
    except Unfinished as unfinished:
        raise Invalid([Problem("file", "unreadable", UNDECODABLE)]) from unfinished
    except Crowded as crowded:
        raise Refused("import.crowded", "正在检查的文件较多，请稍后再试。") from crowded
