"""Contents and intervals: which work there is, how often, and how surely that is known."""

import re
from datetime import date

from qingyuan_standards.contents import CONTENTS
from qingyuan_standards.intervals import INTERVALS, intervals

TODAY = date(2026, 11, 24)


def test_contents_and_intervals_name_each_other() -> None:
    assert {rule for content in CONTENTS.values() for rule in content.rules} == {
        interval.rule_id for interval in INTERVALS
    }
    for interval in INTERVALS:
        assert interval.rule_id in CONTENTS[interval.content].rules
        assert interval.medium in CONTENTS[interval.content].media


def test_every_interval_has_a_source_a_description_and_a_confidence() -> None:
    for interval in INTERVALS:
        assert interval.source
        assert interval.about
        assert interval.confidence in {"OFFICIAL", "2SRC", "SEEN", "RECALL"}
        assert interval.days_max >= 1


def test_sources_are_named_as_people_know_them() -> None:
    """Pages show source and description: a key of our own notes says nothing to whoever reads them."""
    for interval in INTERVALS:
        assert not re.search(r"\bS\d|公开代码索引|\d{9,}", interval.source + interval.about)


def test_no_interval_claims_to_be_read_in_the_official_text() -> None:
    assert not [interval.rule_id for interval in INTERVALS if interval.confidence == "OFFICIAL"]


def test_the_strictest_comes_first_and_only_what_holds_on_the_day() -> None:
    found = intervals("calibration", "flue_gas", TODAY)
    assert [interval.days_max for interval in found] == sorted(interval.days_max for interval in found)
    before = intervals("calibration", "flue_gas", date(2020, 1, 1))
    assert {interval.rule_id for interval in found} - {interval.rule_id for interval in before} == {
        "N-CAL-A",
        "N-CAL-M",
    }
    assert intervals("calibration", "flue_gas", date(2018, 2, 28)) == ()


def test_a_conflict_between_sources_is_stated_in_the_description() -> None:
    conflicts = {interval.rule_id for interval in INTERVALS if "两者不一致" in interval.about}
    assert conflicts == {"CAL-PM-M", "CAL-GAS-M-EXT", "CAL-GAS-M-INS"}
