"""Who may do what in the register."""

from typing import Final

from qingyuan_events import Actor
from qingyuan_runtime.domain.decider import Refused
from qingyuan_runtime.edge.policy import EVERY_KIND, WHOLE_CITY, Policy, kinds, roles

WRITERS: Final = roles("manager", "system")
DECIDERS: Final = roles("reviewer", "system")
POLICY: Final = Policy(
    actions={
        "register-enterprise": kinds("administrator"),
        "close-enterprise": kinds("administrator"),
        "erase-contact": kinds("administrator"),
        "correct-enterprise": kinds("enterprise", "administrator"),
        "decide-change": kinds("regulator", "administrator"),
        "withdraw-change": kinds("enterprise"),
        "read-contact": kinds("enterprise", "regulator", "administrator"),
        "write-register": kinds("enterprise", "administrator"),
        "void-entry": kinds("enterprise", "regulator", "administrator"),
        "import": kinds("enterprise", "administrator"),
        "read-options": EVERY_KIND,
    },
    roles={
        "correct-enterprise": WRITERS,
        "decide-change": DECIDERS,
        "withdraw-change": WRITERS,
        "write-register": WRITERS,
        "void-entry": WRITERS | DECIDERS,
        "import": WRITERS,
    },
)


def changes_identity_directly(actor: Actor) -> bool:
    """Whether a change of name, credit code and district takes effect without anybody else's confirmation."""
    return actor.kind == "administrator"


def require_whole_city(actor: Actor) -> None:
    """Raise `Refused` for a regulator of a district: it may not move an enterprise to or from another district."""
    if actor.kind == "regulator" and actor.district != WHOLE_CITY:
        raise Refused("change.moves-district", "迁往另一个区的申请，由市级监管部门或管理员确认。")
