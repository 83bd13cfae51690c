"""How each fact changes the row of a resource. Pure."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field
from qingyuan_events import Fact, Recorded
from qingyuan_events import filing as facts
from qingyuan_events.filing import FilingFact, ResourceParticulars
from qingyuan_events.parts import Moment, Part


class ResourceStep(Part):
    """One line of a resource's history."""

    what: str
    at: Moment
    version: int
    by: UUID | None = None
    day: date | None = None
    text: str | None = None


class Revocation(Part):
    first_day: date
    reason: str


class ResourceDetail(Part):
    steps: tuple[ResourceStep, ...] = ()
    revoked: dict[UUID, Revocation] = Field(default_factory=dict)
    replaced: tuple[UUID, ...] = Field(
        default=(), description="papers that renewals replaced, and that no correction stated again"
    )


NOT_OWN = (facts.ResourcePaperRevoked, facts.ResourcePaperEnding, facts.ResourcePersonErased)
"""These facts change nothing that the operator has to hand in."""


@dataclass(frozen=True, slots=True)
class Resource:
    id: UUID
    operator_id: UUID
    particulars: ResourceParticulars
    changed_on: date
    version: int = 0
    own_version: int = 0
    ended_on: date | None = None
    detail: ResourceDetail = field(default_factory=ResourceDetail)

    @property
    def title(self) -> str:
        """By what people recognise it; a person's name is not here, since it is encrypted."""
        match self.particulars:
            case facts.PersonParticulars():
                return self.particulars.post
            case facts.VehicleParticulars():
                return self.particulars.plate
            case facts.DeviceParticulars():
                return f"{self.particulars.name} {self.particulars.model} {self.particulars.serial_number}"
            case facts.SparePartParticulars():
                return " ".join(filter(None, (self.particulars.name, self.particulars.model)))

    @property
    def searched(self) -> str:
        """All texts that a search may find, in lower case."""
        values = self.particulars.model_dump(mode="json", exclude={"papers", "kind"}, exclude_none=True)
        texts = [str(value) for value in values.values() if isinstance(value, str)]
        numbers = [paper.number for paper in self.particulars.papers if paper.number]
        return " ".join((*texts, *numbers)).lower()


def fold(resource: Resource | None, recorded: Recorded[Fact]) -> Resource:
    """The resource after one more fact of its stream."""
    fact = recorded.fact
    assert isinstance(fact, FilingFact)
    if isinstance(fact, facts.ResourceAdded):
        resource = Resource(fact.resource_id, fact.operator_id, fact.particulars, fact.changed_on)
    assert resource is not None, f"{recorded.stream} begins with {fact.type}"
    changed = replace(resource, version=recorded.version, **_change(resource, fact))
    if not isinstance(fact, NOT_OWN):
        changed = replace(changed, own_version=recorded.version)
    steps = (*changed.detail.steps, _step(fact, recorded))
    return replace(changed, detail=changed.detail.model_copy(update={"steps": steps}))


def _change(resource: Resource, fact: FilingFact) -> dict[str, Any]:
    match fact:
        case facts.ResourceAdded() | facts.ResourcePaperEnding() | facts.ResourcePersonErased():
            return {}
        case facts.ResourceCorrected():
            stated = {paper.paper_id for paper in fact.particulars.papers}
            replaced = tuple(paper for paper in resource.detail.replaced if paper not in stated)
            return {"particulars": fact.particulars, "changed_on": fact.changed_on} | _replaced(
                resource, replaced
            )
        case facts.ResourcePaperRenewed():
            papers = facts.renewed(resource.particulars.papers, fact.paper, fact.replaces)
            particulars = resource.particulars.model_copy(update={"papers": papers})
            replaced = (*resource.detail.replaced, *([fact.replaces] if fact.replaces else []))
            return {"particulars": particulars, "changed_on": fact.changed_on} | _replaced(resource, replaced)
        case facts.ResourcePaperRevoked():
            revocation = Revocation(first_day=fact.first_day, reason=fact.reason)
            revoked = resource.detail.revoked | {fact.paper_id: revocation}
            return {"detail": resource.detail.model_copy(update={"revoked": revoked})}
        case facts.ResourceEnded():
            return {"ended_on": fact.last_day, "changed_on": fact.last_day}
    raise TypeError(f"no rule for {fact.type}")


def _replaced(resource: Resource, papers: tuple[UUID, ...]) -> dict[str, Any]:
    return {"detail": resource.detail.model_copy(update={"replaced": papers})}


def _step(fact: FilingFact, recorded: Recorded[Fact]) -> ResourceStep:
    """The line of the history for one fact; `what` is the last word of the fact's type."""
    days = (getattr(fact, name, None) for name in ("changed_on", "last_day", "first_day"))
    return ResourceStep(
        what=fact.type.split(".")[1],
        at=recorded.recorded_at,
        version=recorded.version,
        by=recorded.meta.actor.account,
        day=next((day for day in days if day), None),
        text=getattr(fact, "reason", None),
    )
