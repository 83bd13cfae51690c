"""Who may upload. Who may read depends on references in facts, see `file_repository.py`."""

from typing import Final
from uuid import UUID

from qingyuan_events import Actor, ActorKind
from qingyuan_runtime.edge.problems import Forbidden

UPLOADERS: Final[frozenset[ActorKind]] = frozenset({"enterprise", "operator"})


def uploader(actor: Actor) -> UUID:
    """The organisation an upload belongs to. Raises `Forbidden` for accounts that may not upload."""
    if actor.kind not in UPLOADERS or actor.organisation is None or actor.role == "quality_officer":
        raise Forbidden
    return actor.organisation
