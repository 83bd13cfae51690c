"""Times on the sheets of a visit that lie outside it. Derived when the visit is shown: they may follow from parts that came later."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from qingyuan_events.content import heads
from qingyuan_events.tasks import SheetRevisionV3
from qingyuan_standards.days import local_day
from qingyuan_standards.forms import UnknownForm, form
from qingyuan_standards.work_times import outside

from views.work.visits import Detail


def presence(detail: Detail) -> tuple[datetime | None, datetime | None]:
    """Arrival and departure: of a back-fill those that a person stated, for its sign-in and sign-out were made elsewhere."""
    if detail.backfill:
        return detail.backfill.arrived_at, detail.backfill.left_at
    return (
        detail.sign_in.claimed_at if detail.sign_in else None,
        detail.sign_out.claimed_at if detail.sign_out else None,
    )


def work_day(detail: Detail, legal: date) -> date:
    """The day of the work: the arrival where it is known, for a back-fill is made on a later day."""
    arrived_at, _ = presence(detail)
    return local_day(arrived_at) if arrived_at else legal


def findings(detail: Detail, revisions: Sequence[SheetRevisionV3]) -> Iterator[dict[str, Any]]:
    """Of the current revisions, in the order of the signed content."""
    for head in heads(revisions):
        try:
            known = form(head.form, head.form_version)
        except UnknownForm:
            continue
        for found in outside(known, head.values, *presence(detail)):
            yield {
                "sheet_id": str(head.sheet_id),
                "title": known.title,
                "field": found.field,
                "rule": found.rule,
                "level": found.level,
                "sentence": found.sentence,
            }
