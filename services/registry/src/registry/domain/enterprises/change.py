"""A change of what an enterprise is known by: asked for, answered by somebody who watches over it, or taken back."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from qingyuan_events.registry import (
    EnterpriseChangeConfirmed,
    EnterpriseChangeRefused,
    EnterpriseChangeRequested,
    EnterpriseChangeWithdrawn,
    EnterpriseCorrected,
    EnterpriseIdentity,
    EnterpriseParticulars,
)
from qingyuan_runtime.domain.decider import Refused
from qingyuan_runtime.domain.problems import refuse, under

from registry.domain.enterprises.commands import DecideChange, WithdrawChange
from registry.domain.enterprises.identity import difference
from registry.domain.shared import checks


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A request that waits, and what the enterprise was known by when it was made.

    The request holds all three fields. Those it did not ask to change say nothing: they may be corrected while it waits.
    """

    request: EnterpriseChangeRequested
    known: EnterpriseIdentity

    @property
    def asked(self) -> dict[str, str]:
        return difference(self.known, self.request.wanted)

    def applied(self, present: EnterpriseParticulars) -> EnterpriseParticulars:
        return present.model_copy(update=self.asked)

    def moves(self, present: EnterpriseParticulars) -> bool:
        """Whether its confirmation brings the enterprise to another district."""
        return self.applied(present).district != present.district

    def says(self) -> tuple[dict[str, str], date, str]:
        """All that a person put into it: two that say the same are one."""
        return self.asked, self.request.valid_from, self.request.reason


def requested(asked: Pending | None, waiting: Pending | None) -> tuple[EnterpriseChangeRequested, ...]:
    """Nothing where the same is asked for already."""
    if asked is None or (waiting and waiting.says() == asked.says()):
        return ()
    return (asked.request,)


Answer = tuple[EnterpriseChangeConfirmed, EnterpriseCorrected] | tuple[EnterpriseChangeRefused]


def answered(command: DecideChange, was: EnterpriseParticulars, waiting: Pending | None) -> Answer:
    refuse(checks.reason(command.reason))
    pending = _still(waiting, command.request_id)
    said = {
        "enterprise_id": command.enterprise_id,
        "request_id": command.request_id,
        "reason": command.reason,
    }
    if not command.confirmed:
        return (EnterpriseChangeRefused.model_validate(said),)
    now = pending.applied(was)
    refuse(under("particulars", checks.enterprise(now, command.today)))
    corrected = EnterpriseCorrected(
        enterprise_id=command.enterprise_id,
        particulars=now,
        valid_from=pending.request.valid_from,
        reason=pending.request.reason,
    )
    return (EnterpriseChangeConfirmed.model_validate(said), corrected)


def withdrawn(command: WithdrawChange, waiting: Pending | None) -> EnterpriseChangeWithdrawn:
    refuse(checks.reason(command.reason))
    _still(waiting, command.request_id)
    return EnterpriseChangeWithdrawn(
        enterprise_id=command.enterprise_id, request_id=command.request_id, reason=command.reason
    )


def _still(waiting: Pending | None, request_id: UUID) -> Pending:
    """The request of this id. Raises `Refused` when it does not wait for an answer any more."""
    if waiting is None or waiting.request.request_id != request_id:
        raise Refused("change.decided", "该申请已有结果或已撤回，或已被新的申请取代。")
    return waiting
