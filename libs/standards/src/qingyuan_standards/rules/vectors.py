"""Turns a rule's test vector into a document, so that every program that reads the catalogue can try its rules."""

from typing import Any, Final

from qingyuan_standards.rules.records import Json, Rule

DAY: Final = "2026-11-03"


def document_of(rule: Rule, vector: Json) -> dict[str, Any]:
    """Pairs of a vector are written `[reference, measured]`, or as in a document."""
    factor = dict(vector["factor"])
    if "pairs" in factor:
        factor["pairs"] = [_pair(pair) for pair in factor["pairs"]]
    return {
        "document": "report.v1",
        "doc_type": vector["doc_type"],
        "basis": vector.get("basis") or min(rule.basis),
        "performed": vector.get("performed", {"from": f"{DAY}T00:00", "to": f"{DAY}T23:59"}),
        "points": [{"id": "1", "factors": [{"factor": min(rule.factors), **factor}]}],
    }


def _pair(pair: Any) -> Any:
    return {"reference": pair[0], "measured": pair[1]} if isinstance(pair, list) else pair
