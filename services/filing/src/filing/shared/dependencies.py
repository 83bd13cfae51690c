"""What the functions behind this service's routes are given."""

import time
from typing import Annotated, Final

from fastapi import Depends, Request
from qingyuan_events import Actor
from qingyuan_runtime.edge.dependencies import ActorDep, ContextDep, OrganisationNameDep, from_state
from qingyuan_runtime.edge.http import admitted, token_of
from qingyuan_runtime.tokens.actors import Verifier

from filing.shared.repository import Repository

REPOSITORY: Final = "repository"
NAMING: Final = "naming"
RepositoryDep = Annotated[Repository, Depends(from_state(REPOSITORY))]


async def named_to(request: Request) -> Actor:
    """The actor who reads names, either directly or through views, which exports them on the actor's behalf."""
    verifier: Verifier = getattr(request.app.state, NAMING)
    return admitted(request, verifier.verify(token_of(request), now=time.time()))


NamedToDep = Annotated[Actor, Depends(named_to)]
__all__ = ["ActorDep", "ContextDep", "NamedToDep", "OrganisationNameDep", "RepositoryDep"]
