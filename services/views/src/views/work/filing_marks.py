"""What filings say against a visit: derived when it is asked for, for papers are filed, corrected and revoked later, too.

Judged is the day of the work, by what is known now. Before an operator's first filing nobody was filed, so no person's paper
is missed; the operator was not filed then.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, FromClause, Label, Uuid, any_, column, exists, func, select

from views.shared.composed import Condition, Conditions, fixed, parameter
from views.tables.filings import FILED_PAPER, FILED_PERSON, STANDING

Row = dict[str, Any]
FilingMark = Literal[
    "certificate_missing", "not_filed_person", "calibration_missing", "operator_not_filed", "operator_locked"
]
OF_PAPERS: Final[tuple[FilingMark, ...]] = ("certificate_missing", "not_filed_person", "calibration_missing")
"""The marks of a visit's people and devices."""
CERTIFICATE: Final = "competence_certificate"
OF_DEVICES: Final = ("verification", "calibration")
"""The kinds of papers of a device; one of them must cover the day."""


def marks(visit: FromClause) -> Conditions:
    """The conditions for a row of visits to have each mark."""
    state = _of_standing(visit, "state")
    was_filed = state.in_([fixed("filed"), fixed("locked")])
    return {
        "certificate_missing": was_filed & _somebody(visit, lambda who: _filed(visit, who) & ~_covered(visit, who)),
        "not_filed_person": was_filed & _somebody(visit, lambda who: ~_filed(visit, who)),
        "calibration_missing": was_filed & _some_device(visit, lambda used: ~_calibrated(visit, used)),
        "operator_not_filed": func.coalesce(state, fixed("none")) == fixed("none"),
        "operator_locked": state == fixed("locked"),
    }  # fmt: skip


def columns(visit: FromClause) -> Sequence[Label[Any]]:
    """To be selected with a visit: the marks of its people and devices, and where its operator's filing stood on the day of the work."""
    standing = [_of_standing(visit, name).label(f"filing_{name}") for name in ("state", "since")]
    own = marks(visit)
    return [*(own[name].label(name) for name in OF_PAPERS), *standing]


def marks_of(row: Any) -> list[FilingMark]:
    of_papers = [name for name in OF_PAPERS if row[name]]
    match row["filing_state"]:
        case "filed":
            return of_papers
        case "locked":
            return [*of_papers, "operator_locked"]
        case _:
            return ["operator_not_filed"]


def operator_filing(row: Any) -> Row:
    since = row["filing_since"]
    return {"state": row["filing_state"] or "none", "since": since.isoformat() if since else None}


def _of_standing(visit: FromClause, column: str) -> ColumnElement[Any]:
    standing = STANDING.alias("standing")
    return (
        select(standing.c[column])
        .where(
            standing.c.operator_id == visit.c.operator_id,
            standing.c.since <= visit.c.worked_on,
            standing.c.until > visit.c.worked_on,
        )
        .correlate(visit)
        .scalar_subquery()
    )


def _somebody(visit: FromClause, judged: Callable[[FromClause], Condition]) -> Condition:
    """Whether it is so of one of the visit's people."""
    who = func.unnest(visit.c.people).table_valued(column("account", Uuid())).render_derived("who")
    return exists().select_from(who).where(judged(who)).correlate(visit)


def _some_device(visit: FromClause, judged: Callable[[FromClause], Condition]) -> Condition:
    """Whether it is so of one of the filed devices that the visit names."""
    used = func.unnest(visit.c.devices).table_valued(column("device", Uuid())).render_derived("used")
    return exists().select_from(used).where(judged(used)).correlate(visit)


def _calibrated(visit: FromClause, used: FromClause) -> Condition:
    paper = FILED_PAPER.alias("paper")
    return _found(
        visit,
        used,
        paper.c.resource_id == used.c.device,
        paper.c.operator_id == visit.c.operator_id,
        paper.c.resource_kind == fixed("device"),
        paper.c.kind.in_([fixed(kind) for kind in OF_DEVICES]),
        paper.c.first_day <= visit.c.worked_on,
        paper.c.last_day >= visit.c.worked_on,
    )


def _filed(visit: FromClause, who: FromClause) -> Condition:
    person = FILED_PERSON.alias("person")
    return _found(
        visit,
        who,
        person.c.account_id == who.c.account,
        person.c.operator_id == visit.c.operator_id,
        person.c.last_day >= visit.c.worked_on,
    )


def _covered(visit: FromClause, who: FromClause) -> Condition:
    paper = FILED_PAPER.alias("paper")
    return _found(
        visit,
        who,
        paper.c.account_id == who.c.account,
        paper.c.operator_id == visit.c.operator_id,
        paper.c.kind == fixed(CERTIFICATE),
        paper.c.first_day <= visit.c.worked_on,
        paper.c.last_day >= visit.c.worked_on,
    )


def _found(visit: FromClause, who: FromClause, *conditions: Condition) -> Condition:
    """Whether there is such a row, looked up by its index.

    Of an EXISTS PostgreSQL would make a join, and hash all papers anew for every visit: seconds for a month of a city.
    """
    row = select(fixed(1)).where(*conditions).limit(fixed(1)).correlate(visit, who)
    return row.scalar_subquery().is_not(None)


def relied_on(visit: FromClause) -> Condition:
    """Whether a visit stood on a paper that was stated for its day and does not hold for it: revoked, or corrected since.

    Parameters: what `filings.relied.Paper` has.
    """
    day = visit.c.worked_on
    stated = (day >= parameter("stated_first")) & (day <= parameter("stated_last"))
    held = (day >= parameter("first_day")) & (day <= parameter("last_day"))
    of_person = parameter("account_id") == any_(visit.c.people)
    of_device = parameter("resource_id") == any_(visit.c.devices)
    return stated & ~held & (of_person | of_device)
