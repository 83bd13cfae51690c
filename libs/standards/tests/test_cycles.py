"""From rule to spans: what people mean by weekly, what holidays and the longest gap do, and what always holds."""

from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qingyuan_standards.calendar import CALENDAR, Calendar
from qingyuan_standards.cycles import BadRule, expand, slack_days

TWO_MONTHS = timedelta(days=60)
NO_HOLIDAYS = Calendar("none", frozenset(), {}, frozenset())


def closes(rule: str, gap: int | None, first: str, last: str) -> list[str]:
    spans = expand(rule, gap, date.fromisoformat(first), date.fromisoformat(last), CALENDAR)
    return [str(span.closes) for span in spans]


def test_weekly_means_once_in_every_seven_days_from_the_first_day() -> None:
    spans = expand("FREQ=WEEKLY", 7, date(2026, 11, 2), date(2026, 11, 30), CALENDAR)
    assert [(span.number, span.opens.day, span.closes.day) for span in spans] == [
        (1, 2, 8),
        (2, 9, 15),
        (3, 16, 22),
        (4, 23, 29),
    ]


def test_a_named_day_is_the_deadline() -> None:
    assert closes("FREQ=WEEKLY;BYDAY=WE", 7, "2026-11-02", "2026-11-20") == [
        "2026-11-04",
        "2026-11-11",
        "2026-11-18",
    ]


def test_every_other_week_and_the_last_friday_of_a_month() -> None:
    assert closes("FREQ=WEEKLY;INTERVAL=2", None, "2026-11-02", "2026-11-30") == ["2026-11-15", "2026-11-29"]
    fridays = closes("RRULE:FREQ=MONTHLY;BYDAY=-1FR", None, "2026-07-01", "2026-08-31")
    assert fridays == ["2026-07-31", "2026-08-28"]


def test_months_that_begin_on_the_31st_lose_no_month() -> None:
    found = closes("FREQ=MONTHLY", None, "2027-01-31", "2027-05-31")
    assert found == ["2027-02-27", "2027-03-30", "2027-04-29", "2027-05-30"]


def test_yearly_is_once_in_twelve_months_from_a_leap_day_too() -> None:
    assert closes("FREQ=YEARLY", None, "2024-02-29", "2027-12-31") == [
        "2025-02-27",
        "2026-02-27",
        "2027-02-27",
    ]


def test_a_period_shorter_than_a_cycle_has_one_span() -> None:
    assert closes("FREQ=MONTHLY", 30, "2026-11-02", "2026-11-30") == ["2026-11-30"]


def test_a_deadline_on_a_holiday_comes_to_the_working_day_before_and_never_later() -> None:
    assert closes("FREQ=MONTHLY;BYMONTHDAY=2", None, "2026-09-10", "2026-11-10") == [
        "2026-09-30",
        "2026-11-02",
    ]
    # 14 February 2026 is a Saturday that is worked.
    assert closes("FREQ=MONTHLY;BYMONTHDAY=17", None, "2026-02-01", "2026-02-28") == ["2026-02-14"]


def test_a_weekend_is_no_holiday() -> None:
    assert closes("FREQ=WEEKLY;BYDAY=SU", None, "2026-11-02", "2026-11-08") == ["2026-11-08"]


def test_a_named_day_is_kept_on_a_holiday_when_the_gap_leaves_no_room() -> None:
    found = closes("FREQ=WEEKLY;BYDAY=FR", 7, "2026-09-21", "2026-10-16")
    assert found == ["2026-09-25", "2026-10-02", "2026-10-09", "2026-10-16"]
    roomy = closes("FREQ=WEEKLY;BYDAY=FR", 10, "2026-09-14", "2026-10-16")
    assert roomy == ["2026-09-18", "2026-09-24", "2026-09-30", "2026-10-09", "2026-10-16"]


def test_daily_work_goes_on_through_a_holiday() -> None:
    assert len(closes("FREQ=DAILY", 1, "2026-09-28", "2026-10-09")) == 12


def test_a_span_is_not_squeezed_to_less_than_half_for_a_holiday() -> None:
    assert closes("FREQ=WEEKLY;BYDAY=TU", None, "2026-09-28", "2026-10-06") == ["2026-09-29", "2026-10-06"]


def test_months_longer_than_the_gap_make_the_deadline_earlier() -> None:
    found = closes("FREQ=MONTHLY;BYMONTHDAY=15", 30, "2027-01-01", "2027-04-20")
    assert found == ["2027-01-15", "2027-02-14", "2027-03-15", "2027-04-14"]


def test_a_rule_with_gaps_longer_than_the_maximum_gets_spans_between() -> None:
    assert closes("FREQ=WEEKLY;BYDAY=MO,TU", 3, "2027-03-01", "2027-03-10") == [
        "2027-03-01",
        "2027-03-02",
        "2027-03-05",
        "2027-03-08",
        "2027-03-09",
    ]


def test_a_deadline_half_a_gap_too_late_is_made_earlier_and_a_later_one_gets_a_span_before_it() -> None:
    assert closes("FREQ=MONTHLY;BYMONTHDAY=31", 20, "2027-03-01", "2027-04-05") == ["2027-03-21"]
    assert closes("FREQ=MONTHLY;BYMONTHDAY=31", 19, "2027-03-01", "2027-04-05") == [
        "2027-03-20",
        "2027-03-31",
    ]


def test_a_tail_as_long_as_the_gap_needs_no_span() -> None:
    assert closes("FREQ=MONTHLY;BYMONTHDAY=9", 20, "2027-03-01", "2027-03-29") == ["2027-03-09"]


def test_the_tail_of_a_period_is_no_longer_than_the_gap() -> None:
    assert closes("FREQ=MONTHLY;BYMONTHDAY=9", 20, "2027-03-01", "2027-04-01") == ["2027-03-09", "2027-03-29"]


def test_a_rule_that_names_no_day_of_the_period_has_no_span() -> None:
    assert closes("FREQ=MONTHLY;BYMONTHDAY=1", None, "2026-11-02", "2026-11-30") == []
    assert closes("FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2", None, "2026-11-02", "2026-11-30") == []
    assert closes("FREQ=DAILY;BYDAY=TU,WE", None, "2026-11-05", "2026-11-09") == []


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=WEEKLY;COUNT=3", "COUNT"),
        ("FREQ=WEEKLY;UNTIL=20261231", "UNTIL"),
        ("FREQ=HOURLY", "按天"),
        ("FREQ=YEARLY;BYDAY=MO", "BYMONTH"),
        ("FREQ=YEARLY;BYMONTHDAY=1", "MONTHLY"),
        ("FREQ=DAILY;BYHOUR=8", "BYHOUR"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL"),
        ("FREQ=DAILY;INTERVAL=1000", "INTERVAL"),
        ("FREQ=WEEKLY;BYDAY=XX", "BYDAY"),
        ("FREQ=WEEKLY;BYDAY=MO;WKST=8", "WKST"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0", "BYSETPOS"),
        ("FREQ=MONTHLY;BYMONTHDAY=1;BYMONTH=13", "BYMONTH"),
        ("FREQ=MONTHLY;BYMONTHDAY=41", "取值"),
        ("FREQ=MONTHLY;BYMONTH=3", "BYDAY"),
        ("FREQ=DAILY;BYMONTHDAY=31", "MONTHLY"),
        ("FREQ=DAILY;INTERVAL=7;BYDAY=TU", "星期"),
        ("FREQ=WEEKLY;BYDAY=1MO", "MONTHLY"),
        ("FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2", "MONTHLY"),
        ("FREQ=WEEKLY;FREQ=DAILY", "RFC 5545"),
        ("每周一次", "RFC 5545"),
        ("", "RFC 5545"),
        ("FREQ=DAILY;INTERVAL=٣", "INTERVAL"),
        ("FREQ=WEEKLY;BYDAY=" + ",".join(["MO"] * 99), "过长"),
    ],
)
def test_a_rule_that_no_plan_can_have_is_refused_in_words(rule: str, words: str) -> None:
    with pytest.raises(BadRule) as refused:
        closes(rule, None, "2026-11-02", "2026-12-31")
    assert words in refused.value.sentence


def test_an_impossible_gap_and_a_year_out_of_reach_are_refused() -> None:
    for gap in (0, 10**12):
        with pytest.raises(BadRule, match="间隔"):
            closes("FREQ=DAILY", gap, "2026-11-02", "2026-11-30")
    with pytest.raises(BadRule, match="2199"):
        closes("FREQ=DAILY", 1, "2026-11-02", "2200-01-01")


@pytest.mark.parametrize(
    ("last_done", "gap", "expected"),
    [(None, 7, 6), (date(2026, 11, 20), 7, 3), (date(2026, 11, 24), 7, 6), (date(2026, 11, 10), 7, -7)],
)
def test_slack_is_what_is_left_until_the_deadline_or_the_gap(
    last_done: date | None, gap: int, expected: int
) -> None:
    assert slack_days(date(2026, 11, 24), date(2026, 11, 30), last_done, gap) == expected


_weekdays = st.lists(
    st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1, max_size=4, unique=True
)
_named = st.one_of(
    _weekdays.map(lambda days: f"FREQ=WEEKLY;BYDAY={','.join(days)}"),
    st.integers(-31, 31).filter(bool).map(lambda day: f"FREQ=MONTHLY;BYMONTHDAY={day}"),
    st.tuples(st.integers(1, 5), st.sampled_from(["MO", "FR"])).map(
        lambda p: f"FREQ=MONTHLY;BYDAY={p[0]}{p[1]}"
    ),
)
_plain = st.tuples(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]), st.integers(1, 13)).map(
    lambda p: f"FREQ={p[0]};INTERVAL={p[1]}"
)
_rules = st.one_of(_plain, _named)
_days = st.dates(date(2024, 1, 1), date(2027, 12, 31))
_gaps = st.none() | st.integers(1, 200)
_lengths = st.integers(0, 500)


_pieces = st.sampled_from(
    [
        *(
            "FREQ=DAILY",
            "FREQ=WEEKLY",
            "FREQ=MONTHLY",
            "INTERVAL=2",
            "BYDAY=MO,SU",
            "BYDAY=5FR,-1MO",
            "BYMONTHDAY=31",
        ),
        *("BYMONTHDAY=-31,1", "BYMONTH=2", "BYSETPOS=-1", "BYSETPOS=99", "WKST=SU", "COUNT=2", "X-A=1", ""),
    ]
)


@settings(deadline=None)
@given(st.lists(_pieces, max_size=5).map(";".join) | st.text(max_size=20), _gaps, _days)
def test_any_text_is_a_plan_or_refused_in_words(rule: str, gap: int | None, first: date) -> None:
    # Anything else than a refusal in words would be an error of ours.
    with suppress(BadRule):
        assert all(
            span.opens <= span.closes for span in expand(rule, gap, first, first + TWO_MONTHS, CALENDAR)
        )


@settings(deadline=None)
@given(_rules, _gaps, _days, _lengths)
def test_no_gap_is_longer_than_the_rule(rule: str, gap: int | None, first: date, length: int) -> None:
    last = first + timedelta(days=length)
    days = [first, *(span.closes for span in expand(rule, gap, first, last, CALENDAR)), last]
    steps = [(later - earlier).days for earlier, later in pairwise(days)]
    assert gap is None or max(steps) <= gap


@settings(deadline=None)
@given(_rules, _gaps, _days, _lengths)
def test_spans_are_numbered_from_1_without_gaps_or_overlaps(
    rule: str, gap: int | None, first: date, length: int
) -> None:
    last = first + timedelta(days=length)
    spans = expand(rule, gap, first, last, CALENDAR)
    assert [span.number for span in spans] == list(range(1, len(spans) + 1))
    opens = [first, *(span.closes + timedelta(days=1) for span in spans)]
    assert [span.opens for span in spans] == opens[:-1]
    assert all(span.opens <= span.closes <= last for span in spans)


@settings(deadline=None)
@given(_plain, _gaps, _days, _lengths)
def test_a_rule_without_named_days_always_has_a_span(
    rule: str, gap: int | None, first: date, length: int
) -> None:
    assert expand(rule, gap, first, first + timedelta(days=length), CALENDAR)


@settings(deadline=None)
@given(_named, _days, _lengths)
def test_without_a_gap_there_is_a_span_for_every_named_day_and_none_closes_after_it(
    rule: str, first: date, length: int
) -> None:
    last = first + timedelta(days=length)
    moved = expand(rule, None, first, last, CALENDAR)
    named = [span.closes for span in expand(rule, None, first, last, NO_HOLIDAYS)]
    assert len(moved) == len(named)
    assert all(span.closes <= day for span, day in zip(moved, named, strict=True))
