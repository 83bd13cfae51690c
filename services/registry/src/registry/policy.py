"""Who may do what in the register: one table, and one rule about whose things they are."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from qingyuan_events import Actor, ActorKind
from qingyuan_runtime.domain.decider import Missing, Refused
from qingyuan_runtime.edge.problems import Forbidden

Action = str
OWNERS: Final[frozenset[ActorKind]] = frozenset({"enterprise", "administrator"})
OFFICE: Final[frozenset[ActorKind]] = frozenset({"administrator"})
READERS: Final[frozenset[ActorKind]] = frozenset({"enterprise", "regulator", "administrator"})
ANYONE: Final[frozenset[ActorKind]] = frozenset({"enterprise", "operator", "regulator", "administrator"})

WHO: Final[Mapping[Action, frozenset[ActorKind]]] = {
    "register-enterprise": OFFICE,
    "close-enterprise": OFFICE,
    "erase-contact": OFFICE,
    "correct-enterprise": OWNERS,
    "decide-change": frozenset({"regulator", "administrator"}),
    "withdraw-change": frozenset({"enterprise"}),
    "read-contact": READERS,
    "write-register": OWNERS,
    "import": OWNERS,
    "read-options": ANYONE,
}
WHOLE_CITY: Final = "310000"


def require(action: Action, actor: Actor) -> None:
    """Raise `Forbidden` when this kind of account may never do this."""
    if actor.kind not in WHO[action]:
        raise Forbidden


def require_own(actor: Actor, enterprise_id: UUID, noun: str) -> None:
    """An enterprise sees only its own: others' things do not exist for it."""
    if actor.kind == "enterprise" and actor.organisation != enterprise_id:
        raise Missing(noun)


def require_district(actor: Actor, district: str, noun: str) -> None:
    """A regulator of a district sees its district, one of the city all."""
    if actor.kind == "regulator" and actor.district not in (WHOLE_CITY, district):
        raise Missing(noun)


def changes_by_itself(actor: Actor) -> bool:
    """Whether a change of name, credit code and district takes effect without anybody else."""
    return actor.kind == "administrator"


def require_whole_city(actor: Actor) -> None:
    """A district neither takes an enterprise from another one nor gives one away."""
    if actor.kind == "regulator" and actor.district != WHOLE_CITY:
        raise Refused("change.moves-district", "迁往另一个区的申请，由市级监管部门或管理员确认。")
