"""Until when an operator has to hand in what it changed: said on its first page."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from filing_facts import LATER, PERSON, VEHICLE, FilingFacts, basics, filed, part, person, sealed, version
from qingyuan_events import filing as facts
from qingyuan_local.testing import DatabaseServer
from sample_facts import SampleFacts
from test_filing_marks import asked
from test_working_day_http import OWN
from views.filings.reporting import unreported_basics
from working_day_facts import OPERATOR


def changes(day: str) -> dict[str, Any]:
    return {"what": "basics_changed", "day": day}


SUBMITTED, RETURNED, WITHDRAWN = (
    {"what": what} for what in ("submitted", "first_review_returned", "withdrawn")
)


@pytest.mark.parametrize(
    ("steps", "days"),
    [
        ([changes("2026-01-05"), SUBMITTED], []),
        ([changes("2026-01-05"), SUBMITTED, changes("2026-02-06")], [date(2026, 2, 6)]),
        ([changes("2026-01-05"), SUBMITTED, RETURNED], []),
        (
            [changes("2026-01-05"), SUBMITTED, changes("2026-02-06"), WITHDRAWN],
            [date(2026, 1, 5), date(2026, 2, 6)],
        ),
    ],
)
def test_basics_are_reported_once_handed_in(steps: list[dict[str, Any]], days: list[date]) -> None:
    assert unreported_basics(steps) == days


def corrected(filing: FilingFacts, day: date) -> None:
    filing.say(
        facts.ResourceCorrected, resource_id=PERSON, particulars=person, changed_on=day, reason="改岗位"
    )


def nothing(filing: FilingFacts) -> None:
    """All that there is was filed."""


def twice(filing: FilingFacts) -> None:
    corrected(filing, date(2026, 10, 31))
    corrected(filing, date(2026, 11, 18))


def handed_in(filing: FilingFacts) -> None:
    twice(filing)
    filing.submits(2, None, version(PERSON, "person", 3))


def withdrawn(filing: FilingFacts) -> None:
    handed_in(filing)
    filing.say(facts.FilingWithdrawn, number=2)


def moved(filing: FilingFacts) -> None:
    filing.say(
        facts.FilingBasicsChanged,
        basics=basics,
        legal_representative=sealed,
        contact=sealed,
        changed_on=date(2026, 11, 2),
    )


def sold(filing: FilingFacts) -> None:
    filing.say(facts.ResourceEnded, resource_id=VEHICLE, last_day=date(2026, 11, 9), reason="出售")


def a_draft_that_ended(filing: FilingFacts) -> None:
    filing.adds(LATER, part)
    filing.say(facts.ResourceEnded, resource_id=LATER, last_day=date(2026, 11, 9), reason="误录")


def cancelled(filing: FilingFacts) -> None:
    twice(filing)
    filing.say(facts.FilingCancelled, revoked=False, reason="不再从业")


@pytest.mark.servers
@pytest.mark.parametrize(
    ("happens", "day"),
    [
        (nothing, None),
        (twice, "2026-11-30"),
        (handed_in, None),
        (withdrawn, "2026-11-30"),
        (moved, "2026-12-02"),
        (sold, "2026-12-09"),
        (a_draft_that_ended, None),
        (cancelled, None),
    ],
)
async def test_the_oldest_change_that_was_not_handed_in_says_the_day(
    postgres_server: DatabaseServer, happens: Callable[[FilingFacts], None], day: str | None
) -> None:
    sample = SampleFacts()
    filing = FilingFacts(sample, OPERATOR)
    filed(filing)
    happens(filing)
    async with asked(postgres_server, sample) as browser:
        assert (await browser.get(f"/filings/{OPERATOR}", OWN)).json()["report_by"] == day
