"""Every form file holds together, is found by its day, and never changes once it is committed."""

from datetime import date

import pytest
from qingyuan_standards.forms import UnknownForm, check, form, forms


def test_a_form_is_found_by_name_and_version_and_by_the_day() -> None:
    calibration = form("calibration", 1)
    assert calibration.title == "CEMS零点/量程漂移与校准记录表"
    assert calibration in forms(date(2026, 11, 24))
    assert calibration not in forms(date(2018, 2, 28))
    with pytest.raises(UnknownForm):
        form("calibration", 99)


def test_drift_is_computed_and_judged() -> None:
    reading = {
        "factor": "SO2",
        "range": "300",
        "unit": "mg/m³",
        "zero_after_last": "0",
        "zero_before": "7.5",
        "span_after_last": "150",
        "span_before": "190",
    }
    values = {
        "system": "完全抽取法",
        "started_at": "2026-11-24T09:00",
        "ended_at": "2026-11-24T10:00",
        "readings": [reading],
    }
    checked = check(form("calibration", 1), values)
    assert checked.problems == ()
    assert checked.computed["readings.0.zero_drift"] == "2.50"
    assert [one.rule for one in checked.findings] == ["H75-GAS-SD", "OOC-GAS-S"]
