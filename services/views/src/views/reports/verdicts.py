"""How urgent a report is in the regulator's queue, and what of its verdict a list shows. Pure."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, Final

from qingyuan_events.reports import ReportVerdictFact

FAILING_MOST: Final = 10
_BAD: Final = ("fail", "review")
APPLIED: Final = "applied"
UNCHECKED: Final = 8
_BY_RESULT: Final[Mapping[str, int]] = {"fail": 2, "review": 3, "missing_data": 4, "not_judged": 5}


def columns(fact: ReportVerdictFact) -> dict[str, Any]:
    severities = [finding["severity"] for finding in _findings(fact)]
    warnings = severities.count("warning")
    return {
        "result": fact.result,
        "blocking": fact.blocking,
        "urgency": _urgency(fact, warnings),
        "failing": tuple(_failing(fact)),
        "findings": tuple(sorted({finding["code"] for finding in _findings(fact)})),
        "warnings": warnings,
        "notes": severities.count("note"),
    }


def _urgency(fact: ReportVerdictFact, warnings: int) -> int:
    """The worst has the least number."""
    if fact.blocking:
        return 1
    passed = 6 if warnings else 7
    return _BY_RESULT.get(fact.result, passed)


def _findings(fact: ReportVerdictFact) -> Iterator[Mapping[str, Any]]:
    verdict: Any = fact.verdict
    own = ({"code": found.code, "severity": found.severity} for found in fact.findings)
    return chain(verdict["findings"], own)


def judgements(fact: ReportVerdictFact) -> list[Mapping[str, Any]]:
    verdict: Any = fact.verdict
    return list(verdict["rules"])


def _failing(fact: ReportVerdictFact) -> list[str]:
    """Rules with a fail or a review that is more than a note, the blocking ones first, each once."""
    bad = [judged for judged in judgements(fact) if judged["severity"] != "note" and outcome(judged) in _BAD]
    bad.sort(key=lambda judged: not judged["blocking"])
    return list(dict.fromkeys(judged["rule"] for judged in bad))[:FAILING_MOST]


def outcome(judged: Mapping[str, Any]) -> str:
    """The result of a judgement, or `exempted` where it would be anything but a pass and an exemption holds."""
    exempted = "exempted" in judged["marks"] and judged["result"] != "pass"
    return "exempted" if exempted else str(judged["result"])


def outcomes(fact: ReportVerdictFact) -> set[tuple[str, str]]:
    """Rule and outcome of every judgement, and what else reports are counted by."""
    return {(judged["rule"], found) for judged in judgements(fact) for found in _counted(judged)}


def _counted(judged: Mapping[str, Any]) -> Iterator[str]:
    yield APPLIED
    yield outcome(judged)
    yield from (name for name in ("blocking", "near_limit") if judged[name])
