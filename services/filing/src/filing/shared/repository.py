"""What a request loads before its command can be decided: the filing, its resources, and the proofs that came with it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from qingyuan_events import Actor
from qingyuan_runtime.domain.decider import Missing
from qingyuan_runtime.edge.policy import require_own
from qingyuan_runtime.log.handling import CommandContext, load
from qingyuan_runtime.log.privacy import KeyStore
from qingyuan_runtime.log.store import EventStore, Receipt
from qingyuan_runtime.tokens import evidence, second_factor
from qingyuan_runtime.tokens.evidence import Evidence
from qingyuan_runtime.tokens.issuers import Trusts
from qingyuan_runtime.tokens.second_factor import Given
from qingyuan_standards.dated import setting
from qingyuan_standards.days import local_day

from filing.domain.filings.decider import FILING
from filing.domain.filings.state import FilingState
from filing.domain.filings.undertaking import Undertaking
from filing.domain.resources.decider import RESOURCE
from filing.domain.resources.leases import RunningContract
from filing.domain.resources.state import ResourceState
from filing.shared.contracts import Contracts
from filing.shared.imports import Imports


@dataclass(frozen=True)
class Repository:
    """The event store, the keys of personal data, the clock, the keys by which tokens of files are verified, contracts, and running
    imports."""

    store: EventStore
    keys: KeyStore
    clock: Callable[[], datetime]
    trusted: Trusts
    contracts: Contracts
    imports: Imports

    def today(self) -> date:
        """The legal day: Asia/Shanghai."""
        return local_day(self.clock())

    async def filing(self, operator_id: UUID, actor: Actor) -> tuple[int, FilingState]:
        """Its version and state. Raises `Missing` when there is none, or it is not the actor's own."""
        require_own(actor, noun=FILING.noun, operator_id=operator_id)
        version, state = await load(self.store, FILING, FILING.stream(operator_id))
        if state.begun is None:
            raise Missing(FILING.noun)
        return version, state

    async def resource(self, resource_id: UUID, actor: Actor) -> tuple[int, ResourceState]:
        """Its version and state. Raises `Missing` when there is none, or it is not the actor's own."""
        version, state = await load(self.store, RESOURCE, RESOURCE.stream(resource_id))
        if state.particulars is None:
            raise Missing(RESOURCE.noun)
        require_own(actor, noun=RESOURCE.noun, operator_id=state.operator_id)
        return version, state

    async def resources(self, operator_id: UUID) -> Mapping[UUID, ResourceState]:
        """All that the operator has, as it stands now. No resource closes its stream, so none is left out."""
        streams = await self.store.open_children(FILING.stream(operator_id))
        loaded = await asyncio.gather(*(load(self.store, RESOURCE, stream) for stream in streams))
        return {state.resource_id: state for _, state in loaded}

    async def contracts_to_cover(self, operator_id: UUID) -> tuple[RunningContract, ...]:
        """The contracts that a lease of this operator must cover."""
        return tuple(await self.contracts.running(operator_id, self.today()))

    def undertaking(self) -> Undertaking:
        """The text that is signed today."""
        value = setting("filing_undertaking", self.today()).value
        return Undertaking(value["version"], value["text"])

    async def answered(self, context: CommandContext) -> Receipt | None:
        """The receipt of an earlier request with this command id; None for a new one."""
        return await self.store.receipt(context.meta.command_id, context.fingerprint)

    async def once(
        self,
        context: CommandContext,
        token: str | None,
        carry_out: Callable[[frozenset[str]], Awaitable[Receipt]],
    ) -> Receipt:
        """Carries a command out with the files that `token` attests as stored. A repeated request gets the first receipt,
        also when its token has expired since. Raises `Refused`."""
        receipt = await self.answered(context)
        return receipt or await carry_out(self.stored_files(token, context.meta.actor))

    def stored_files(self, token: str | None, actor: Actor) -> frozenset[str]:
        """Which of the files that a command names are stored. Raises `Refused`."""
        return self.evidence(token, actor).stored if token else frozenset()

    def evidence(self, token: str, actor: Actor) -> Evidence:
        """What the files service attests of the files that a command names. Raises `Refused`."""
        return evidence.verify(token, actor.account, self.trusted, self.clock())

    def second_factor(self, token: str, actor: Actor, sha256: str) -> Given:
        """When and how the second factor was given for this content. Raises `Unproven`."""
        return second_factor.verify(token, actor.account, sha256, self.trusted, self.clock())
