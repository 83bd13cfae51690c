"""How each fact changes the row of a filing. Pure."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field
from qingyuan_events import Fact, Recorded
from qingyuan_events import filing as facts
from qingyuan_events.filing import FilingBasics, FilingFact, Remark
from qingyuan_events.parts import CertificateProof, Factor, Moment, Part, Signature


class FilingStep(Part):
    """One line of a filing's history."""

    what: str
    at: Moment
    number: int | None = None
    by: UUID | None = None
    remarks: tuple[Remark, ...] = ()
    day: date | None = None
    text: str | None = None


class Submission(Part):
    number: int
    basics_version: int | None = None
    late: bool
    opened_by: tuple[UUID, ...] = ()


class Overdue(Part):
    """A change that was not reported in its term."""

    resource_id: UUID | None = None
    version: int
    changed_on: date
    last_day: date


class GivenUndertaking(Part):
    edition: str
    text: str
    signature: Signature
    second_factor: Factor = "password"
    certificate: CertificateProof | None = None
    by: UUID
    given_at: Moment


class FilingDetail(Part):
    """`unfiled_basics`: by version, those that may be filed yet, and those filed last: a filing begun anew files them again."""

    steps: tuple[FilingStep, ...] = ()
    submission: Submission | None = None
    remarks: tuple[Remark, ...] = Field(default=(), description="of the last return of the basics")
    returned_basics: FilingBasics | None = Field(default=None, description="those that `remarks` are about")
    retyped: tuple[str, ...] = Field(default=(), description="people of the basics who were typed anew since")
    unfiled_basics: dict[int, FilingBasics] = Field(default_factory=dict)
    overdue: tuple[Overdue, ...] = ()
    undertaking: GivenUndertaking | None = None


@dataclass(frozen=True, slots=True)
class Filing:
    operator_id: UUID
    name: str
    moved_at: datetime
    version: int = 0
    uscc: str | None = None
    state: str = "draft"
    number: int = 0
    submitted_at: datetime | None = None
    returned: int = 0
    late: bool = False
    filed_on: date | None = None
    standing: str = "active"
    basics: FilingBasics | None = None
    basics_version: int | None = None
    basics_changed_on: date | None = None
    filed_basics: FilingBasics | None = None
    detail: FilingDetail = field(default_factory=FilingDetail)


def fold(filing: Filing | None, recorded: Recorded[Fact]) -> Filing:
    """The filing after one more fact of its stream."""
    fact = recorded.fact
    assert isinstance(fact, FilingFact)
    if isinstance(fact, facts.FilingBegun):
        filing = _begun(filing, fact, recorded.recorded_at)
    assert filing is not None, f"{recorded.stream} begins with {fact.type}"
    changed = replace(filing, version=recorded.version, **_change(filing, fact, recorded))
    if changed.state != filing.state:
        changed = replace(changed, moved_at=recorded.recorded_at)
    steps = (*changed.detail.steps, step(fact, recorded))
    return replace(changed, detail=changed.detail.model_copy(update={"steps": steps}))


def _begun(cancelled: Filing | None, fact: facts.FilingBegun, at: datetime) -> Filing:
    """After a cancellation what was entered stays as a draft; of what was filed only the history is kept."""
    if cancelled is None:
        return Filing(operator_id=fact.operator_id, name=fact.name, moved_at=at)
    return Filing(
        operator_id=fact.operator_id,
        name=fact.name,
        moved_at=at,
        number=cancelled.number,
        basics=cancelled.basics,
        basics_version=cancelled.basics_version,
        basics_changed_on=cancelled.basics_changed_on,
        detail=FilingDetail(steps=cancelled.detail.steps, unfiled_basics=cancelled.detail.unfiled_basics),
    )


def _change(filing: Filing, fact: FilingFact, recorded: Recorded[Fact]) -> dict[str, Any]:
    match fact:
        case facts.FilingBegun() | facts.FilingSecondReviewPassed() | facts.FilingPersonErased():
            return {}
        case facts.FilingBasicsChanged():
            return _with_basics(filing, fact, recorded.version)
        case facts.FilingUndertakingGivenV2():
            given = {name: value for name, value in fact if name in GivenUndertaking.model_fields}
            return _detail(filing, undertaking=GivenUndertaking(**given))
        case facts.FilingSubmitted():
            return _submitted(filing, fact, recorded.recorded_at)
        case facts.FilingWithdrawn():
            return {"state": "filed" if filing.filed_on else "draft"} | _detail(filing, submission=None)
        case facts.FilingReviewOpened():
            return _opened(filing, fact.by)
        case facts.FilingFirstReviewPassed():
            return _first_passed(filing)
        case facts.FilingFirstReviewReturned():
            return _returned(filing, remarks=fact.remarks, returned_basics=_handed_in(filing), retyped=())
        case facts.FilingSecondReviewReturned():
            return _returned(filing)
        case facts.Filed():
            return _filed(filing, fact)
        case _:
            return _stands(filing, fact)


def _stands(filing: Filing, fact: FilingFact) -> dict[str, Any]:
    match fact:
        case facts.FilingChangeOverdue():
            overdue = Overdue.model_validate(fact.model_dump(exclude={"operator_id"}))
            return _detail(filing, overdue=(*filing.detail.overdue, overdue))
        case facts.FilingLocked():
            return {"standing": "locked"}
        case facts.FilingReactivationAsked():
            return {"standing": "asked"}
        case facts.FilingReactivated():
            return {"standing": "active"}
        case facts.FilingCancelled():
            return {
                "standing": "cancelled",
                "state": "draft",
                "filed_on": None,
                "filed_basics": None,
            } | _detail(filing, submission=None)
    raise TypeError(f"no rule for {fact.type}")


def _detail(filing: Filing, **changed: Any) -> dict[str, Any]:
    return {"detail": filing.detail.model_copy(update=changed)}


def _with_basics(filing: Filing, fact: facts.FilingBasicsChanged, version: int) -> dict[str, Any]:
    unfiled = filing.detail.unfiled_basics | {version: fact.basics}
    return {
        "name": fact.basics.name if filing.filed_basics is None else filing.name,
        "uscc": fact.basics.uscc if filing.filed_basics is None else filing.uscc,
        "basics": fact.basics,
        "basics_version": version,
        "basics_changed_on": fact.changed_on,
    } | _detail(filing, unfiled_basics=unfiled, retyped=_retyped(filing, fact))


def _retyped(filing: Filing, fact: facts.FilingBasicsChanged) -> tuple[str, ...]:
    given = {"legal_representative": fact.legal_representative, "contact": fact.contact}
    return tuple(sorted({*filing.detail.retyped, *(name for name, person in given.items() if person)}))


def _handed_in(filing: Filing) -> FilingBasics | None:
    """The basics of the submission that waits."""
    submission = filing.detail.submission
    version = submission.basics_version if submission else None
    return filing.basics if version is None else filing.detail.unfiled_basics.get(version, filing.basics)


def _submitted(filing: Filing, fact: facts.FilingSubmitted, at: datetime) -> dict[str, Any]:
    submission = Submission(number=fact.number, basics_version=fact.basics_version, late=fact.late)
    return {
        "state": "second_review" if fact.basics_version is None else "first_review",
        "number": fact.number,
        "submitted_at": at,
        "late": fact.late,
    } | _detail(filing, submission=submission)


def _opened(filing: Filing, by: UUID) -> dict[str, Any]:
    submission = filing.detail.submission
    if submission is None:
        return {}
    opened = submission.model_copy(update={"opened_by": (*submission.opened_by, by)})
    return _detail(filing, submission=opened)


def _first_passed(filing: Filing) -> dict[str, Any]:
    """The second review is opened anew: it is about something else."""
    submission = filing.detail.submission
    unopened = submission.model_copy(update={"opened_by": ()}) if submission else None
    return {"state": "second_review"} | _detail(filing, remarks=(), submission=unopened)


def _returned(filing: Filing, **changed: Any) -> dict[str, Any]:
    return {"state": "returned", "returned": filing.returned + 1} | _detail(
        filing, submission=None, **changed
    )


def _filed(filing: Filing, fact: facts.Filed) -> dict[str, Any]:
    basics, unfiled = filing.filed_basics, filing.detail.unfiled_basics
    if fact.basics_version is not None:
        basics = unfiled[fact.basics_version]
        unfiled = {version: kept for version, kept in unfiled.items() if version >= fact.basics_version}
    return {
        "state": "filed",
        "returned": 0,
        "filed_on": filing.filed_on or fact.filed_on,
        "filed_basics": basics,
        "name": basics.name if basics else filing.name,
        "uscc": basics.uscc if basics else filing.uscc,
    } | _detail(filing, submission=None, remarks=(), unfiled_basics=unfiled)


def step(fact: FilingFact, recorded: Recorded[Fact]) -> FilingStep:
    """The line of the history for one fact; `what` is the last word of the fact's type."""
    remarks: tuple[Remark, ...] = getattr(fact, "remarks", ())
    day: date | None = getattr(fact, "changed_on", None) or getattr(fact, "filed_on", None)
    return FilingStep(
        what=fact.type.split(".")[1],
        at=recorded.recorded_at,
        number=getattr(fact, "number", None),
        by=recorded.meta.actor.account,
        remarks=remarks,
        day=day,
        text=getattr(fact, "reason", None),
    )
