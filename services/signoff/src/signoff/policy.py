"""Who may do what with a confirmation: one table, and one rule about whose it is."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from qingyuan_events import Actor, ActorKind
from qingyuan_runtime.domain.decider import Missing
from qingyuan_runtime.edge.problems import Forbidden

Action = str
ENTERPRISE: Final[frozenset[ActorKind]] = frozenset({"enterprise"})
OPERATOR: Final[frozenset[ActorKind]] = frozenset({"operator"})
ANYONE: Final[frozenset[ActorKind]] = frozenset({"enterprise", "operator", "regulator", "administrator"})

WHO: Final[Mapping[Action, frozenset[ActorKind]]] = {
    "read-statement": ANYONE,
    "open": ENTERPRISE,
    "sign": ENTERPRISE,
    "dispute": ENTERPRISE,
    "escalate": ENTERPRISE,
    "answer-dispute": OPERATOR,
    "tell-originals": OPERATOR | ENTERPRISE,
}


def require(action: Action, actor: Actor) -> None:
    """Raise `Forbidden` when this kind of account may never do this."""
    if actor.kind not in WHO[action]:
        raise Forbidden


def require_own(actor: Actor, *, enterprise_id: UUID, operator_id: UUID) -> None:
    """A confirmation concerns one enterprise and one operator; for everybody else it does not exist."""
    own = {"enterprise": enterprise_id, "operator": operator_id}.get(actor.kind)
    if own is None or actor.organisation != own:
        raise Missing("confirmation")
