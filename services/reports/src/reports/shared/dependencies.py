"""What the functions behind this service's routes are given."""

from typing import Annotated, Final

from fastapi import Depends
from qingyuan_runtime.edge.dependencies import ActorDep, ContextDep, from_state

from reports.shared.repository import Repository

REPOSITORY: Final = "repository"
RepositoryDep = Annotated[Repository, Depends(from_state(REPOSITORY))]

__all__ = ["ActorDep", "ContextDep", "RepositoryDep"]
