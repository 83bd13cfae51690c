"""The state of an enterprise: its particulars, its contacts, and a requested change without an answer."""

from dataclasses import dataclass, replace
from uuid import UUID

from qingyuan_events import Personal
from qingyuan_events.registry import (
    EnterpriseChangeConfirmed,
    EnterpriseChangeRefused,
    EnterpriseChangeRequested,
    EnterpriseChangeWithdrawn,
    EnterpriseClosed,
    EnterpriseContactErased,
    EnterpriseCorrected,
    EnterpriseParticulars,
    EnterpriseRegistered,
)

from registry.domain.enterprises.change import PendingChange
from registry.domain.enterprises.identity import identity
from registry.domain.shared.lifetime import Lifetime

EnterpriseFact = (
    EnterpriseRegistered
    | EnterpriseCorrected
    | EnterpriseClosed
    | EnterpriseContactErased
    | EnterpriseChangeRequested
    | EnterpriseChangeConfirmed
    | EnterpriseChangeRefused
    | EnterpriseChangeWithdrawn
)


@dataclass(frozen=True, slots=True)
class EnterpriseState:
    """`contacts`: the subjects of all contacts ever given, oldest first; `erased`: those erased since."""

    lifetime: Lifetime[EnterpriseParticulars] = Lifetime()
    contacts: tuple[UUID, ...] = ()
    erased: frozenset[UUID] = frozenset()
    pending: PendingChange | None = None

    def readable_contacts(self) -> tuple[UUID, ...]:
        return tuple(subject for subject in self.contacts if subject not in self.erased)

    def with_contact(self, contact: Personal | None) -> "EnterpriseState":
        if contact is None or contact.subject in self.contacts:
            return self
        return replace(self, contacts=(*self.contacts, contact.subject))


def evolve(state: EnterpriseState, fact: EnterpriseFact) -> EnterpriseState:
    match fact:
        case EnterpriseRegistered():
            begun = state.lifetime.begun(fact.particulars, fact.valid_from)
            return replace(state, lifetime=begun).with_contact(fact.contact)
        case EnterpriseCorrected():
            corrected = state.lifetime.corrected(fact.particulars, fact.valid_from)
            return replace(state, lifetime=corrected).with_contact(fact.contact)
        case EnterpriseClosed():
            return replace(state, lifetime=state.lifetime.ended(fact.valid_to), pending=None)
        case EnterpriseContactErased():
            return replace(state, erased=state.erased | {fact.subject})
        case EnterpriseChangeRequested():
            return replace(state, pending=_pending(fact, state.lifetime.particulars))
        case EnterpriseChangeConfirmed() | EnterpriseChangeRefused() | EnterpriseChangeWithdrawn():
            return replace(state, pending=None)


def _pending(fact: EnterpriseChangeRequested, known: EnterpriseParticulars | None) -> PendingChange | None:
    return PendingChange(request=fact, known=identity(known)) if known else None
