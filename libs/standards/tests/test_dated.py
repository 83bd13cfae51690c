"""Settings hold from a day to a day, and each says where it comes from."""

import json
from datetime import date, time
from decimal import Decimal

import pytest
from qingyuan_standards import fence
from qingyuan_standards.dated import (
    SETTINGS,
    UnknownSetting,
    read_settings,
    setting,
    setting_or_oldest,
    settings,
    statement,
)

TODAY = date(2026, 11, 24)


def test_every_setting_says_where_it_comes_from_and_how_sure_it_is() -> None:
    for dated_setting in SETTINGS:
        assert len(dated_setting.source) > 10
        assert dated_setting.confidence in {"OFFICIAL", "2SRC", "SEEN", "RECALL", "OWN"}


def test_no_two_of_one_name_hold_on_the_same_day() -> None:
    days = {
        day
        for dated_setting in SETTINGS
        for day in (dated_setting.valid_from, dated_setting.valid_to or TODAY, TODAY)
    }
    for day in days:
        names = [(dated_setting.name, dated_setting.jurisdiction) for dated_setting in settings(day)]
        assert len(names) == len(set(names))


def test_what_was_never_set_or_not_on_that_day_is_unknown() -> None:
    for name, day, where in (
        ("fence_radius", TODAY, "310000"),
        ("fence_radius_m", date(2019, 12, 31), "310000"),
        ("fence_radius_m", TODAY, "320000"),
    ):
        with pytest.raises(UnknownSetting):
            setting(name, day, where)


def test_a_day_before_the_first_rule_is_answered_by_that_rule() -> None:
    radii = [known for known in SETTINGS if known.name == "fence_radius_m"]
    oldest = min(radii, key=lambda known: known.valid_from)
    for day in (date(2001, 1, 1), oldest.valid_from):
        assert setting_or_oldest("fence_radius_m", day) == oldest
    assert setting_or_oldest("fence_radius_m", TODAY) == setting("fence_radius_m", TODAY)
    with pytest.raises(UnknownSetting):
        setting_or_oldest("fence_radius", TODAY)


def test_a_setting_ends_the_day_before_the_next_begins() -> None:
    row = {
        "name": "n",
        "value": "1",
        "unit": None,
        "jurisdiction": "310000",
        "source": "s",
        "confidence": "OWN",
    }
    old, new = read_settings(
        json.dumps(
            [
                row | {"valid_from": "2026-01-01", "valid_to": "2026-06-30"},
                row | {"valid_from": "2026-07-01", "valid_to": None},
            ]
        )
    )
    assert [old.holds(date(2026, 6, 30)), old.holds(date(2026, 7, 1))] == [True, False]
    assert [new.holds(date(2026, 6, 30)), new.holds(date(2026, 7, 1))] == [False, True]


def test_the_figures_are_of_their_kinds() -> None:
    assert fence.rules(TODAY).radius_m == Decimal(200)
    reminders = [time.fromisoformat(text) for text in setting("reminder_times", TODAY).value]
    assert reminders == sorted(reminders)
    assert time.fromisoformat(setting("contract_reminder_time", TODAY).value)
    for name in ("contract_reminder_days", "contract_reminder_every_days"):
        assert int(setting(name, TODAY).value) > 0
    version, text = statement(TODAY)
    assert version
    assert text.endswith("。")
