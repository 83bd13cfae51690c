"""The state of a report: what was typed and attached, what was handed in, how it was judged and reviewed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, Literal
from uuid import UUID

from qingyuan_events.parts import FileRef
from qingyuan_events.reports import (
    OriginalRecord,
    ReportAccepted,
    ReportChanged,
    ReportChecked,
    ReportDrafted,
    ReportFileAttached,
    ReportOriginalAttached,
    ReportOriginalRemoved,
    ReportReevaluated,
    ReportResubmitted,
    ReportReturned,
    ReportSubmitted,
    ReportSuperseded,
    ReportWithdrawn,
)
from qingyuan_runtime.domain.decider import Missing, Refused

from reports.domain.documents import Document

Status = Literal["none", "draft", "submitted", "checked", "returned", "accepted", "superseded", "withdrawn"]
Submission = ReportSubmitted | ReportResubmitted
Verdict = ReportChecked | ReportReevaluated
Review = ReportAccepted | ReportReturned
ReportFacts = (
    ReportDrafted
    | ReportChanged
    | ReportFileAttached
    | ReportOriginalAttached
    | ReportOriginalRemoved
    | ReportSubmitted
    | ReportResubmitted
    | ReportChecked
    | ReportReevaluated
    | ReportAccepted
    | ReportReturned
    | ReportWithdrawn
    | ReportSuperseded
)
STATUSES: Final[dict[Status, str]] = {
    "draft": "草稿",
    "submitted": "已提交，等待自动校核",
    "checked": "已校核，等待审核",
    "returned": "已退回",
    "accepted": "已接收",
    "superseded": "已被替代",
    "withdrawn": "已撤回",
}
"""The words for a status in sentences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What never changes: the fields that every fact of a report has in common."""

    report_id: UUID
    operator_id: UUID
    enterprise_id: UUID
    district: str

    def header(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is typed and attached."""

    document: Document
    points: tuple[UUID, ...] = ()
    file: FileRef | None = None
    originals: tuple[OriginalRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportState:
    """`version`: the stream's. `handed_in`: the content of the last submission, which a returned report may go beyond, and
    `submitted_as` the version of its fact. Verdicts and reviews are of all rounds, oldest first."""

    version: int = 0
    status: Status = "none"
    about: About | None = None
    content: Content
    replaces: UUID | None = None
    handed_in: Content | None = None
    submission: Submission | None = None
    submitted_as: int = 0
    verdicts: tuple[Verdict, ...] = ()
    reviews: tuple[Review, ...] = ()
    superseded_by: UUID | None = None

    def existing(self) -> About:
        """Raises `Missing` when there is no such report."""
        if self.about is None:
            raise Missing("report")
        return self.about

    @property
    def round(self) -> int:
        """The number of the last submission; 0 before the first."""
        return self.submission.round if self.submission else 0

    @property
    def last_verdict(self) -> Verdict | None:
        """Of the present round."""
        return next((found for found in reversed(self.verdicts) if found.round == self.round), None)

    def verdict_to_review(self) -> Verdict:
        """Raises `Refused` where the last submission has none."""
        verdict = self.last_verdict
        if verdict is None:
            raise Refused("report.unchecked", f"该报告{STATUSES[self.status]}，还没有校核结果。")
        return verdict


INITIAL: Final = ReportState(content=Content(document={}))


def evolve(state: ReportState, fact: ReportFacts) -> ReportState:
    return replace(_evolved(state, fact), version=state.version + 1)


def _evolved(state: ReportState, fact: ReportFacts) -> ReportState:
    match fact:
        case ReportDrafted():
            return _drafted(state, fact)
        case ReportChanged():
            return _with(state, document=fact.document, points=fact.points)
        case ReportFileAttached():
            return _with(state, file=fact.file)
        case ReportOriginalAttached():
            return _with(state, originals=(*state.content.originals, fact.original))
        case ReportOriginalRemoved():
            return _with(state, originals=tuple(_without(state, fact.original_id)))
        case _:
            return _after_submission(state, fact)


def _after_submission(state: ReportState, fact: ReportFacts) -> ReportState:
    match fact:
        case ReportSubmitted() | ReportResubmitted():
            return _handed_in(state, fact)
        case ReportChecked():
            return replace(state, status="checked", verdicts=(*state.verdicts, fact))
        case ReportReevaluated():
            return replace(state, verdicts=(*state.verdicts, fact))
        case ReportAccepted():
            return replace(state, status="accepted", reviews=(*state.reviews, fact))
        case ReportReturned():
            return replace(state, status="returned", reviews=(*state.reviews, fact))
        case ReportWithdrawn():
            return replace(state, status="withdrawn")
        case ReportSuperseded():
            return replace(state, status="superseded", superseded_by=fact.superseded_by)
        case _:
            return state


def _drafted(state: ReportState, fact: ReportDrafted) -> ReportState:
    about = About(
        report_id=fact.report_id,
        operator_id=fact.operator_id,
        enterprise_id=fact.enterprise_id,
        district=fact.district,
    )
    content = Content(document=fact.document, points=fact.points)
    return replace(state, status="draft", about=about, content=content, replaces=fact.replaces)


def _with(state: ReportState, **changed: Any) -> ReportState:
    return replace(state, content=replace(state.content, **changed))


def _handed_in(state: ReportState, fact: Submission) -> ReportState:
    return replace(
        state,
        status="submitted",
        submission=fact,
        submitted_as=state.version + 1,
        handed_in=state.content,
    )


def _without(state: ReportState, original_id: UUID) -> Iterator[OriginalRecord]:
    return (original for original in state.content.originals if original.original_id != original_id)
