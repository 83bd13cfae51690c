"""Every rule of the catalogue does what its own test vectors say."""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import pytest
from qingyuan_standards.rules import Judged, Rule, catalogue, check, versions
from qingyuan_standards.rules.vectors import document_of

CASES = [
    pytest.param(version, rule, vector, id=f"{version} {rule.id}: {vector['case']}")
    for version in versions()
    for rule in catalogue(version).rules
    for vector in rule.vectors
]


@pytest.mark.parametrize(("version", "rule", "vector"), CASES)
def test_a_rule_does_what_its_vector_says(version: str, rule: Rule, vector: dict[str, Any]) -> None:
    verdict = check(document_of(rule, vector), catalogue(version))
    found = [judged for judged in verdict.judged if judged.rule.id == rule.id]
    expected = vector["expect"]
    if expected.get("applies") is False:
        assert found == []
        return
    assert {judged.result for judged in found} == {expected["result"]}
    assert len(found) == 1 or rule.on == "pair"
    assert_as_expected(found[0], expected)


def assert_as_expected(judged: Judged, expected: dict[str, Any]) -> None:
    if "value" in expected:
        wanted = Decimal(expected["value"])
        assert judged.value is not None
        assert judged.value.quantize(wanted, ROUND_HALF_EVEN) == wanted
    if "near_limit" in expected:
        assert judged.near_limit is expected["near_limit"]


def test_rules_below_two_sources_never_block() -> None:
    for version in versions():
        blocking = {
            rule.id: rule.confidence for rule in catalogue(version).rules if rule.severity == "blocking"
        }
        assert set(blocking.values()) <= {"2SRC", "OFFICIAL"}
        assert blocking  # else the test says nothing
