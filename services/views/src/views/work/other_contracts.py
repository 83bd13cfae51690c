"""What work under another contract has to do with a window.

A window is fulfilled only by its own operator. Where a visit of that operator fulfilled it under a contract other than the
plan's, the list names that contract; where only another operator did the work in time, it names visit, operator and contract.
Row-level security decides what the asker sees: an operator never learns of another's visits. Pure.
"""

from sqlalchemy import FromClause, Select, Text, Uuid, cast, select, true
from sqlalchemy.sql.selectable import LateralFromClause

from views.shared.composed import fixed
from views.tables.work import CONTRACT, PLAN, SHEET, VISIT_DETAIL

_DETAIL, _CONTRACT = VISIT_DETAIL.alias("d"), CONTRACT.alias("under")
_CONTRACT_OF_VISIT = cast(_DETAIL.c.detail.op("#>>", return_type=Text())(fixed("{opened,contract_id}")), Uuid)


def with_other_contracts(query: Select[object], window: FromClause) -> Select[object]:
    """The query with the columns `under_…` and `others_…`, null where there is nothing to say."""
    under, others = _under(window), _others(window)
    return (
        query.add_columns(*under.c, *others.c)
        .join(under, true(), isouter=True)
        .join(others, true(), isouter=True)
    )


def _under(window: FromClause) -> LateralFromClause:
    plan = PLAN.alias("p")
    return (
        select(_CONTRACT.c.id.label("under_id"), _CONTRACT.c.number.label("under_number"))
        .join_from(_DETAIL, _CONTRACT, _CONTRACT.c.id == _CONTRACT_OF_VISIT)
        .join(plan, plan.c.id == window.c.plan_id)
        .where(_DETAIL.c.id == window.c.visit_id, plan.c.contract_id != _CONTRACT.c.id)
        .lateral("under_other")
    )


def _others(window: FromClause) -> LateralFromClause:
    """The earliest visit of another operator that did the work of a window which is not fulfilled."""
    sheet = SHEET.alias("o")
    return (
        select(
            sheet.c.visit_id.label("others_visit"),
            sheet.c.day.label("others_day"),
            _CONTRACT.c.operator_name.label("others_operator"),
            _CONTRACT.c.id.label("others_contract"),
            _CONTRACT.c.number.label("others_number"),
        )
        .join_from(sheet, _DETAIL, _DETAIL.c.id == sheet.c.visit_id)
        .join(_CONTRACT, _CONTRACT.c.id == _CONTRACT_OF_VISIT, isouter=True)
        .where(
            window.c.visit_id.is_(None),
            sheet.c.counts,
            *(sheet.c[name] == window.c[name] for name in ("point_id", "content")),
            sheet.c.operator_id != window.c.operator_id,
            sheet.c.day.between(window.c.opens, window.c.closes),
        )
        .order_by(sheet.c.day, sheet.c.visit_id)
        .limit(fixed(1))
        .lateral("by_others")
    )
