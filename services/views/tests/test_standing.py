"""From which day to which an operator is filed or locked."""

from datetime import UTC, date, datetime
from uuid import UUID

from views.filings.fold import FilingStep
from views.filings.standing import FOREVER, standing_rows

OPERATOR = UUID(int=21)


def step(what: str, day: int, filed_on: date | None = None) -> FilingStep:
    return FilingStep(what=what, at=datetime(2026, 11, day, 4, tzinfo=UTC), day=filed_on)


def rows(*steps: FilingStep) -> list[tuple[str, date, date]]:
    return [(state, since, until) for _, _, state, since, until in standing_rows(OPERATOR, steps)]


def test_a_draft_says_nothing() -> None:
    assert rows(step("begun", 1), step("basics_changed", 1), step("submitted", 2)) == []


def test_a_later_filing_changes_nothing_of_the_first() -> None:
    first, later = date(2026, 11, 5), date(2026, 11, 9)
    assert rows(step("filed", 6, first), step("filed", 9, later)) == [("filed", first, FOREVER)]


def test_locked_filed_again_cancelled_and_begun_again() -> None:
    steps = (
        step("filed", 5, date(2026, 11, 5)),
        step("locked", 10),
        step("filed", 11, date(2026, 11, 11)),
        step("reactivation_asked", 12),
        step("reactivated", 13),
        step("cancelled", 15),
        step("begun", 16),
        step("filed", 20, date(2026, 11, 20)),
    )
    assert rows(*steps) == [
        ("filed", date(2026, 11, 5), date(2026, 11, 10)),
        ("locked", date(2026, 11, 10), date(2026, 11, 13)),
        ("filed", date(2026, 11, 13), date(2026, 11, 15)),
        ("none", date(2026, 11, 15), date(2026, 11, 20)),
        ("filed", date(2026, 11, 20), FOREVER),
    ]


def test_what_changes_twice_on_a_day_leaves_no_day_of_its_own() -> None:
    steps = (step("filed", 5, date(2026, 11, 5)), step("locked", 8), step("reactivated", 8))
    found = rows(*steps)
    assert [row for row in found if row[1] < row[2]] == [
        ("filed", date(2026, 11, 5), date(2026, 11, 8)),
        ("filed", date(2026, 11, 8), FOREVER),
    ]
