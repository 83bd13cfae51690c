"""The security log over HTTP: auditors read and export it; the gateway tells what other services gave away."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated, Final, Literal
from uuid import UUID

import asyncpg
from fastapi import Depends, FastAPI, Query
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from qingyuan_events import Actor
from qingyuan_runtime.domain.bounds import Day
from qingyuan_runtime.domain.decider import Invalid, Problem
from qingyuan_runtime.domain.text import AsItIs, Text
from qingyuan_runtime.edge.dependencies import ActorDep, from_state
from qingyuan_runtime.edge.problems import Forbidden
from qingyuan_standards.days import at_local, local_clock

from accounts.http import security_models
from accounts.security.explaining import explanation
from accounts.security.lines import LogFilter, SecurityLines
from accounts.security.words import WORDS, word_of
from accounts.security_log.devices import device_of
from accounts.security_log.writing import ForeignLine, SecurityLog

EXPORT_MOST: Final = 50_000
HEAD: Final = ("时间", "事项", "结果", "操作账户", "对象账户", "单位", "辖区", "网络地址", "设备", "说明")
RESULTS: Final = {"done": "成功", "refused": "被拒绝", "failed": "失败"}
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")

Lines = Annotated[SecurityLines, Depends(from_state("security_lines"))]
Log = Annotated[SecurityLog, Depends(from_state("security_log"))]
Word = Annotated[str, Text(100), Query()]


class LineBody(BaseModel):
    model_config = ConfigDict(extra="forbid")
    what: Literal["data-exported", "personal-data-read"]
    account: UUID
    address: Annotated[str, AsItIs(64)]
    agent: Annotated[str, AsItIs(300)]
    result: Literal["done", "refused", "failed"]
    path: Annotated[str, AsItIs(300)]


class LinesBody(BaseModel):
    model_config = ConfigDict(extra="forbid")
    lines: list[LineBody] = Field(min_length=1, max_length=200)


async def auditor(by: ActorDep) -> Actor:
    if by.kind != "administrator" or by.role != "audit":
        raise Forbidden
    return by


Auditor = Annotated[Actor, Depends(auditor)]


async def narrowed_by(
    account: Word = "",
    organisation: Word = "",
    what: Word = "",
    address: Word = "",
    result: Annotated[Literal["", "done", "refused", "failed"], Query()] = "",
    since: Annotated[Day | None, Query(alias="from", description="the first day")] = None,
    until: Annotated[Day | None, Query(alias="to", description="the last day")] = None,
) -> LogFilter:
    """Days are those of Shanghai. `account` is the name of an account, `organisation` a part of a name."""
    return LogFilter(
        _begin(since),
        _begin(until + timedelta(days=1)) if until else None,
        account,
        organisation,
        what,
        result,
        address,
    )


Narrowed = Annotated[LogFilter, Depends(narrowed_by)]


def add_routes(app: FastAPI) -> None:
    @app.get("/security-log", response_model=security_models.SecurityLines, tags=["安全"])
    async def read_log(
        _by: Auditor,
        lines: Lines,
        narrowed: Narrowed,
        after: Annotated[str, Text(20, code=True), Query()] = "",
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> JSONResponse:
        """The security log, the newest line first. `after` is the `next` of the page before."""
        rows = await lines.page(narrowed, before=_number(after), limit=limit + 1)
        more = str(rows[limit - 1]["id"]) if len(rows) > limit else None
        return JSONResponse({"items": [_line(row) for row in rows[:limit]], "next": more})

    @app.get("/security-log/words", response_model=security_models.SecurityWords, tags=["安全"])
    async def read_words(_by: Auditor) -> JSONResponse:
        """What the log may record, by its code, to choose from."""
        return JSONResponse({"words": WORDS})

    @app.get("/security-log.csv", response_class=Response, tags=["安全"])
    async def export_log(_by: Auditor, lines: Lines, narrowed: Narrowed) -> Response:
        """The same lines as a file for a spreadsheet, at most 50,000."""
        rows = await lines.page(narrowed, before=None, limit=EXPORT_MOST + 1)
        if len(rows) > EXPORT_MOST:
            sentence = f"符合条件的超过 {EXPORT_MOST} 条，请缩小查询条件后导出。"
            raise Invalid((Problem("from", "export.too-large", sentence),))
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{_FILE_NAME}"}
        return Response(_table(rows), media_type="text/csv; charset=utf-8", headers=headers)

    @app.post("/security-log/lines", status_code=204, include_in_schema=False)
    async def add_lines(body: LinesBody, by: ActorDep, log: Log) -> Response:
        """For the gateway alone: what other services are about to give away, and to whom."""
        if by.kind != "system":
            raise Forbidden
        await log.add_foreign([_foreign(line) for line in body.lines])
        return Response(status_code=204)


def _foreign(line: LineBody) -> ForeignLine:
    device = device_of(line.agent)
    return ForeignLine(line.what, line.account, line.address, device, line.result, {"path": line.path})


def _begin(day: date | None) -> datetime | None:
    return at_local(day, time()) if day else None


def _number(after: str) -> int | None:
    if after and not (after.isascii() and after.isdecimal() and len(after) < 19):
        raise Invalid((Problem("after", "page.malformed", "翻页位置无法识别，请重新查询。"),))
    return int(after) if after else None


def _line(row: asyncpg.Record) -> dict[str, object]:
    return {
        "id": row["id"],
        "at": row["happened"].isoformat(),
        "what": row["what"],
        "text": word_of(row["what"]),
        "result": row["result"],
        "actor": _named(row, row["actor"], "actor"),
        "account": _named(row, row["account_id"], "account"),
        "kind": row["kind"],
        "organisation": str(row["organisation"]) if row["organisation"] else None,
        "organisation_name": row["organisation_name"],
        "district": row["district"],
        "address": row["address"],
        "device": row["device"],
        "detail": json.loads(row["detail"]),
        "explanation": explanation(json.loads(row["detail"])),
    }


def _named(row: asyncpg.Record, account: UUID | None, who: str) -> dict[str, object] | None:
    if account is None:
        return None
    return {"id": str(account), "name": row[f"{who}_name"], "label": row[f"{who}_label"]}


def _table(rows: Sequence[asyncpg.Record]) -> bytes:
    """With a byte order mark, without which spreadsheets take the text for another encoding."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(HEAD)
    writer.writerows([_harmless(cell) for cell in _cells(row)] for row in rows)
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def _cells(row: asyncpg.Record) -> Iterator[str]:
    yield local_clock(row["happened"]).strftime("%Y-%m-%d %H:%M:%S")
    yield word_of(row["what"])
    yield RESULTS[row["result"]]
    yield row["actor_name"] or ""
    yield row["account_name"] or ""
    yield row["organisation_name"] or ""
    yield row["district"] or ""
    yield row["address"]
    yield row["device"]
    yield explanation(json.loads(row["detail"]))


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula begins with an apostrophe."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


_FILE_NAME: Final = "%E5%AE%89%E5%85%A8%E6%97%A5%E5%BF%97.csv"
"""安全日志.csv"""
