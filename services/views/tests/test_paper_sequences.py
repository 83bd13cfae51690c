"""Whatever is done to a resource, its papers run out on the days that they state, and none of what has ended does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from filing_facts import device
from hypothesis import given
from hypothesis import strategies as st
from qingyuan_events import Actor, Meta, Recorded
from qingyuan_events import filing as facts
from views.filings import answers, resource_fold, saving

OPERATOR, RESOURCE = UUID(int=1), UUID(int=2)
TODAY = date(2026, 11, 20)
META = Meta(
    actor=Actor(account=UUID(int=3), kind="operator"), command_id=UUID(int=4), correlation=UUID(int=4)
)
COLUMNS = (
    *("paper_id", "resource_id", "operator_id", "resource_kind", "kind", "number", "issuer", "title"),
    *("valid_from", "valid_to", "revoked_from"),
)
Periods = dict[UUID, tuple[date | None, date | None]]


@dataclass(frozen=True)
class Renewal:
    replaces: int | None
    last_day: date | None


@dataclass(frozen=True)
class Correction:
    last_days: tuple[date | None, ...]


@dataclass(frozen=True)
class Revocation:
    which: int
    first_day: date


days = st.integers(-90, 90).map(lambda number: TODAY + timedelta(days=number))
last_days = st.one_of(days, days, st.none())
changes = st.one_of(
    st.builds(Renewal, st.one_of(st.none(), st.integers(0, 5)), last_days),
    st.builds(Correction, st.lists(last_days, max_size=3).map(tuple)),
    st.builds(Revocation, st.integers(0, 5), days),
)


def paper(number: int, last_day: date | None) -> facts.Paper:
    return facts.Paper(paper_id=UUID(int=100 + number), kind="calibration", valid_to=last_day)


@dataclass
class Told:
    """The rows of the read model, and beside them what a list on paper would say."""

    resource: resource_fold.Resource
    stated: dict[UUID, date | None]
    revoked: dict[UUID, date]
    made: int = 0

    def tells(self, kind: type[facts.FilingFact], **fields: Any) -> None:
        fact = kind.model_validate({"operator_id": OPERATOR, "resource_id": RESOURCE, **fields})
        at = datetime(2026, 11, 20, tzinfo=UTC)
        recorded = Recorded(f"resource-{RESOURCE}", self.resource.version + 1, at, META, fact)
        self.resource = resource_fold.fold(self.resource, recorded)

    def _new(self, last_day: date | None) -> facts.Paper:
        self.made += 1
        return paper(self.made, last_day)

    def does(self, change: Renewal | Correction | Revocation) -> None:
        there = list(self.stated)
        match change:
            case Renewal():
                new = self._new(change.last_day)
                old = None if change.replaces is None or not there else there[change.replaces % len(there)]
                self.tells(facts.ResourcePaperRenewed, paper=new, replaces=old, changed_on=TODAY)
                self.stated.pop(old or new.paper_id, None)
                self.stated[new.paper_id] = change.last_day
            case Correction():
                papers = tuple(map(self._new, change.last_days))
                particulars = device.model_copy(update={"papers": papers})
                self.tells(facts.ResourceCorrected, particulars=particulars, changed_on=TODAY, reason="更正")
                self.stated = {each.paper_id: each.valid_to for each in papers}
            case Revocation():
                which = there[change.which % len(there)] if there else UUID(int=9)
                self.tells(
                    facts.ResourcePaperRevoked, paper_id=which, first_day=change.first_day, reason="撤销"
                )
                self.revoked[which] = change.first_day

    def rows(self) -> list[dict[str, Any]]:
        return [dict(zip(COLUMNS, row, strict=True)) for row in saving.paper_rows(self.resource)]


def told(sequence: Sequence[Renewal | Correction | Revocation]) -> Told:
    first = paper(0, TODAY)
    particulars = device.model_copy(update={"papers": (first,)})
    added = facts.ResourceAdded(
        operator_id=OPERATOR, resource_id=RESOURCE, particulars=particulars, changed_on=TODAY
    )
    recorded = Recorded(f"resource-{RESOURCE}", 1, datetime(2026, 11, 20, tzinfo=UTC), META, added)
    made = Told(resource_fold.fold(None, recorded), {first.paper_id: TODAY}, {})
    for change in sequence:
        made.does(change)
    return made


def ends_within(rows: Sequence[dict[str, Any]], number: int) -> set[UUID]:
    """As the list of papers answers it: those that end within so many days, and those that have ended."""
    shown = [
        answers.expiring(row | {"operator_name": "甲"}, TODAY, {})
        for row in rows
        if row["valid_to"] is not None
    ]
    return {UUID(row["paper_id"]) for row in shown if row["days_left"] <= number}


@given(st.lists(changes, max_size=12), st.integers(0, 120))
def test_the_papers_that_end_are_those_that_it_has(sequence: Sequence[Any], number: int) -> None:
    made = told(sequence)
    rows = made.rows()
    assert {row["paper_id"]: row["valid_to"] for row in rows} == made.stated
    assert {row["paper_id"]: row["revoked_from"] for row in rows if row["revoked_from"]} == {
        key: day for key, day in made.revoked.items() if key in made.stated
    }
    up_to = [TODAY + timedelta(days=later) for later in range(-90, number + 1)]
    assert ends_within(rows, number) == {key for key, day in made.stated.items() if day in up_to}


@given(days)
def test_days_left_are_counted_to_the_last_day_which_is_included(last_day: date) -> None:
    row = dict.fromkeys(COLUMNS) | {"valid_to": last_day, "operator_name": "甲"}
    left = answers.expiring(row, TODAY, {})["days_left"]
    assert TODAY + timedelta(days=left) == last_day
    assert (left < 0) == (last_day < TODAY), "it still holds on its last day"


@given(st.lists(changes, max_size=12))
def test_of_what_has_ended_no_paper_ends(sequence: Sequence[Any]) -> None:
    made = told(sequence)
    made.tells(facts.ResourceEnded, last_day=TODAY, reason="报废")
    assert made.rows() == []
