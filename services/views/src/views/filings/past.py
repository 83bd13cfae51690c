"""A filing and its resources as of a day, folded from the facts that were known. Pure.

Each fact holds from a day on: a statement or a revocation from the day that it names, a step of the filing from the day on
which it was taken. The state of a day is the fold of the facts that hold on it, by the folds of the projection. What is
filed is never worked out of some facts: it is the version that the filing named, as it was.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from qingyuan_events import Fact, Recorded
from qingyuan_events import filing as facts
from qingyuan_events.filing import Paper, ResourceParticulars
from qingyuan_standards.days import local_day

from views.filings import resource_fold
from views.filings.fold import Filing
from views.filings.fold import fold as fold_filing
from views.filings.resource_fold import Resource
from views.filings.verdict_fold import Verdicts, verdicts_after

FilingFacts = Sequence[Recorded[Fact]]
OF_RESOURCE = (
    facts.ResourceAdded,
    facts.ResourceCorrected,
    facts.ResourcePaperRenewed,
    facts.ResourcePaperRevoked,
    facts.ResourcePaperEnding,
    facts.ResourceEnded,
    facts.ResourcePersonErased,
)
STATES_IT = (facts.ResourceAdded, facts.ResourceCorrected, facts.ResourcePaperRenewed)


@dataclass(frozen=True, slots=True)
class PastResource:
    """`stated`: as the operator stated it for the day; `filed`: what was filed on the day; `returned`: as a review last
    returned it."""

    stated: Resource
    filed: ResourceParticulars | None
    returned: ResourceParticulars | None


@dataclass(frozen=True, slots=True)
class Past:
    filing: Filing | None
    verdicts: Verdicts
    resources: Sequence[PastResource]


def first_day(recorded: Recorded[Fact]) -> date:
    """From which day a fact holds; never later than it was recorded."""
    return min(_stated_day(recorded), local_day(recorded.recorded_at))


def _stated_day(recorded: Recorded[Fact]) -> date:
    fact = recorded.fact
    match fact:
        case facts.FilingBasicsChanged():
            return fact.changed_on
        case facts.Filed():
            return fact.filed_on
        case facts.ResourceAdded() | facts.ResourceCorrected() | facts.ResourcePaperRenewed():
            return fact.changed_on
        case facts.ResourcePaperRevoked():
            return fact.first_day
        case facts.ResourceEnded():
            return fact.last_day
        case _:
            return local_day(recorded.recorded_at)


def past(known: FilingFacts, day: date) -> Past:
    """Of all facts of an operator that were known, each stream in its order, what held on the day."""
    of_filing = [recorded for recorded in known if not isinstance(recorded.fact, OF_RESOURCE)]
    held = held_on(of_filing, day)
    verdicts, later = verdicts_after(held), verdicts_after(of_filing)
    resources = (_resource(of_resource, day, verdicts, later) for of_resource in _by_resource(known).values())
    return Past(_filing(held), verdicts, [resource for resource in resources if resource is not None])


def held_on(recorded_facts: FilingFacts, day: date) -> FilingFacts:
    return [recorded for recorded in recorded_facts if first_day(recorded) <= day]


def _by_resource(known: FilingFacts) -> Mapping[str, FilingFacts]:
    streams: dict[str, list[Recorded[Fact]]] = {}
    for recorded in known:
        if isinstance(recorded.fact, OF_RESOURCE):
            streams.setdefault(recorded.stream, []).append(recorded)
    return streams


def _filing(held: FilingFacts) -> Filing | None:
    """None before it was begun: basics may be stated for an earlier day than that."""
    if not held or not isinstance(held[0].fact, facts.FilingBegun):
        return None
    filing: Filing | None = None
    for recorded in held:
        filing = fold_filing(filing, recorded)
    return filing


def _resource(known: FilingFacts, day: date, verdicts: Verdicts, later: Verdicts) -> PastResource | None:
    stated = _stated(known, day)
    if stated is None:
        return None
    return PastResource(stated, _filed(known, day, verdicts, later), _returned(known, stated.id, verdicts))


def _returned(known: FilingFacts, resource_id: UUID, verdicts: Verdicts) -> ResourceParticulars | None:
    handed_in = verdicts.handed_in.get(resource_id)
    if handed_in is None or handed_in.returned_version is None:
        return None
    return folded(_up_to(known, handed_in.returned_version)).particulars


def _stated(known: FilingFacts, day: date) -> Resource | None:
    """The first fact says what it is, also where only a later statement names the day."""
    held = held_on(known, day)
    if not any(isinstance(recorded.fact, STATES_IT) for recorded in held):
        return None
    return folded(held if held[0] is known[0] else [known[0], *held])


def folded(recorded_facts: Iterable[Recorded[Fact]]) -> Resource:
    resource: Resource | None = None
    for recorded in recorded_facts:
        resource = resource_fold.fold(resource, recorded)
    assert resource is not None
    return resource


def _filed(known: FilingFacts, day: date, verdicts: Verdicts, later: Verdicts) -> ResourceParticulars | None:
    """What was filed on the day. A paper that was corrected backwards holds as corrected, once that is filed, too."""
    fact = known[0].fact
    assert isinstance(fact, facts.ResourceAdded)
    version = verdicts.filed_now(fact.resource_id)
    if version is None:
        return None
    named, latest = _up_to(known, version.version), later.filed[fact.resource_id].version
    filed = folded(named).particulars
    if latest == version.version and held_on(named, day) == named:
        return filed
    corrected = _stated(_up_to(known, latest), day)
    return filed if corrected is None else _with_papers(filed, corrected.particulars.papers)


def _up_to(known: FilingFacts, version: int) -> FilingFacts:
    return [recorded for recorded in known if recorded.version <= version]


def _with_papers(filed: ResourceParticulars, corrected: Iterable[Paper]) -> ResourceParticulars:
    by_id: Mapping[UUID, Paper] = {paper.paper_id: paper for paper in corrected}
    papers = tuple(by_id.get(paper.paper_id, paper) for paper in filed.papers)
    return filed.model_copy(update={"papers": papers})
