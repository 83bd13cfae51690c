"""What all queries over HTTP have in common: the scope of the asker, and waiting until the view knows what the asker
wrote."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Protocol

from fastapi import Depends, Request
from fastapi.responses import JSONResponse
from qingyuan_runtime.edge.dependencies import ActorDep
from qingyuan_runtime.edge.problems import BadRequest, problem

from views.shared.arrivals import Arrivals
from views.shared.scope import Scope, scope_of

WAIT_SECONDS: Final = 2.0
STREAM: Final = re.compile(r"[a-z_]+-[0-9a-f-]{36}")
VERSIONED: Final = re.compile(rf"(?P<stream>{STREAM.pattern})@(?P<version>[0-9]{{1,18}})")
MODELS: Final[Mapping[str, str]] = {
    "contract": "work",
    "plan": "work",
    "visit": "work",
    "confirmation": "confirmations",
    "filing": "filings",
    "resource": "filings",
    "credit_document": "filings",
    "annual_information": "filings",
    "report": "reports",
    "exemption": "reports",
}
"""The read model for the streams of a noun; all other nouns belong to the register."""


class Listed(Protocol):
    """A page of a list: the cursor of the next one, and how many rows the list has where a page number was given."""

    @property
    def following(self) -> str | None: ...

    @property
    def count(self) -> int | None: ...


def page_answer(page: Listed, items: Sequence[Any]) -> JSONResponse:
    """`items` are the rows of the page as JSON."""
    counted = {} if page.count is None else {"count": page.count}
    return JSONResponse({"items": items, "next": page.following, **counted})


class Behind(Exception):
    """The view has not reached the requested version in time (HTTP 503)."""


async def actor_scope(actor: ActorDep) -> Scope:
    return scope_of(actor)


async def wait_until_up_to_date(request: Request, scope: Annotated[Scope, Depends(actor_scope)]) -> None:
    """Wait until the view knows what the asker wrote: ``If-Version-At-Least: <stream>@<version>``.

    For an asker who may not see the stream this is the same as for a stream that does not exist, so that neither the response
    nor its delay reveals the version.
    """
    wanted = request.headers.get("if-version-at-least")
    if not wanted:
        return
    if (named := VERSIONED.fullmatch(wanted)) is None:
        raise BadRequest("if-version-at-least.malformed", "If-Version-At-Least 应为 <流>@<版本>。")
    model = MODELS.get(named["stream"].split("-", 1)[0], "register")
    arrivals: Mapping[str, Arrivals] = request.app.state.arrivals
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            await arrivals[model].wait(named["stream"], int(named["version"]), scope)
    except TimeoutError as error:
        raise Behind from error


async def behind(_request: Request, _error: Exception) -> JSONResponse:
    return problem(503, "view.behind", "数据仍在同步，请稍后刷新。", headers={"Retry-After": "1"})


async def now(request: Request) -> datetime:
    """The time of the request, by the clock that `build_app` was given."""
    moment: datetime = request.app.state.clock()
    return moment


ActorScope = Annotated[Scope, Depends(actor_scope)]
Now = Annotated[datetime, Depends(now)]
UpToDate = [Depends(wait_until_up_to_date)]
