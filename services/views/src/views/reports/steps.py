"""What each fact adds to a report beside its row: a step, a round, a verdict, a review. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from qingyuan_events import Fact, Recorded
from qingyuan_events import reports as facts
from qingyuan_events.reports import ReportVerdictFact

from views.reports.fold import Draft, Report, Review, Submission, Verdict
from views.reports.saving import files

Row = dict[str, Any]
_MOMENTS: Final = (
    "submitted_at",
    "checked_at",
    "reevaluated_at",
    "accepted_at",
    "returned_at",
    "withdrawn_at",
)
_TEXTS: Final = ("reason", "answer", "remark")
_JUDGED: Final = ("name", "unit", "basis", "result", "blocking", "concluded", "figures")
_OF_RULE: Final = ("rule", "title", "clause", "quantity", "value", "shown", "unit", "comparison", "limit", "result", "severity", "near_limit")  # fmt: skip
OF_DRAFTS: Final = (
    facts.ReportDrafted,
    facts.ReportChanged,
    facts.ReportFileAttached,
    facts.ReportOriginalAttached,
    facts.ReportOriginalRemoved,
)


def owners(report: Report) -> Row:
    return {name: getattr(report, name) for name in ("enterprise_id", "operator_id", "district")}


def step(report: Report, recorded: Recorded[Fact]) -> Row:
    """`what` is the last word of the fact's type. What is done to a draft is the operator's own affair until it is handed in."""
    fact = recorded.fact
    return {
        "report_id": report.id,
        "version": recorded.version,
        **owners(report),
        "handed_in": report.handed_in and not isinstance(fact, OF_DRAFTS),
        "what": fact.type.split(".")[1],
        "at": _first(fact, _MOMENTS) or recorded.recorded_at,
        "by": getattr(fact, "by", None),
        "round": getattr(fact, "round", None),
        "text": _text(fact),
    }


def _first(fact: Fact, names: tuple[str, ...]) -> Any:
    return next((found for name in names if (found := getattr(fact, name, None))), None)


def _text(fact: Fact) -> str | None:
    if isinstance(fact, facts.ReportOriginalAttached):
        return fact.original.title
    if isinstance(fact, facts.ReportFileAttached):
        return fact.file.name
    found: str | None = _first(fact, _TEXTS)
    return found


def round_(report: Report, draft: Draft, fact: Submission) -> Row:
    """The draft as it was handed in."""
    return {
        "report_id": report.id,
        "round": fact.round,
        **owners(report),
        "version": report.version,
        "number": fact.number,
        "document": draft.document,
        "document_sha256": fact.document_sha256,
        **files(draft),
        "by": fact.by,
        "submitted_at": fact.submitted_at,
        "answer": getattr(fact, "answer", None),
        "review": None,
    }


def verdict(report: Report, fact: Verdict) -> Row:
    return {
        "report_id": report.id,
        "version": report.version,
        **owners(report),
        "round": fact.round,
        "verdict": _shown(report, fact),
    }


def _shown(report: Report, fact: Verdict) -> Row:
    dumped = fact.model_dump(mode="json")
    names = (
        "catalogue_version",
        "catalogue_sha256",
        "result",
        "blocking",
        "verdict",
        "findings",
        "exemptions",
    )
    return {
        "version": report.version,
        "what": fact.type.split(".")[1],
        "at": dumped.get("checked_at") or dumped.get("reevaluated_at"),
        "by": dumped.get("by"),
        "reason": dumped.get("reason"),
        **{name: dumped[name] for name in names},
    }


def review(fact: Review) -> Row:
    dumped = fact.model_dump(mode="json")
    return {
        "what": fact.type.split(".")[1],
        "at": dumped.get("accepted_at") or dumped.get("returned_at"),
        "by": dumped["by"],
        "remark": dumped.get("remark"),
        "reasons": dumped.get("reasons", []),
    }


def judged_factors(fact: ReportVerdictFact) -> Mapping[str, Row]:
    """What a trend shows of each factor, by its place in the document."""
    whole: Any = fact.verdict
    found: dict[str, Row] = {
        factor["at"]: {name: factor[name] for name in _JUDGED} for factor in whole["factors"]
    }
    for at, factor in found.items():
        of_factor = (one for one in whole["rules"] if one["at"] == at or one["at"].startswith(f"{at}/"))
        factor["rules"] = [{name: one[name] for name in _OF_RULE} for one in of_factor]
    return found
