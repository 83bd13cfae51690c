"""The commands of the history, in the order of time: what phones and pages would have sent. Pure."""

from collections.abc import Iterator
from datetime import date, time

from qingyuan_standards.days import at_local

from qingyuan_cli.seeding.history import planning
from qingyuan_cli.seeding.history.agreements import agreement_steps
from qingyuan_cli.seeding.history.confirming_steps import confirmation_steps
from qingyuan_cli.seeding.history.filing_steps import filing_steps
from qingyuan_cli.seeding.history.planning import AGREEMENTS, WITHOUT_WORK, PlannedVisit
from qingyuan_cli.seeding.history.requests import Step, Town
from qingyuan_cli.seeding.history.visiting_steps import arrive, visit_steps


def steps(today: date, town: Town) -> list[Step]:
    """All requests before `today`."""
    found = list(filing_steps(today, town))
    found += [step for agreement in AGREEMENTS for step in agreement_steps(agreement, today, town)]
    found += [
        step for visit in planning.visits(today) for step in _visit_and_confirmation(visit, town, today)
    ]
    return sorted((step for step in found if step.at < at_local(today, time())), key=lambda step: step.at)


def _visit_and_confirmation(visit: PlannedVisit, town: Town, today: date) -> Iterator[Step]:
    on_site = arrive(visit, town, today)
    yield from visit_steps(on_site)
    if visit.ending not in WITHOUT_WORK:
        yield from confirmation_steps(on_site)
