"""What a request loads before its command can be decided: the confirmation, and the proofs that came with it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from qingyuan_events import Actor
from qingyuan_runtime.domain.decider import Missing
from qingyuan_runtime.edge.policy import require_own
from qingyuan_runtime.log.handling import load
from qingyuan_runtime.log.store import EventStore
from qingyuan_runtime.tokens import evidence, second_factor
from qingyuan_runtime.tokens.evidence import Evidence
from qingyuan_runtime.tokens.issuers import Trusts
from qingyuan_runtime.tokens.second_factor import Given
from qingyuan_standards.days import local_day

from signoff import rules
from signoff.domain.commands import Statement
from signoff.domain.decider import CONFIRMATION
from signoff.domain.state import ConfirmationState


@dataclass(frozen=True)
class Repository:
    """The event store, the clock, and the keys by which tokens of accounts and files are verified."""

    store: EventStore
    clock: Callable[[], datetime]
    trusted: Trusts

    def statement(self) -> Statement:
        """What a signature declares today."""
        return rules.statement(local_day(self.clock()))

    async def confirmation(self, confirmation_id: UUID, actor: Actor) -> ConfirmationState:
        """Raises `Missing` when there is none, or it is not of the actor's organisation."""
        _, state = await load(self.store, CONFIRMATION, CONFIRMATION.stream(confirmation_id))
        if state.about is None:
            raise Missing(CONFIRMATION.noun)
        require_own(
            actor,
            noun=CONFIRMATION.noun,
            enterprise_id=state.about.enterprise_id,
            operator_id=state.about.operator_id,
        )
        return state

    def second_factor(self, token: str, actor: Actor, sha256: str) -> Given:
        """When and how the second factor was given for this content. Raises `Unproven`."""
        return second_factor.verify(token, actor.account, sha256, self.trusted, self.clock())

    def evidence(self, token: str | None, actor: Actor) -> Evidence:
        """What the files service attests of the files that a command names. Raises `Refused`."""
        return evidence.verify(token, actor.account, self.trusted, self.clock()) if token else evidence.NONE
