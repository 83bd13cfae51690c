"""What happened to one person, device, vehicle or part: its own facts, and what the filing said of it. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from uuid import UUID

from pydantic import Field
from qingyuan_events import ActorKind, Fact, Recorded
from qingyuan_events import filing as facts
from qingyuan_events.filing import Paper, PaperKind, Remark, ResourceVersion
from qingyuan_events.parts import Moment, Part

from views.filings.past import OF_RESOURCE, FilingFacts, held_on


class PaperName(Part):
    paper_id: UUID
    kind: PaperKind
    number: str | None


class Line(Part):
    """`what`: the last word of the fact's type; `passed` where a review that returned others let this one pass."""

    what: str
    at: Moment
    by: UUID
    by_kind: ActorKind
    day: date | None = Field(description="since which it is so; of a reminder, the last day of the paper")
    number: int | None = Field(description="of the submission")
    text: str | None = Field(description="the reason that was given")
    remarks: tuple[Remark, ...] = Field(description="about it")
    paper: PaperName | None = Field(description="that was renewed, revoked or ends")
    days: int | None = Field(description="of a reminder: so many days before the end")


def timeline(known: FilingFacts, resource_id: UUID, day: date) -> list[Line]:
    """Oldest first. `known`: the facts of the filing and of the resource."""
    held = sorted(held_on(known, day), key=_place)
    papers = dict(_papers(known))
    handed_in: set[int] = set()
    lines: list[Line] = []
    for recorded in held:
        fact = recorded.fact
        if isinstance(fact, facts.FilingSubmitted) and _names(fact.resources, resource_id):
            handed_in.add(fact.number)
        what = _what(fact, resource_id, handed_in)
        if what is not None:
            lines.append(_line(what, recorded, resource_id, papers))
    return lines


def _place(recorded: Recorded[Fact]) -> tuple[object, ...]:
    """What was recorded at the same time: the resource before what the filing says of it."""
    return recorded.recorded_at, not isinstance(recorded.fact, OF_RESOURCE), recorded.version


def _papers(known: FilingFacts) -> Iterator[tuple[UUID, Paper]]:
    for recorded in known:
        match recorded.fact:
            case facts.ResourceAdded() | facts.ResourceCorrected():
                yield from ((paper.paper_id, paper) for paper in recorded.fact.particulars.papers)
            case facts.ResourcePaperRenewed():
                yield recorded.fact.paper.paper_id, recorded.fact.paper


def _names(versions: Iterable[ResourceVersion], resource_id: UUID) -> bool:
    return any(version.resource_id == resource_id for version in versions)


def _what(fact: Fact, resource_id: UUID, handed_in: set[int]) -> str | None:
    """None for a fact that does not concern it."""
    if getattr(fact, "resource_id", None) == resource_id:
        return _word(fact)
    match fact:
        case facts.FilingSecondReviewReturned() if _names(fact.passed, resource_id):
            return "passed"
        case facts.FilingSubmitted() | facts.Filed():
            return _word(fact) if _names(fact.resources, resource_id) else None
        case (
            facts.FilingWithdrawn()
            | facts.FilingFirstReviewPassed()
            | facts.FilingFirstReviewReturned()
            | facts.FilingSecondReviewPassed()
            | facts.FilingSecondReviewReturned()
        ):
            return _word(fact) if fact.number in handed_in else None
        case facts.FilingCancelled():
            return _word(fact) if handed_in else None
        case _:
            return None


def _word(fact: Fact) -> str:
    return fact.type.split(".")[1]


def _line(what: str, recorded: Recorded[Fact], resource_id: UUID, papers: Mapping[UUID, Paper]) -> Line:
    fact, actor = recorded.fact, recorded.meta.actor
    remarks: tuple[Remark, ...] = getattr(fact, "remarks", ())
    return Line(
        what=what,
        at=recorded.recorded_at,
        by=actor.account,
        by_kind=actor.kind,
        day=_day(fact),
        number=getattr(fact, "number", None),
        text=getattr(fact, "reason", None),
        remarks=tuple(remark for remark in remarks if remark.resource_id == resource_id),
        paper=_paper(fact, papers),
        days=getattr(fact, "days", None),
    )


def _day(fact: Fact) -> date | None:
    named = (
        getattr(fact, name, None) for name in ("changed_on", "filed_on", "last_day", "first_day", "valid_to")
    )
    return next((day for day in named if day is not None), None)


def _paper(fact: Fact, papers: Mapping[UUID, Paper]) -> PaperName | None:
    match fact:
        case facts.ResourcePaperRenewed():
            paper: Paper | None = fact.paper
        case facts.ResourcePaperRevoked() | facts.ResourcePaperEnding():
            paper = papers.get(fact.paper_id)
        case _:
            return None
    return None if paper is None else PaperName(paper_id=paper.paper_id, kind=paper.kind, number=paper.number)
