"""Times on a sheet that lie outside its visit are noticed; page and server agree on the same cases."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from qingyuan_standards.forms import form, forms
from qingyuan_standards.forms_definition import property_at
from qingyuan_standards.work_rules import WORK_RULES
from qingyuan_standards.work_times import outside

CASES = json.loads((Path(__file__).parents[1] / "corpus/times/times.json").read_text("utf-8"))
FORMS = {known.name: known for known in forms(date(2026, 11, 24))}


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_times_outside_the_visit(case: dict[str, Any]) -> None:
    found = outside(
        form(case["form"], 1), case["values"], moment(case["arrived_at"]), moment(case["left_at"])
    )
    assert [[finding.field, finding.level, finding.sentence] for finding in found] == case["findings"]


def test_the_fields_exist_and_hold_days_or_times() -> None:
    for name, fields in WORK_RULES.times.fields.items():
        for field in fields:
            table, _, column = field.partition(".")
            path = (table, 0, column) if column else (table,)
            found = property_at(FORMS[name].document["schema"], path) or {}
            assert found.get("format") in ("date", "local-time"), f"{name}: {field}"
