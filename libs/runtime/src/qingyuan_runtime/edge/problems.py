"""Every refusal as RFC 9457 problem+json. HTTP status codes appear in this file and nowhere else."""

from collections.abc import Iterable, MutableMapping, Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from opentelemetry import trace
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from qingyuan_runtime.domain import text
from qingyuan_runtime.domain.decider import Invalid, Missing, Problem, Refused
from qingyuan_runtime.log.handling import Busy, VersionMismatch
from qingyuan_runtime.log.store import CommandReused
from qingyuan_runtime.process.unavailable import UNAVAILABLE, is_unavailable
from qingyuan_runtime.tokens.actors import Untrusted
from qingyuan_runtime.tokens.second_factor import Unproven

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"


class Forbidden(Exception):
    """The actor is known and may not do this (HTTP 403). Where the actor may not know that it exists: `Missing`."""

    def __init__(self, code: str = "forbidden", sentence: str = "您没有执行此操作的权限。") -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence


class BadRequest(Exception):
    """The request lacks something every command must carry (HTTP 400)."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence


def problem(
    status: int,
    code: str,
    title: str,
    *,
    errors: Sequence[Problem] = (),
    headers: dict[str, str] | None = None,
    **members: Any,
) -> JSONResponse:
    type_ = f"urn:qingyuan:problem:{code}"
    body: dict[str, Any] = {"type": type_, "title": title, "status": status, "code": code}
    if errors:
        body["errors"] = [{"field": e.field, "rule": e.rule, "sentence": e.sentence} for e in errors]
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        body["trace_id"] = format(context.trace_id, "032x")
    return JSONResponse(body | members, status, headers=headers, media_type=MEDIA_TYPE)


def status_of(refused: Refused) -> int:
    if isinstance(refused, Missing):
        return 404
    if isinstance(refused, Unproven):
        return 403
    return 422 if isinstance(refused, Invalid) else 409


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refused)
    return problem(status_of(error), error.code, error.sentence, errors=error.problems, **error.details)


async def _mismatch(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, VersionMismatch)
    title = "数据已被他人修改，请查看差异后重新提交。"
    return problem(412, "version.mismatch", title, stream=error.stream, version=error.version)


async def _busy(_request: Request, _error: Exception) -> JSONResponse:
    return problem(503, "stream.busy", "系统繁忙，请稍后重试。", headers={"Retry-After": "1"})


async def _reused(_request: Request, _error: Exception) -> JSONResponse:
    return problem(422, "idempotency-key.reused", "同一个 Idempotency-Key 不能用于不同的内容。")


async def _untrusted(_request: Request, _error: Exception) -> JSONResponse:
    """The token of the request is bad, which is not the same as a missing session: `WWW-Authenticate` tells them apart."""
    bearer = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
    return problem(401, "session.missing", "请先登录。", headers=bearer)


async def _forbidden(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Forbidden)
    return problem(403, error.code, error.sentence)


async def _bad_request(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, BadRequest)
    return problem(400, error.code, error.sentence)


async def _malformed(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    if any(detail["type"] == "json_invalid" for detail in error.errors()):
        return problem(400, *BARE[400])
    errors = tuple(_problems(error.errors(), request.app.state.union_tags))
    return problem(422, "request.malformed", "填写的内容有误，请按提示修改。", errors=errors)


async def bare(_request: Request, error: Exception) -> JSONResponse:
    """Refusals of the framework that are only a status code: a body it cannot parse, an address it does not know."""
    assert isinstance(error, HTTPException)
    code, sentence = BARE.get(error.status_code, ("request.refused", "服务器无法处理此请求。"))
    return problem(error.status_code, code, sentence, headers=dict(error.headers or {}))


BARE = {
    400: ("body.malformed", "请求内容无法解析：不是有效的 JSON，或嵌套过深。"),
    404: ("route.unknown", "没有这个地址。"),
    405: ("method.unknown", "该地址不支持此操作。"),
    413: ("body.too-large", "提交的内容过大。"),
}


async def _unavailable(request: Request, error: Exception) -> JSONResponse:
    """The database is unavailable. Nothing was stored, so the client may send the same command again."""
    if not is_unavailable(error):
        return await _unexpected(request, error)
    log.warning("request.store_away", path=request.url.path, error=error)
    return problem(503, "store.away", "服务暂时不可用，请稍后重试。", headers={"Retry-After": "2"})


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    """A defect of this program. It is logged, and the user gets the trace id to report."""
    log.error("request.failed", path=request.url.path, error=error, exc_info=error)
    return problem(500, "unexpected", "系统内部错误，请将追踪号告知管理员。")


SENTENCES = {
    "missing": "必填项，不能为空。",
    "string_pattern_mismatch": "格式不正确。",
    "extra_forbidden": "不认识的字段。",
    "literal_error": "不在可选范围内。",
    "enum": "不在可选范围内。",
    "uuid_parsing": "编号格式不正确。",
    "date_from_datetime_parsing": "日期格式应为 YYYY-MM-DD。",
    "date_parsing": "日期格式应为 YYYY-MM-DD。",
    "decimal_parsing": "应填写数字。",
    "union_tag_invalid": "不在可选范围内。",
    "union_tag_not_found": "缺少类别。",
    "string_unicode": "含有无法识别的字符。",
    "timezone_aware": "时间须带时区。",
    "moment_out_of_range": "时间不在合理范围内，请检查手机的日期和时间设置。",
    "accuracy_out_of_range": "定位精度不在合理范围内。",
    "file_out_of_range": "文件信息不在合理范围内。",
    "photo_of": "应为签到、签退、阻挠，或某张记录单的编号。",
    "named_twice": "同一项只能列一次。",
    "date_out_of_range": "日期应在 1900 年至 2199 年之间。",
    "datetime_parsing": "时间格式不正确。",
    "int_parsing": "应填写整数。",
    "int_type": "应填写整数。",
    "too_deep": "嵌套过深。",
    "too_short": "请至少选择一项。",
    "too_long": "数量过多，最多 {max_length} 项。",
    "greater_than": "应大于 {gt}。",
    "greater_than_equal": "不能小于 {ge}。",
    "less_than_equal": "不能大于 {le}。",
    "number_out_of_range": "数值过大，或小数位过多。",
    **text.SENTENCES,
}


LOCATIONS = frozenset({"body", "query", "path", "header"})


def _problems(errors: Iterable[Any], union_tags: frozenset[str]) -> Iterable[Problem]:
    """A problem for each error. Pydantic puts tags of unions into the path, which are no fields of the body."""
    for error in errors:
        path = [str(part) for part in error["loc"] if part not in LOCATIONS | union_tags]
        yield Problem(".".join(path), error["type"], sentence_of(error))


def sentence_of(error: Any) -> str:
    """The Chinese sentence for an error of pydantic."""
    return SENTENCES.get(error["type"], "填写有误。").format_map(error.get("ctx", {}))


class Contained:
    """ASGI middleware: turns an unexpected exception into a response and does not raise it again.

    The framework raises it again after its response, and then the server closes the connection. A client with a pool
    notices that only with its next request, which may be that of another user.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def send_and_note(message: MutableMapping[str, Any]) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except ClientDisconnect:
            return
        except Exception as error:
            if begun or scope["type"] != "http":
                raise  # the connection must break, so that a partial response is not taken for a complete one
            response = await _unexpected(Request(scope), error)
            await response(scope, receive, send)


def install(app: FastAPI) -> None:
    """Register the response to every kind of refusal."""
    app.add_exception_handler(Exception, _unexpected)
    for kind in (*UNAVAILABLE, ExceptionGroup):
        app.add_exception_handler(kind, _unavailable)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(VersionMismatch, _mismatch)
    app.add_exception_handler(Busy, _busy)
    app.add_exception_handler(CommandReused, _reused)
    app.add_exception_handler(Untrusted, _untrusted)
    app.add_exception_handler(Forbidden, _forbidden)
    app.add_exception_handler(BadRequest, _bad_request)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, bare)
