"""The state of a filing: the draft, what waits for a review, and what has passed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

from qingyuan_events.filing import (
    Filed,
    FilingBasics,
    FilingBasicsChanged,
    FilingBegun,
    FilingCancelled,
    FilingChangeOverdue,
    FilingFirstReviewPassed,
    FilingFirstReviewReturned,
    FilingLocked,
    FilingPersonErased,
    FilingReactivated,
    FilingReactivationAsked,
    FilingReviewOpened,
    FilingSecondReviewPassed,
    FilingSecondReviewReturned,
    FilingSubmitted,
    FilingUndertakingGivenV2,
    FilingWithdrawn,
    ResourceVersion,
)
from qingyuan_runtime.domain.decider import Refused

from filing.domain.shared.changes import Change

NOUN: Final = "filing"
StandingFact = (
    FilingChangeOverdue | FilingLocked | FilingReactivationAsked | FilingReactivated | FilingCancelled
)
FilingFact = (
    FilingBegun
    | FilingBasicsChanged
    | FilingUndertakingGivenV2
    | FilingSubmitted
    | FilingWithdrawn
    | FilingReviewOpened
    | FilingFirstReviewPassed
    | FilingFirstReviewReturned
    | FilingSecondReviewPassed
    | FilingSecondReviewReturned
    | Filed
    | FilingPersonErased
    | StandingFact
)
Stage = Literal["first", "second"]
Standing = Literal["active", "locked", "asked", "cancelled"]
"""`asked`: locked, and the operator has asked for its reactivation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What waits for a review, at which stage, and who has opened it at that stage."""

    number: int
    stage: Stage
    basics_version: int | None
    resources: tuple[ResourceVersion, ...]
    opened_by: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingState:
    """`passed_…`: the versions that passed their review; `filed_…`: those of them that are filed.

    `basics_version`: the version of the stream at which the basics were last changed; `basics_changes`: those that
    no review has passed yet. `people`: the subjects of the legal
    representative and the contact, under these names; `former_people`: those of earlier ones, and since when they are it;
    `erased`: those of them that can never be read again. `returned`: what came back from a review and has not passed
    since; None stands for the basics. `proofs`: the second factors that have served, by whose and when given.
    """

    version: int = 0
    begun: FilingBegun | None = None
    basics: FilingBasics | None = None
    basics_version: int = 0
    basics_changes: tuple[Change, ...] = ()
    people: Mapping[str, UUID] = field(default_factory=dict)
    former_people: Mapping[UUID, date] = field(default_factory=dict)
    erased: frozenset[UUID] = frozenset()
    undertaking: str | None = None
    proofs: frozenset[tuple[UUID, datetime]] = frozenset()
    submissions: int = 0
    submission: Submission | None = None
    passed_basics: int = 0
    passed_resources: Mapping[UUID, ResourceVersion] = field(default_factory=dict)
    filed_basics: int = 0
    filed_resources: Mapping[UUID, ResourceVersion] = field(default_factory=dict)
    returned: frozenset[UUID | None] = frozenset()
    standing: Standing = "active"
    reported: Mapping[UUID | None, int] = field(default_factory=dict)
    overdue: frozenset[tuple[UUID | None, int]] = frozenset()

    def existing(self) -> FilingBegun:
        """Raises `Refused` where no filing was begun, or it was cancelled."""
        if self.begun is None:
            raise Refused(f"{NOUN}.missing", "没有找到要操作的对象，或您无权查看。")
        if self.standing == "cancelled":
            raise Refused(f"{NOUN}.cancelled", "该备案已注销；需要时可以重新开始备案。")
        return self.begun

    def waiting(self) -> Submission:
        """What waits for a review. Raises `Refused` where nothing does."""
        self.existing()
        if self.submission is None:
            raise Refused(f"{NOUN}.not-submitted", "该备案没有待审的内容，可能已撤回或已审完。")
        return self.submission

    @property
    def is_filed(self) -> bool:
        return self.filed_basics > 0

    @property
    def has_passed_unfiled(self) -> bool:
        """Something passed its review in a submission that was returned in part, and is not filed yet."""
        return self.passed_basics > self.filed_basics or self.passed_resources != self.filed_resources

    @property
    def waits_again(self) -> bool:
        """Something that waits for the present review was returned before."""
        submission = self.waiting()
        if submission.stage == "first":
            return None in self.returned
        return any(version.resource_id in self.returned for version in submission.resources)

    def passed_version(self, resource_id: UUID) -> int:
        """0 where none of its versions has passed."""
        passed = self.passed_resources.get(resource_id)
        return passed.version if passed else 0


def evolve(state: FilingState, fact: FilingFact) -> FilingState:
    state = replace(state, version=state.version + 1)
    match fact:
        case FilingBegun():
            return _begun(state, fact)
        case FilingBasicsChanged():
            return _with_basics(state, fact)
        case FilingUndertakingGivenV2():
            proofs = state.proofs | {(fact.by, fact.not_before)}
            return replace(state, undertaking=fact.edition, proofs=proofs)
        case FilingSubmitted():
            return _submitted(state, fact)
        case FilingReviewOpened():
            opened = state.waiting().opened_by | {fact.by}
            return replace(state, submission=replace(state.waiting(), opened_by=opened))
        case FilingFirstReviewPassed():
            return _first_passed(state)
        case FilingSecondReviewPassed():
            passed = state.waiting().resources
            return replace(state, passed_resources=_with(state, passed), returned=_without(state, passed))
        case FilingSecondReviewReturned():
            return _second_returned(state, fact)
        case FilingFirstReviewReturned():
            return replace(state, returned=state.returned | {None}, submission=None)
        case FilingWithdrawn():
            return replace(state, submission=None)
        case Filed():
            return _filed(state)
        case _:
            return _stands(state, fact)


def _stands(state: FilingState, fact: StandingFact | FilingPersonErased) -> FilingState:
    match fact:
        case FilingPersonErased():
            return replace(state, erased=state.erased | {fact.subject})
        case FilingChangeOverdue():
            return replace(state, overdue=state.overdue | {(fact.resource_id, fact.version)})
        case FilingLocked():
            return replace(state, standing="locked")
        case FilingReactivationAsked():
            return replace(state, standing="asked")
        case FilingReactivated():
            return replace(state, standing="active")
        case FilingCancelled():
            return replace(state, standing="cancelled", submission=None)


def _begun(state: FilingState, fact: FilingBegun) -> FilingState:
    """After a cancellation what was entered stays as a draft, and all of it is reviewed again."""
    return FilingState(
        version=state.version,
        begun=fact,
        basics=state.basics,
        basics_version=state.basics_version,
        people=state.people,
        former_people=state.former_people,
        erased=state.erased,
        proofs=state.proofs,
        submissions=state.submissions,
    )


def _submitted(state: FilingState, fact: FilingSubmitted) -> FilingState:
    reported: dict[UUID | None, int] = {version.resource_id: version.version for version in fact.resources}
    if fact.basics_version is not None:
        reported[None] = fact.basics_version
    return replace(
        state,
        submission=submission_of(fact),
        submissions=fact.number,
        reported={**state.reported, **reported},
    )


def submission_of(fact: FilingSubmitted) -> Submission:
    """Without changed basics there is nothing for the first review."""
    return Submission(
        number=fact.number,
        stage="second" if fact.basics_version is None else "first",
        basics_version=fact.basics_version,
        resources=fact.resources,
    )


def _with_basics(state: FilingState, fact: FilingBasicsChanged) -> FilingState:
    sent = {"legal_representative": fact.legal_representative, "contact": fact.contact}
    given = {name: person.subject for name, person in sent.items() if person}
    former = {state.people[name]: fact.changed_on for name in given.keys() & state.people.keys()}
    former = {subject: day for subject, day in former.items() if subject not in given.values()}
    return replace(
        state,
        basics=fact.basics,
        basics_version=state.version,
        basics_changes=(*state.basics_changes, Change(state.version, fact.changed_on)),
        people={**state.people, **given},
        former_people={**state.former_people, **former},
    )


def _first_passed(state: FilingState) -> FilingState:
    submission = state.waiting()
    assert submission.basics_version is not None
    later = (change for change in state.basics_changes if change.version > submission.basics_version)
    return replace(
        state,
        passed_basics=submission.basics_version,
        basics_changes=tuple(later),
        returned=state.returned - {None},
        submission=replace(submission, stage="second", opened_by=frozenset()),
    )


def _second_returned(state: FilingState, fact: FilingSecondReviewReturned) -> FilingState:
    remarked = {remark.resource_id for remark in fact.remarks}
    return replace(
        state,
        passed_resources=_with(state, fact.passed),
        returned=_without(state, fact.passed) | remarked,
        submission=None,
    )


def _without(state: FilingState, versions: Iterable[ResourceVersion]) -> frozenset[UUID | None]:
    return state.returned - {version.resource_id for version in versions}


def _with(state: FilingState, versions: Iterable[ResourceVersion]) -> Mapping[UUID, ResourceVersion]:
    return {**state.passed_resources, **{version.resource_id: version for version in versions}}


def _filed(state: FilingState) -> FilingState:
    return replace(
        state, filed_basics=state.passed_basics, filed_resources=state.passed_resources, submission=None
    )
