"""What facts of a filing say of its resources, folded in memory: the same as `verdicts` writes into tables. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal
from uuid import UUID

from qingyuan_events import Fact, Recorded
from qingyuan_events import filing as facts
from qingyuan_events.filing import Remark

from views.filings.query_models import ResourceState
from views.filings.resource_fold import Resource

Outcome = Literal["waiting", "passed", "returned", "withdrawn"]


@dataclass(frozen=True, slots=True)
class HandedIn:
    """`returned_version`: the one that `remarks` are about."""

    number: int
    version: int
    outcome: Outcome = "waiting"
    remarks: tuple[Remark, ...] = ()
    returned_version: int | None = None


@dataclass(frozen=True, slots=True)
class FiledVersion:
    version: int
    filed_on: date
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Verdicts:
    """By resource: the version handed in last with what became of it, and the version that is filed."""

    handed_in: Mapping[UUID, HandedIn] = field(default_factory=dict)
    filed: Mapping[UUID, FiledVersion] = field(default_factory=dict)

    def filed_now(self, resource_id: UUID) -> FiledVersion | None:
        version = self.filed.get(resource_id)
        return None if version is None or version.cancelled else version

    def state_of(self, resource: Resource) -> ResourceState:
        filed, handed_in = self.filed_now(resource.id), self.handed_in.get(resource.id)
        if resource.ended_on is not None:
            return "ended"
        if filed and filed.version >= resource.own_version:
            return "filed"
        if handed_in and handed_in.version >= resource.own_version and handed_in.outcome in _SAID:
            return _SAID[handed_in.outcome]
        return "changed" if filed else "draft"

    def is_unfiled(self, resource: Resource) -> bool:
        """Whether it has something that is neither filed nor in a review nor through one."""
        filed, handed_in = self.filed_now(resource.id), self.handed_in.get(resource.id)
        is_filed = filed is not None and filed.version >= resource.own_version
        waits = (
            handed_in is not None
            and handed_in.outcome in ("waiting", "passed")
            and handed_in.version >= resource.own_version
        )
        return not is_filed and not waits and (resource.ended_on is None or filed is not None)


_SAID: Mapping[str, ResourceState] = {"waiting": "submitted", "returned": "returned", "passed": "passed"}


def verdicts_after(recorded_facts: Iterable[Recorded[Fact]]) -> Verdicts:
    verdicts = Verdicts()
    for recorded in recorded_facts:
        verdicts = fold(verdicts, recorded.fact)
    return verdicts


def fold(verdicts: Verdicts, fact: Fact) -> Verdicts:
    match fact:
        case facts.FilingSubmitted():
            return replace(verdicts, handed_in=_submitted(verdicts.handed_in, fact))
        case facts.FilingWithdrawn() | facts.FilingFirstReviewReturned():
            return replace(verdicts, handed_in=_withdrawn(verdicts.handed_in, fact.number))
        case facts.FilingSecondReviewReturned():
            return replace(verdicts, handed_in=_returned(verdicts.handed_in, fact))
        case facts.FilingCancelled():
            cancelled = {key: replace(version, cancelled=True) for key, version in verdicts.filed.items()}
            return Verdicts(filed=cancelled)
        case facts.Filed():
            new = {each.resource_id: FiledVersion(each.version, fact.filed_on) for each in fact.resources}
            return Verdicts(_passed(verdicts.handed_in, fact.number), {**verdicts.filed, **new})
        case _:
            return verdicts


HandedInResources = Mapping[UUID, HandedIn]


def _submitted(handed_in: HandedInResources, fact: facts.FilingSubmitted) -> HandedInResources:
    """Remarks stay until the resource passes."""
    new = {
        each.resource_id: _anew(handed_in.get(each.resource_id), fact.number, each) for each in fact.resources
    }
    return {**handed_in, **new}


def _anew(earlier: HandedIn | None, number: int, version: facts.ResourceVersion) -> HandedIn:
    if earlier is None:
        return HandedIn(number, version.version)
    return replace(earlier, number=number, version=version.version, outcome="waiting")


def _waits(handed_in: HandedIn, number: int) -> bool:
    return handed_in.number == number and handed_in.outcome == "waiting"


def _withdrawn(handed_in: HandedInResources, number: int) -> HandedInResources:
    return {
        key: replace(each, outcome="withdrawn") if _waits(each, number) else each
        for key, each in handed_in.items()
    }


def _passed(handed_in: HandedInResources, number: int) -> HandedInResources:
    return {
        key: replace(each, outcome="passed", remarks=()) if _waits(each, number) else each
        for key, each in handed_in.items()
    }


def _returned(handed_in: HandedInResources, fact: facts.FilingSecondReviewReturned) -> HandedInResources:
    by_resource: dict[UUID, tuple[Remark, ...]] = {}
    for remark in fact.remarks:
        if remark.resource_id is not None:
            by_resource[remark.resource_id] = (*by_resource.get(remark.resource_id, ()), remark)
    return {
        key: replace(each, outcome="returned", remarks=by_resource[key], returned_version=each.version)
        if key in by_resource and each.number == fact.number
        else each
        for key, each in _passed(handed_in, fact.number).items()
    }
