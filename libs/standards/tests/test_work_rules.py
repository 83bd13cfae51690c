"""A sheet on which nothing was done is told from one on which something was; page and server agree on the same cases."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from qingyuan_standards.contents import CONTENTS
from qingyuan_standards.forms import form, forms
from qingyuan_standards.forms_definition import property_at
from qingyuan_standards.work_rules import WORK_RULES, WorkRule, findings, fulfils, lacking

CASES = json.loads((Path(__file__).parents[1] / "corpus/work/work.json").read_text("utf-8"))
FORMS = {known.name: known for known in forms(date(2026, 11, 24))}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_what_is_lacking_and_what_is_noticed(case: dict[str, Any]) -> None:
    known, content, values = form(case["form"], 1), case["content"], case["values"]
    assert [
        {"field": problem.field, "rule": problem.rule} for problem in lacking(known, content, values)
    ] == case["problems"]
    assert [
        {"field": finding.field, "rule": finding.rule, "level": finding.level}
        for finding in findings(known, content, values)
    ] == case["findings"]


@pytest.mark.parametrize(
    ("content", "values", "fulfilled"),
    [
        ("quarterly_maintenance", {"pump_draws": "正常", "pump_tubes": "正常"}, False),
        ("quarterly_maintenance", {"dosing_accuracy": "正常"}, True),
        ("monthly_maintenance", {"pump_draws": "正常", "dosing_accuracy": "正常"}, False),
        ("monthly_maintenance", {"pump_tubes": "正常"}, True),
        ("patrol", {"pump_draws": "正常"}, True),
    ],
)
def test_maintenance_is_fulfilled_by_an_item_that_is_due_that_often(
    content: str, values: dict[str, Any], fulfilled: bool
) -> None:
    assert fulfils(FORMS["patrol_wastewater"], content, values) == fulfilled


def test_a_calibration_without_a_check_is_noticed_and_fulfilled_and_an_empty_one_is_not() -> None:
    reading = {"calibrations": [{"factor": "COD", "signal": "0.01"}]}
    assert fulfils(FORMS["standard_check"], "calibration", reading)
    assert not fulfils(FORMS["standard_check"], "calibration", {"checks": [{"measured": "50"}]})


def test_the_sentence_of_a_negative_value_names_the_column_and_the_value() -> None:
    values = {"checks": [{"factor": "COD", "standard": "50", "measured": "-3.5"}]}
    (finding,) = findings(FORMS["standard_check"], "standard_check", values)
    assert finding.sentence == "“仪器测量结果”填写为 -3.5，浓度不应小于 0，请核对。"


@pytest.mark.parametrize("rule", [*WORK_RULES.needed, *WORK_RULES.expected])
def test_a_rule_speaks_of_a_form_for_its_content_and_of_fields_that_exist(rule: WorkRule) -> None:
    names = [rule.form] if rule.form else CONTENTS[rule.content].forms
    assert set(names) <= set(CONTENTS[rule.content].forms)
    for name in rule.any_of:
        _assert_exists(str(rule.form), name)
    assert rule.any_of or rule.every_days


def test_columns_that_may_not_be_negative_exist() -> None:
    for name, columns in WORK_RULES.negative.columns.items():
        for column in columns:
            _assert_exists(name, column)


def _assert_exists(name: str, field: str) -> None:
    table, _, column = field.partition(".")
    path = (table, 0, column) if column else (table,)
    assert property_at(FORMS[name].document["schema"], path) is not None, field
