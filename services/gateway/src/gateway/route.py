"""What one row of the table says: what the browser asks, what the service is asked, and who may knock."""

from dataclasses import dataclass
from typing import Final, Literal

from qingyuan_events import ActorKind

Body = Literal["none", "small", "json", "upload", "chunk"]
Answer = Literal["whole", "stream"]

EVERYBODY: Final[frozenset[ActorKind]] = frozenset({"enterprise", "operator", "regulator", "administrator"})
OWNERS: Final[frozenset[ActorKind]] = frozenset({"enterprise", "administrator"})
OFFICE: Final[frozenset[ActorKind]] = frozenset({"administrator"})
OPERATORS: Final[frozenset[ActorKind]] = frozenset({"operator"})
ENTERPRISES: Final[frozenset[ActorKind]] = frozenset({"enterprise"})
UPLOADERS: Final[frozenset[ActorKind]] = frozenset({"enterprise", "operator"})
READERS: Final[frozenset[ActorKind]] = frozenset({"enterprise", "regulator", "administrator"})


@dataclass(frozen=True, slots=True)
class Route:
    """`path` is what the browser asks; `upstream` what `service`, by its name in the topology, is asked. `who` None: no session needed.

    An answer that may be large is passed on as it comes (`stream`).
    """

    method: str
    path: str
    service: str
    upstream: str
    who: frozenset[ActorKind] | None
    body: Body = "none"
    answer: Answer = "whole"
