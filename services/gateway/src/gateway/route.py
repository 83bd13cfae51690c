"""One row of the table of routes, and the groups of account kinds that may use routes."""

from dataclasses import dataclass
from typing import Final, Literal

from qingyuan_events import ActorKind

Body = Literal["none", "small", "json", "upload", "chunk", "proof"]
Answer = Literal["whole", "stream"]

EVERYBODY: Final[frozenset[ActorKind]] = frozenset({"enterprise", "operator", "regulator", "administrator"})
OWNERS: Final[frozenset[ActorKind]] = frozenset({"enterprise", "administrator"})
OFFICE: Final[frozenset[ActorKind]] = frozenset({"administrator"})
OPERATORS: Final[frozenset[ActorKind]] = frozenset({"operator"})
ENTERPRISES: Final[frozenset[ActorKind]] = frozenset({"enterprise"})
UPLOADERS: Final[frozenset[ActorKind]] = frozenset({"enterprise", "operator"})
FILING_READERS: Final[frozenset[ActorKind]] = frozenset({"operator", "regulator", "administrator"})
READERS: Final[frozenset[ActorKind]] = frozenset({"enterprise", "regulator", "administrator"})


@dataclass(frozen=True, slots=True)
class Route:
    """Forwards `method` and `path` to the path `upstream` of `service` (its name in the topology).

    `who` are the kinds of accounts that may use it; None: it needs no session. `answer="stream"`: the response may be large
    and is forwarded while it is received. `while_restricted`: also for a session that has something else to do first (`must`).
    """

    method: str
    path: str
    service: str
    upstream: str
    who: frozenset[ActorKind] | None
    body: Body = "none"
    answer: Answer = "whole"
    while_restricted: bool = False
