"""Changes of an enterprise's identity: requested by it, then confirmed or refused by an authority, or withdrawn."""

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
class PendingChange:
    """A request without an answer, and the identity of the enterprise when it was made.

    The request carries all three fields of an identity. Only those that differ from `known` are requested; the others
    may be corrected meanwhile.
    """

    request: EnterpriseChangeRequested
    known: EnterpriseIdentity

    @property
    def changed_fields(self) -> dict[str, str]:
        return difference(self.known, self.request.wanted)

    def applied(self, present: EnterpriseParticulars) -> EnterpriseParticulars:
        return present.model_copy(update=self.changed_fields)

    def moves(self, present: EnterpriseParticulars) -> bool:
        """Whether its confirmation moves the enterprise to another district."""
        return self.applied(present).district != present.district

    def content(self) -> tuple[dict[str, str], date, str]:
        """What the person entered. Two requests with the same content count as one."""
        return self.changed_fields, self.request.valid_from, self.request.reason


def request_change(
    new: PendingChange | None, pending: PendingChange | None
) -> tuple[EnterpriseChangeRequested, ...]:
    """No event when the same change waits for an answer already."""
    if new is None or (pending and pending.content() == new.content()):
        return ()
    return (new.request,)


Answer = tuple[EnterpriseChangeConfirmed, EnterpriseCorrected] | tuple[EnterpriseChangeRefused]


def decide_change(
    command: DecideChange, particulars: EnterpriseParticulars, pending: PendingChange | None
) -> Answer:
    refuse(checks.reason(command.reason))
    change = _require_pending(pending, command.request_id)
    answer = {
        "enterprise_id": command.enterprise_id,
        "request_id": command.request_id,
        "reason": command.reason,
    }
    if not command.confirmed:
        return (EnterpriseChangeRefused.model_validate(answer),)
    corrected_particulars = change.applied(particulars)
    refuse(under("particulars", checks.enterprise(corrected_particulars, command.today)))
    corrected = EnterpriseCorrected(
        enterprise_id=command.enterprise_id,
        particulars=corrected_particulars,
        valid_from=change.request.valid_from,
        reason=change.request.reason,
    )
    return (EnterpriseChangeConfirmed.model_validate(answer), corrected)


def withdraw_change(command: WithdrawChange, pending: PendingChange | None) -> EnterpriseChangeWithdrawn:
    refuse(checks.reason(command.reason))
    _require_pending(pending, command.request_id)
    return EnterpriseChangeWithdrawn(
        enterprise_id=command.enterprise_id, request_id=command.request_id, reason=command.reason
    )


def _require_pending(pending: PendingChange | None, request_id: UUID) -> PendingChange:
    """The request of this id. Raises `Refused` when it no longer waits for an answer."""
    if pending is None or pending.request.request_id != request_id:
        raise Refused("change.decided", "该申请已有结果或已撤回，或已被新的申请取代。")
    return pending
