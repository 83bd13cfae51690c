"""What can be said of a confirmation beyond its present state: figures of the board, by which lists are narrowed, too."""

from sqlalchemy import FromClause

from views.shared.composed import Conditions, fixed


def confirmation_figures(confirmation: FromClause) -> Conditions:
    """By name, over a table or alias of confirmations.

    Disputed, escalated and late originals count whenever that was, unless the confirmation is void.
    """
    signed = confirmation.c.state == fixed("signed")
    standing = confirmation.c.state != fixed("voided")
    return {
        "signed": signed,
        "signed_late": signed & confirmation.c.late,
        "disputed": confirmation.c.disputed & standing,
        "escalated": confirmation.c.escalated & standing,
        "originals_late": confirmation.c.originals_late & standing,
    }


def narrowing(confirmation: FromClause) -> Conditions:
    """What lists take as a state though it is none. `signed` is one: it stays with the filter by state."""
    figures = {
        name: figure for name, figure in confirmation_figures(confirmation).items() if name != "signed"
    }
    return figures | {"unanswered": confirmation.c.state == fixed("disputed")}
