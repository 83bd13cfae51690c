"""Reports with the verdict that is expected of them: good ones, ones at an edge, and wrong ones. Pages must agree with the same files."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from qingyuan_standards.rules import Verdict, catalogue, check, problems_of

CORPUS = Path(__file__).parents[1] / "corpus" / "reports"
REPORTS = [
    pytest.param(case, id=f"{path.stem}: {case['case']}")
    for path in sorted(CORPUS.glob("*.json"))
    for case in json.loads(path.read_text("utf-8"))
]
REFUSED = [
    pytest.param(case, id=case["case"])
    for case in json.loads((CORPUS / "refused" / "refused.json").read_text("utf-8"))
]


def results(verdict: Verdict) -> dict[str, Any]:
    """By rule: its result, or the results in the order of the document where there are several."""
    found = defaultdict(list)
    for judged in verdict.judged:
        found[judged.rule.id].append(judged.result)
    return {rule: each[0] if len(each) == 1 else each for rule, each in found.items()}


@pytest.mark.parametrize("case", REPORTS)
def test_a_report_gets_the_verdict_of_the_corpus(case: dict[str, Any]) -> None:
    assert problems_of(case["document"]) == ()
    verdict = check(case["document"], catalogue("2026.1"))
    expected = case["expect"]
    assert results(verdict) == expected["rules"]
    assert (verdict.result, verdict.blocking) == (expected["result"], expected["blocking"])
    assert sorted(judged.rule.id for judged in verdict.judged if judged.near_limit) == expected["near"]
    assert [[finding.code, finding.severity] for finding in verdict.findings] == expected["findings"]


@pytest.mark.parametrize("case", REFUSED)
def test_a_bad_document_is_refused_at_the_place(case: dict[str, Any]) -> None:
    problems = problems_of(case["document"])
    assert [[problem.at, problem.code] for problem in problems] == case["problems"]
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in problem.sentence) for problem in problems)


def test_the_corpus_is_large_enough_and_has_every_result_and_finding() -> None:
    expected = [case.values[0]["expect"] for case in REPORTS]
    assert len(expected) >= 60
    assert len(REFUSED) >= 20
    assert {each["result"] for each in expected} == {"pass", "fail", "review", "not_judged", "missing_data"}
    assert {code for each in expected for code, _ in each["findings"]} == {
        "arithmetic.differs",
        "arithmetic.sign",
        "conclusion.differs",
        "pair.outside-time",
        "pair.same-time",
        "pair.no-time",
        "pairs.copied",
        "magnitude.odd",
        "agreement.implausible",
        "number.full-width",
    }


def test_five_thousand_rows_are_refused_at_once_with_the_bound() -> None:
    document = REPORTS[0].values[0]["document"]
    factor = document["points"][0]["factors"][0]
    many = {
        **document,
        "points": [{"id": "1", "factors": [{**factor, "pairs": factor["pairs"][:1] * 5_000}]}],
    }
    (problem,) = problems_of(many)
    assert (problem.at, problem.code) == ("/points/0/factors/0/pairs", "list.too-many")
    assert "5000 行，最多 200 行" in problem.sentence


def test_no_more_problems_are_told_than_the_bound() -> None:
    factor = {"factor": "a21026", "unit": "mg/m³", "pairs": [{"reference": "x", "measured": "y"}] * 200}
    codes = ["a21026", "a21002", "a21001", "a21018", "a21022", "a21028", "a34013", "a24088"]
    document = {
        **REPORTS[0].values[0]["document"],
        "points": [{"id": "1", "factors": [{**factor, "factor": code} for code in codes]}],
    }
    assert len(problems_of(document)) == 2_000
