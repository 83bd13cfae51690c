"""What a request needs before it can be decided: the confirmation it speaks of, if the actor may see it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from qingyuan_events import Actor
from qingyuan_runtime.domain.decider import Missing, Refused
from qingyuan_runtime.log.handling import CommandContext, handle, load
from qingyuan_runtime.log.store import EventStore, Receipt
from qingyuan_runtime.tokens import evidence, second_factor
from qingyuan_runtime.tokens.evidence import Evidence
from qingyuan_runtime.tokens.issuers import Trusts
from qingyuan_standards.days import local_day

from signoff import policy, rules
from signoff.domain.commands import ConfirmationCommand, Statement
from signoff.domain.confirmation import CONFIRMATION
from signoff.domain.confirmation_state import ConfirmationState


@dataclass(frozen=True)
class Desk:
    """The store, the clock, and the keys by which accounts and files say what they know."""

    store: EventStore
    clock: Callable[[], datetime]
    trusted: Trusts

    def statement(self) -> Statement:
        """What a signature declares today."""
        return rules.statement(local_day(self.clock()))

    async def confirmation(self, confirmation_id: UUID, actor: Actor) -> ConfirmationState:
        _, state = await load(self.store, CONFIRMATION, CONFIRMATION.stream(confirmation_id))
        if state.about is None:
            raise Missing(CONFIRMATION.noun)
        about = state.about
        policy.require_own(actor, enterprise_id=about.enterprise_id, operator_id=about.operator_id)
        return state

    def proven(self, token: str, actor: Actor, sha256: str) -> datetime:
        """When the second factor was given for this content. Raises `Unproven`."""
        return second_factor.verify(token, actor.account, sha256, self.trusted, self.clock())

    def evidence(self, token: str | None, actor: Actor) -> Evidence:
        """What files says of the files a command speaks of. Raises `Refused`."""
        return evidence.verify(token, actor.account, self.trusted, self.clock()) if token else evidence.NONE

    async def carry_out(
        self, confirmation_id: UUID, command: Callable[[], ConfirmationCommand], asked: CommandContext
    ) -> Receipt:
        """A retry is answered as the first time, also when the proofs that `command` is made of have expired since."""
        try:
            made = command()
        except Refused:
            if earlier := await self.store.receipt(asked.meta.command_id, asked.fingerprint):
                return earlier
            raise
        return await handle(self.store, CONFIRMATION, CONFIRMATION.stream(confirmation_id), made, asked)
