"""Plays the commands of the history through the edges of filing, tasks and signoff, in this process and with a clock of its own.

Nothing is stored: what the edges appended is kept in journals, with the time at which it was appended. So every fact is
one that the services' own deciders accepted, and the services that run are not concerned.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import httpx
from filing import deadlines as filing_deadlines
from filing.main import Adapters as Filing
from filing.main import edge as filing_edge
from filing.shared.contracts import MemoryContracts
from filing.shared.imports import MemoryImports
from qingyuan_events import Actor, Fact, Meta, Recorded
from qingyuan_events.tasks import VisitAmended, VisitCompleted
from qingyuan_runtime.assembly.log_service import ServiceContext
from qingyuan_runtime.edge.http import always_ready
from qingyuan_runtime.log.privacy import KeyStore, MemoryKeys
from qingyuan_runtime.log.store import Receipt, Write
from qingyuan_runtime.log.store_memory import MemoryStore
from qingyuan_runtime.tokens import actors, evidence, second_factor
from qingyuan_runtime.tokens.evidence import Evidence
from qingyuan_runtime.tokens.issuers import EveryIssuer
from qingyuan_standards.days import local_day
from signoff import deadlines, reactions, rules
from signoff.main import edge as signoff_edge
from tasks.filed_copy.memory import MemoryFiledCopy
from tasks.main import Copies
from tasks.main import edge as tasks_edge
from tasks.register_copy.memory import MemoryRegisterCopy

from qingyuan_cli.seeding.history.due import Timers
from qingyuan_cli.seeding.history.pictures import Drawing
from qingyuan_cli.seeding.history.requests import Service, Step
from qingyuan_cli.seeding.refusals import Refusal

Json = dict[str, Any]
REACTED_AFTER: Final = timedelta(seconds=1)


class NotPlayed(Refusal):
    """An edge has refused a command of the history: the planner and the rules do not fit."""


@dataclass(frozen=True, slots=True)
class Person:
    actor: Actor
    organisation_name: str | None


@dataclass(frozen=True, slots=True)
class Appended:
    """One append of a journal: what a service's log would hold of it."""

    at: datetime
    writes: tuple[Write, ...]
    meta: Meta
    fingerprint: str
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that an account had stored at this time."""

    at: datetime
    person: Person
    drawing: Drawing


@dataclass
class Clock:
    """The time in the history. `Moves` from step to step."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


class JournalStore(MemoryStore):
    """A store in memory that also keeps what was appended when, by the clock of the history."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self.journal: list[Appended] = []

    async def append(self, writes: Sequence[Write], meta: Meta, fingerprint: str) -> Receipt:
        earlier = await self.receipt(meta.command_id, fingerprint)
        receipt = await super().append(writes, meta, fingerprint)
        if earlier is None:
            self.journal.append(Appended(self._clock.now, tuple(writes), meta, fingerprint, receipt))
        return receipt


@dataclass
class Played:
    """The journals of the services, and the files that were uploaded, in the order of time.

    `keys`: those of personal data, which must be there as long as the facts. Filings are handed in before there are contracts.
    """

    clock: Clock
    people: Mapping[str, Person]
    register: MemoryRegisterCopy
    keys: KeyStore = field(default_factory=MemoryKeys)
    uploads: list[Upload] = field(default_factory=list)
    contents: dict[UUID, str] = field(default_factory=dict)
    """The content of each visit that is to be confirmed."""

    def __post_init__(self) -> None:
        self.filing, self.tasks, self.signoff = (JournalStore(self.clock) for _ in range(3))
        self.filed = MemoryFiledCopy()
        self._keys = EveryIssuer()
        self._react = reactions.reaction(self.signoff, self.clock)
        self._of_papers = Timers(filing_deadlines.rule, filing_deadlines.when_due(self.filing))
        self._of_confirmations = Timers(deadlines.rule, deadlines.when_due(self.signoff))
        self._stored: dict[str, datetime] = {}
        self._originals: dict[UUID, datetime] = {}
        self._read = {"filing": 0, "tasks": 0, "signoff": 0}

    @property
    def journals(self) -> Mapping[Service, Sequence[Appended]]:
        """In the order in which logs are given them: a reaction of signoff to visits must find the confirmations of then."""
        return {
            "filing": self.filing.journal,
            "signoff": self.signoff.journal,
            "tasks": self.tasks.journal,
        }

    def edges(self) -> dict[Service, httpx.AsyncClient]:
        filing = filing_edge(
            self._context(self.filing), Filing(self.keys, MemoryContracts(), MemoryImports())
        )
        tasks = tasks_edge(self._context(self.tasks), Copies(self.register, self.filed))
        signoff = signoff_edge(self._context(self.signoff), None)
        return {"filing": _client(filing), "tasks": _client(tasks), "signoff": _client(signoff)}

    def _context(self, store: JournalStore) -> ServiceContext:
        return ServiceContext(store, self.clock, self._keys, always_ready)

    async def play(self, edges: Mapping[Service, httpx.AsyncClient], step: Step) -> None:
        await self.wait_until(step.at)
        person = self.people[step.who]
        for drawing in step.uploads:
            self._upload(person, drawing, step.at)
        body = step.body | self._proofs(step, person.actor)
        headers = {"Authorization": f"Bearer {self._token(person)}", "Idempotency-Key": step.key}
        response = await edges[step.service].post(step.path, json=body, headers=headers)
        if response.is_error:
            raise NotPlayed.of(response)
        await self._follow()

    async def wait_until(self, moment: datetime) -> None:
        """Let the clock go on, and send the reminders and lapses that are due before `moment`."""
        every = (self._of_papers, self._of_confirmations)
        while due := [(timer, timers) for timers in every for timer in timers.before(moment)]:
            timer, timers = min(due, key=lambda pair: pair[0].at)
            timers.remove(timer)
            self.clock.now = max(self.clock.now, timer.at + REACTED_AFTER)
            await timers.when_due(timer, self.clock.now)
            await self._follow()
        self.clock.now = moment

    async def _follow(self) -> None:
        """What the followers do with new facts: what is filed is known to plans, confirmations are requested, timers set."""
        for recorded in await self._new_facts("filing", self.filing):
            self.filed.apply(recorded)
            self._of_papers.follow(recorded)
        for recorded in await self._new_facts("tasks", self.tasks):
            if isinstance(recorded.fact, VisitCompleted | VisitAmended):
                self.contents[recorded.fact.visit_id] = recorded.fact.content_sha256
                self.clock.now += REACTED_AFTER
                await self._react(recorded)
        for recorded in await self._new_facts("signoff", self.signoff):
            self._of_confirmations.follow(recorded)

    async def _new_facts(self, service: str, store: JournalStore) -> list[Recorded[Fact]]:
        """The facts appended since the last time, as the log would have them."""
        new, self._read[service] = store.journal[self._read[service] :], len(store.journal)
        facts: list[Recorded[Fact]] = []
        for appended in new:
            for write in appended.writes:
                every = (await store.read(write.stream))[: write.expected + len(write.facts)]
                facts += [replace(each, recorded_at=appended.at) for each in every[write.expected :]]
        return facts

    def _upload(self, person: Person, drawing: Drawing, at: datetime) -> None:
        """The same drawing is uploaded once by each organisation."""
        stored = f"{person.actor.organisation} {drawing.ref['sha256']}"
        if stored not in self._stored:
            self._stored[stored] = at
            self.uploads.append(Upload(at, person, drawing))

    def _proofs(self, step: Step, actor: Actor) -> Json:
        proofs = step.proofs
        if not proofs.files and proofs.visit is None:
            return {}
        content = self.contents[proofs.visit] if proofs.visit else None
        signed = self._signed(actor, content) if content and proofs.is_signature else {}
        named = {"content_sha256": content} if content else {}
        if proofs.over:
            signed = {"second_factor": self._second_factor(actor, proofs.over)}
        return named | signed | {"evidence": self._evidence(actor, proofs.visit, content, proofs.files)}

    def _signed(self, actor: Actor, content: str) -> Json:
        return {
            "statement_version": rules.statement(local_day(self.clock.now)).version,
            "second_factor": self._second_factor(actor, content),
        }

    def _second_factor(self, actor: Actor, sha256: str) -> str:
        return second_factor.issue(actor.account, [sha256], self._keys, self.clock.now).token

    def _evidence(
        self, actor: Actor, visit: UUID | None, content: str | None, files: Iterable[Drawing]
    ) -> str:
        """As the files service would state it: the originals are there since the first time that all of them were."""
        stored = frozenset(drawing.ref["sha256"] for drawing in files)
        missing, since = ({content: 0}, {content: self._since(visit)}) if visit and content else ({}, {})
        seen = Evidence(missing, stored, since)
        return evidence.issue(actor.account, seen, self._keys, self.clock.now).token

    def _since(self, visit: UUID) -> datetime:
        return self._originals.setdefault(visit, self.clock.now - timedelta(minutes=1))

    def _token(self, person: Person) -> str:
        """Of the present, since tokens of the gateway are checked by the real clock."""
        return actors.issue(
            person.actor, self._keys, now=time.time(), organisation_name=person.organisation_name
        )


async def play(
    steps: Sequence[Step],
    people: Mapping[str, Person],
    register: MemoryRegisterCopy,
    until: datetime,
    keys: KeyStore | None = None,
) -> Played:
    """`keys`: none are kept after the test that leaves them out."""
    played = Played(Clock(steps[0].at), people, register, keys or MemoryKeys())
    edges = played.edges()
    for step in steps:
        await played.play(edges, step)
    await played.wait_until(until)
    for client in edges.values():
        await client.aclose()
    return played


def facts_of(journal: Iterable[Appended]) -> Iterator[Fact]:
    for appended in journal:
        for write in appended.writes:
            yield from write.facts


def _client(app: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://history")
