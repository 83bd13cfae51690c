"""Page and server judge alike: the same corpus here and in `web/src/sheets/corpus.test.ts`."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from qingyuan_standards.forms import check, form, forms

ROOT = Path(__file__).parents[3]
CORPUS = sorted((ROOT / "libs/standards/corpus").glob("*.json"))
CASES = [case for path in CORPUS for case in json.loads(path.read_text("utf-8"))]
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['form']}: {case['case']}")
def test_the_check_of_a_sheet_gives_the_result_in_the_corpus(case: dict[str, Any]) -> None:
    checked = check(form(case["form"], case["version"]), case["values"])
    assert [{"field": problem.field, "rule": problem.rule} for problem in checked.problems] == case[
        "problems"
    ]
    assert checked.computed == case["computed"]
    found = [
        {"field": finding.field, "rule": finding.rule, "level": finding.level} for finding in checked.findings
    ]
    assert found == case["findings"]


def test_the_corpus_has_a_valid_sheet_of_every_form_and_enough_problems_and_findings() -> None:
    assert {case["form"] for case in CASES} == {known.name for known in forms(TODAY)}
    for name in {case["form"] for case in CASES}:
        bad = [bool(case["problems"]) for case in CASES if case["form"] == name]
        assert not all(bad), f"{name} has no good sheet"
    assert sum(bool(case["problems"]) for case in CASES) >= 30
    assert sum(bool(case["findings"]) for case in CASES) >= 50
