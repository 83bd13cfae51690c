"""Who may do what with contracts, plans and visits: one table, and one rule about whose things they are."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from qingyuan_events import Actor, ActorKind
from qingyuan_runtime.decider import Missing
from qingyuan_runtime.problems import Forbidden

Action = str
OPERATORS: Final[frozenset[ActorKind]] = frozenset({"operator"})
ANYONE: Final[frozenset[ActorKind]] = frozenset({"enterprise", "operator", "regulator", "administrator"})

WHO: Final[Mapping[Action, frozenset[ActorKind]]] = {
    "write-contract": OPERATORS,
    "write-plan": OPERATORS,
    "visit": OPERATORS,
    "read-places": frozenset({"operator", "administrator"}),
    "read-forms": ANYONE,
}


def require(action: Action, actor: Actor) -> None:
    """Raise `Forbidden` when this kind of account may never do this."""
    if actor.kind not in WHO[action]:
        raise Forbidden


def operator_of(action: Action, actor: Actor) -> UUID:
    """The operator this account acts for. Raises `Forbidden` when it may not do this, or acts for none."""
    require(action, actor)
    if actor.organisation is None:
        raise Forbidden
    return actor.organisation


def require_own(actor: Actor, operator_id: UUID | None, noun: str) -> None:
    """An operator sees only its own: others' things do not exist for it."""
    if actor.organisation != operator_id:
        raise Missing(noun)
