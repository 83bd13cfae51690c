"""How each fact changes a report. Pure."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from qingyuan_events import Fact, Recorded
from qingyuan_events import reports as facts
from qingyuan_events.parts import FileRef
from qingyuan_events.reports import OriginalRecord, ReportFact

from views.reports import documents, verdicts

Submission = facts.ReportSubmitted | facts.ReportResubmitted
Verdict = facts.ReportChecked | facts.ReportReevaluated
Review = facts.ReportAccepted | facts.ReportReturned
UNJUDGED: Final[dict[str, Any]] = {
    "result": None,
    "blocking": None,
    "urgency": verdicts.UNCHECKED,
    "failing": (),
    "findings": (),
    "warnings": 0,
    "notes": 0,
}


@dataclass(frozen=True, slots=True)
class Draft:
    """What the operator is writing."""

    document: dict[str, Any]
    points: tuple[UUID, ...]
    file: FileRef | None = None
    originals: tuple[OriginalRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A row of `report`: what was handed in last, before that the draft; the names are those of its columns."""

    id: UUID
    version: int
    enterprise_id: UUID
    operator_id: UUID
    district: str
    handed_in: bool = False
    state: str = "draft"
    round: int = 0
    number: str | None = None
    doc_type: str | None = None
    basis: str | None = None
    conclusion: str | None = None
    performed_from: str | None = None
    performed_to: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    points: tuple[UUID, ...] = ()
    factors: tuple[str, ...] = ()
    result: str | None = None
    blocking: bool | None = None
    urgency: int = verdicts.UNCHECKED
    failing: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    warnings: int = 0
    notes: int = 0
    submitted_at: datetime | None = None
    submitted_by: UUID | None = None
    decided_at: datetime | None = None
    decided_by: UUID | None = None
    replaces: UUID | None = None
    superseded_by: UUID | None = None
    listed_at: datetime
    changed_at: datetime
    changed_since: bool = False


Folded = tuple[Report, Draft]


def fold(before: Folded | None, recorded: Recorded[Fact]) -> Folded:
    """The report and its draft after one more fact of its stream."""
    fact = recorded.fact
    assert isinstance(fact, ReportFact)
    if isinstance(fact, facts.ReportDrafted):
        return _drafted(fact, recorded)
    assert before is not None, f"{recorded.stream} begins with {fact.type}"
    report, draft = before
    written = _written(draft, fact)
    changed = _typed(report, written) if written is not draft else _change(draft, fact)
    return replace(report, version=recorded.version, changed_at=recorded.recorded_at, **changed), written


def _drafted(fact: facts.ReportDrafted, recorded: Recorded[Fact]) -> Folded:
    report = Report(
        id=fact.report_id,
        version=recorded.version,
        enterprise_id=fact.enterprise_id,
        operator_id=fact.operator_id,
        district=fact.district,
        points=fact.points,
        replaces=fact.replaces,
        listed_at=recorded.recorded_at,
        changed_at=recorded.recorded_at,
        **documents.columns(fact.document),
    )
    return report, Draft(dict(fact.document), fact.points)


def _written(draft: Draft, fact: ReportFact) -> Draft:
    match fact:
        case facts.ReportChanged():
            return replace(draft, document=dict(fact.document), points=fact.points)
        case facts.ReportFileAttached():
            return replace(draft, file=fact.file)
        case facts.ReportOriginalAttached():
            return replace(draft, originals=(*draft.originals, fact.original))
        case facts.ReportOriginalRemoved():
            kept = (one for one in draft.originals if one.original_id != fact.original_id)
            return replace(draft, originals=tuple(kept))
        case _:
            return draft


def _typed(report: Report, draft: Draft) -> dict[str, Any]:
    """A change after a return is shown to nobody else before it is handed in."""
    if report.handed_in:
        return {"changed_since": True}
    return {**documents.columns(draft.document), "points": draft.points}


def _change(draft: Draft, fact: ReportFact) -> dict[str, Any]:
    match fact:
        case facts.ReportSubmitted() | facts.ReportResubmitted():
            return _handed_in(draft, fact)
        case facts.ReportChecked():
            return {"state": "checked", **verdicts.columns(fact)}
        case facts.ReportReevaluated():
            return verdicts.columns(fact)
        case facts.ReportAccepted():
            return {"state": "accepted", "decided_at": fact.accepted_at, "decided_by": fact.by}
        case facts.ReportReturned():
            return {"state": "returned", "decided_at": fact.returned_at, "decided_by": fact.by}
        case facts.ReportWithdrawn():
            return {"state": "withdrawn", "changed_since": False}
        case facts.ReportSuperseded():
            return {"state": "superseded", "superseded_by": fact.superseded_by}
    raise TypeError(f"no rule for {fact.type}")


def _handed_in(draft: Draft, fact: Submission) -> dict[str, Any]:
    return {
        **documents.columns(draft.document),
        **UNJUDGED,
        "points": draft.points,
        "handed_in": True,
        "state": "submitted",
        "round": fact.round,
        "number": fact.number,
        "submitted_at": fact.submitted_at,
        "submitted_by": fact.by,
        "decided_at": None,
        "decided_by": None,
        "listed_at": fact.submitted_at,
        "changed_since": False,
    }
