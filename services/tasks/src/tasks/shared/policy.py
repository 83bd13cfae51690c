"""Who may do what with contracts, plans and visits, and for which organisation."""

from typing import Final
from uuid import UUID

from qingyuan_events import Actor
from qingyuan_runtime.domain.decider import Refused
from qingyuan_runtime.edge.policy import EVERY_KIND, Policy, kinds, roles
from qingyuan_runtime.edge.problems import Forbidden

POLICY: Final = Policy(
    actions={
        "write-contract": kinds("operator"),
        "write-plan": kinds("operator"),
        "visit": kinds("operator"),
        "answer-contract": kinds("enterprise"),
        "read-places": kinds("operator", "administrator"),
        "read-forms": EVERY_KIND,
    },
    roles={"visit": roles("manager", "technician"), "answer-contract": roles("manager")},
)

MANAGERS_ONLY: Final = frozenset({"write-contract", "write-plan"})
"""Only a manager commits the organisation to a contract or a plan; a technician writes visits.

Of the enterprise, too, only a manager answers or ends a contract; a signatory confirms visits.
"""


def operator_of(action: str, actor: Actor) -> UUID:
    """The operator this account acts for. Raises `Forbidden` when it may not do this, or acts for none."""
    operator_id = organisation_of(action, actor)
    if action in MANAGERS_ONLY and actor.role != "manager":
        raise Forbidden("role.manager-only", "合同和计划由本机构的管理人员办理，您的账户可以填写现场运维。")
    return operator_id


def organisation_of(action: str, actor: Actor) -> UUID:
    """The organisation this account acts for. Raises `Forbidden` when it may not do this, or acts for none."""
    POLICY.require(action, actor)
    if actor.organisation is None:
        raise Forbidden
    return actor.organisation


def require_name(name: str | None) -> str:
    """The name of the actor's organisation. Raises `Refused` without one: a contract names both its sides."""
    if not name:
        raise Refused("organisation.nameless", "本机构还没有登记名称，请联系系统管理员。")
    return name
