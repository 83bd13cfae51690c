"""Who may do what with contracts, plans and visits: one table, and one rule about whose things they are."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from qingyuan_events import Actor, ActorKind
from qingyuan_runtime.domain.decider import Missing, Refused
from qingyuan_runtime.edge.problems import Forbidden

Action = str
OPERATORS: Final[frozenset[ActorKind]] = frozenset({"operator"})
ENTERPRISES: Final[frozenset[ActorKind]] = frozenset({"enterprise"})
ANYONE: Final[frozenset[ActorKind]] = frozenset({"enterprise", "operator", "regulator", "administrator"})

WHO: Final[Mapping[Action, frozenset[ActorKind]]] = {
    "write-contract": OPERATORS,
    "write-plan": OPERATORS,
    "visit": OPERATORS,
    "answer-contract": ENTERPRISES,
    "read-places": frozenset({"operator", "administrator"}),
    "read-forms": ANYONE,
}

MANAGERS_ONLY: Final = frozenset({"write-contract", "write-plan"})
"""What commits an organisation is its managers' to do; a technician writes visits."""


def require(action: Action, actor: Actor) -> None:
    """Raise `Forbidden` when this kind of account may never do this."""
    if actor.kind not in WHO[action]:
        raise Forbidden


def operator_of(action: Action, actor: Actor) -> UUID:
    """The operator this account acts for. Raises `Forbidden` when it may not do this, or acts for none."""
    operator_id = organisation_of(action, actor)
    if action in MANAGERS_ONLY and actor.role != "manager":
        raise Forbidden("role.manager-only", "合同和计划由本机构的管理人员办理，您的账户可以填写现场运维。")
    return operator_id


def organisation_of(action: Action, actor: Actor) -> UUID:
    """The organisation this account acts for. Raises `Forbidden` when it may not do this, or acts for none."""
    require(action, actor)
    if actor.organisation is None:
        raise Forbidden
    return actor.organisation


def require_name(name: str | None) -> str:
    """What the actor's organisation is called. Raises `Refused`: a contract names both its sides."""
    if not name:
        raise Refused("organisation.nameless", "本机构还没有登记名称，请联系系统管理员。")
    return name


def require_own(actor: Actor, operator_id: UUID | None, noun: str) -> None:
    """An operator sees only its own: others' things do not exist for it."""
    if actor.organisation != operator_id:
        raise Missing(noun)
