"""One row of the table of routes, and the groups of account kinds and of roles that may use routes."""

from dataclasses import dataclass
from typing import Final, Literal

from qingyuan_events import Actor, ActorKind, ActorRole
from qingyuan_runtime.edge.policy import ROLES_OF

from gateway.audit import Audit, audit_of

Body = Literal["none", "small", "json", "upload", "chunk", "proof"]
Answer = Literal["whole", "stream", "events"]

EVERYBODY: Final[frozenset[ActorKind]] = frozenset({"enterprise", "operator", "regulator", "administrator"})
OWNERS: Final[frozenset[ActorKind]] = frozenset({"enterprise", "administrator"})
OFFICE: Final[frozenset[ActorKind]] = frozenset({"administrator"})
OPERATORS: Final[frozenset[ActorKind]] = frozenset({"operator"})
ENTERPRISES: Final[frozenset[ActorKind]] = frozenset({"enterprise"})
UPLOADERS: Final[frozenset[ActorKind]] = frozenset({"enterprise", "operator"})
FILING_READERS: Final[frozenset[ActorKind]] = frozenset({"operator", "regulator", "administrator"})
READERS: Final[frozenset[ActorKind]] = frozenset({"enterprise", "regulator", "administrator"})

EVERY_ROLE: Final = frozenset[ActorRole]().union(*ROLES_OF.values())
"""Only for what is one's own: sessions, password."""
MANAGERS: Final[frozenset[ActorRole]] = frozenset({"manager"})
AT_WORK: Final[frozenset[ActorRole]] = frozenset({"manager", "technician", "signatory"})
"""All of an operator or an enterprise but quality officers, who only read."""
DECIDING: Final[frozenset[ActorRole]] = frozenset({"reviewer"})
SYSTEM: Final[frozenset[ActorRole]] = frozenset({"system"})


@dataclass(frozen=True, slots=True)
class Route:
    """Forwards `method` and `path` to the path `upstream` of `service` (its name in the topology).

    `who` are the kinds of accounts that may use it; None: it needs no session. `roles` are the only roles that may; None: all
    roles of the kinds, but of administrators `system` alone. `answer="stream"`: the response may be large
    and is forwarded while it is received. `foreign`: it is sent by a server of others, which proves itself to the service.
    `answer="events"`: it goes on until the session ends. `asked_by_page`: pages ask it by themselves, so it does not keep
    the session alive; of other routes the header `X-Asked-By-Page` says so. `while_restricted`: also for a session that has something else to do first (`must`).
    """

    method: str
    path: str
    service: str
    upstream: str
    who: frozenset[ActorKind] | None
    body: Body = "none"
    answer: Answer = "whole"
    roles: frozenset[ActorRole] | None = None
    foreign: bool = False
    asked_by_page: bool = False
    while_restricted: bool = False

    def allows(self, actor: Actor) -> bool:
        """Whether the table lets an account of this kind and role through."""
        if self.who is None:
            return True
        if actor.kind not in self.who:
            return False
        if self.roles is None:
            return actor.kind != "administrator" or actor.role == "system"
        return actor.role in self.roles

    @property
    def audit(self) -> Audit | None:
        """What the security log is told before the answer is given."""
        return audit_of(self.method, self.path)
