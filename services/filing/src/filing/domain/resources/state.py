"""The state of a resource, as it follows from its events."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from qingyuan_events.filing import (
    Paper,
    ResourceAdded,
    ResourceCorrected,
    ResourceEnded,
    ResourcePaperEnding,
    ResourcePaperRenewed,
    ResourcePaperRevoked,
    ResourceParticulars,
    ResourcePersonErased,
    renewed,
)
from qingyuan_runtime.domain.decider import Refused

from filing.domain.shared.changes import Change

NOUN: Final = "resource"
ResourceFact = (
    ResourceAdded
    | ResourceCorrected
    | ResourcePaperRenewed
    | ResourcePaperRevoked
    | ResourcePaperEnding
    | ResourceEnded
    | ResourcePersonErased
)
Reminder = tuple[UUID, date, int]
"""A paper, its last day, and how many days before it."""


@dataclass(frozen=True, slots=True)
class ResourceState:
    """`changes`: what the operator itself changed, oldest first. `stated`: every paper that
    it ever had: also one that was replaced may be revoked. `revoked`: papers that a regulator declared void.

    `person`: the subject of the name; `is_erased`: it can never be read again. `reminded`: the reminders of papers that were given.
    """

    version: int = 0
    operator_id: UUID = UUID(int=0)
    resource_id: UUID = UUID(int=0)
    particulars: ResourceParticulars | None = None
    person: UUID | None = None
    is_erased: bool = False
    changes: tuple[Change, ...] = ()
    stated: frozenset[UUID] = frozenset()
    revoked: frozenset[UUID] = frozenset()
    reminded: frozenset[Reminder] = frozenset()
    ended_on: date | None = None

    def in_use(self) -> ResourceParticulars:
        """Its particulars. Raises `Refused` where it does not exist or has ended."""
        if self.particulars is None:
            raise Refused(f"{NOUN}.missing", "没有找到要操作的对象，或您无权查看。")
        if self.ended_on is not None:
            raise Refused(f"{NOUN}.ended", "该条目已停用（离职、报废等），不能再修改。")
        return self.particulars

    def paper(self, paper_id: UUID) -> Paper | None:
        papers = self.particulars.papers if self.particulars else ()
        return next((paper for paper in papers if paper.paper_id == paper_id), None)


def evolve(state: ResourceState, fact: ResourceFact) -> ResourceState:
    state = replace(
        state, version=state.version + 1, operator_id=fact.operator_id, resource_id=fact.resource_id
    )
    match fact:
        case ResourceAdded() | ResourceCorrected():
            person = fact.person.subject if fact.person else state.person
            stated = state.stated | {paper.paper_id for paper in fact.particulars.papers}
            state = replace(state, particulars=fact.particulars, person=person, stated=stated)
            return _changed(state, fact.changed_on)
        case ResourcePaperRenewed():
            state = replace(state, stated=state.stated | {fact.paper.paper_id})
            return _changed(_with_paper(state, fact), fact.changed_on)
        case ResourcePaperRevoked():
            return replace(state, revoked=state.revoked | {fact.paper_id})
        case ResourcePaperEnding():
            return replace(state, reminded=state.reminded | {(fact.paper_id, fact.valid_to, fact.days)})
        case ResourceEnded():
            return _changed(replace(state, ended_on=fact.last_day), fact.last_day)
        case ResourcePersonErased():
            return replace(state, is_erased=True)


def _changed(state: ResourceState, day: date) -> ResourceState:
    return replace(state, changes=(*state.changes, Change(state.version, day)))


def _with_paper(state: ResourceState, fact: ResourcePaperRenewed) -> ResourceState:
    assert state.particulars is not None
    papers = renewed(state.particulars.papers, fact.paper, fact.replaces)
    return replace(state, particulars=state.particulars.model_copy(update={"papers": papers}))
