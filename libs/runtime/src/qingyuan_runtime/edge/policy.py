"""Who may do what, as each service that has such rules applies them.

The tables of actions answer by the kind and the role of an account. The two rules below it answer by the thing in question, and
with `Missing` (HTTP 404), so that nobody learns whether a thing exists that is not theirs to see.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from qingyuan_events import Actor, ActorKind, ActorRole

from qingyuan_runtime.domain.decider import Missing
from qingyuan_runtime.edge.problems import Forbidden

EVERY_KIND: Final[frozenset[ActorKind]] = frozenset({"enterprise", "operator", "regulator", "administrator"})
OTHER_ROLE: Final = "您的账户角色不能执行此操作，请联系有此权限的同事。"
ROLES_OF: Final[Mapping[ActorKind, frozenset[ActorRole]]] = {
    "operator": frozenset({"manager", "technician", "quality_officer"}),
    "enterprise": frozenset({"manager", "signatory"}),
    "regulator": frozenset({"reviewer", "reader"}),
    "administrator": frozenset({"system", "security", "audit"}),
}
SYSTEM: Final[frozenset[ActorRole]] = frozenset({"system"})
WHOLE_CITY: Final = "310000"
"""The district of a regulator of the city, by its GB/T 2260 code."""


def kinds(*names: ActorKind) -> frozenset[ActorKind]:
    """Some kinds of account, as the table of a policy lists them."""
    return frozenset(names)


def roles(*names: ActorRole) -> frozenset[ActorRole]:
    """Some roles, as the table of a policy lists them."""
    return frozenset(names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The kinds of account that may do each action of a service.

    An action that stands in `roles` is for these roles alone; any other is for all roles of a kind, but of administrators for
    `system` only, as in the gateway's table. An actor without a role is from before its kind had roles, when every account of
    the kind might do this; no session has such an actor any more.
    """

    actions: Mapping[str, frozenset[ActorKind]]
    roles: Mapping[str, frozenset[ActorRole]] = field(default_factory=dict)

    def require(self, action: str, actor: Actor) -> None:
        """Raise `Forbidden` when this kind of account, or this role of its kind, may never do this."""
        if actor.kind not in self.actions[action]:
            raise Forbidden
        allowed = self.roles.get(action, SYSTEM if actor.kind == "administrator" else None)
        if allowed is not None and actor.role is not None and actor.role not in allowed:
            raise Forbidden("role.other", OTHER_ROLE)


def require_own(
    actor: Actor, *, noun: str, enterprise_id: UUID | None = None, operator_id: UUID | None = None
) -> None:
    """An enterprise and an operator see only what is their own. Raises `Missing`.

    Regulators and administrators are not bound to an organisation: the table and `require_district` bound them.
    """
    owners: Mapping[ActorKind, UUID | None] = {"enterprise": enterprise_id, "operator": operator_id}
    if actor.kind in owners and (actor.organisation is None or actor.organisation != owners[actor.kind]):
        raise Missing(noun)


def require_district(actor: Actor, *, noun: str, district: str) -> None:
    """A regulator of a district sees its district, one of the city sees all. Raises `Missing`."""
    if actor.kind == "regulator" and actor.district not in (WHOLE_CITY, district):
        raise Missing(noun)
