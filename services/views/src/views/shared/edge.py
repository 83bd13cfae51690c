"""What every question over HTTP has in common: who asks, and waiting until the view knows what they wrote."""

import asyncio
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.responses import JSONResponse
from qingyuan_events import Actor
from qingyuan_runtime.edge.http import current_actor
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
}
"""Which model knows the streams of a noun; all other nouns are the register's."""


class Behind(Exception):
    """The view has not seen the asked version in time (HTTP 503)."""


async def scope(actor: Annotated[Actor, Depends(current_actor)]) -> Scope:
    return scope_of(actor)


async def seen(request: Request, sees: Annotated[Scope, Depends(scope)]) -> None:
    """Wait until the view knows what the asker wrote: ``If-Version-At-Least: <stream>@<version>``.

    Who may not see the stream waits as for one that is not there, so neither answer nor delay tells its version.
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
            await arrivals[model].wait(named["stream"], int(named["version"]), sees)
    except TimeoutError as error:
        raise Behind from error


async def behind(_request: Request, _error: Exception) -> JSONResponse:
    return problem(503, "view.behind", "数据仍在同步，请稍后刷新。", headers={"Retry-After": "1"})


async def now(request: Request) -> datetime:
    """The instant of the question, by the clock of the composition root."""
    moment: datetime = request.app.state.clock()
    return moment


Sees = Annotated[Scope, Depends(scope)]
Now = Annotated[datetime, Depends(now)]
Seen = [Depends(seen)]
