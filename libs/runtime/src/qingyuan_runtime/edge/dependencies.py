"""FastAPI dependencies of route functions, with the same names in every service."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import Depends, Request
from qingyuan_events import Actor

from qingyuan_runtime.edge.http import command_context, current_actor, organisation_name
from qingyuan_runtime.log.handling import CommandContext

ActorDep = Annotated[Actor, Depends(current_actor)]
ContextDep = Annotated[CommandContext, Depends(command_context)]
OrganisationNameDep = Annotated[str | None, Depends(organisation_name)]


def from_state(name: str) -> Callable[[Request], Awaitable[Any]]:
    """A dependency that returns the object that the service has stored in `app.state` under this name."""

    async def stored(request: Request) -> Any:
        return getattr(request.app.state, name)

    return stored
