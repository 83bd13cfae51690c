"""The filters of a list in words, for the first sheet of its Excel file."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from qingyuan_events import Actor
from qingyuan_runtime.database.connections import Pool
from qingyuan_standards.districts import district_name

from views.choices.queries import sees_technician
from views.printing.words import FILING_MARKS, MARKS
from views.shared.names import LATEST, Wanted, names_of
from views.shared.pages import filters_of
from views.shared.people import People
from views.shared.query_models import PageQuery
from views.shared.scope import Scope
from views.shared.scoped import scoped
from views.shared.words import (
    CHOSEN,
    CIRCUMSTANCES,
    CONFIRMATION,
    CONTRACT,
    CYCLE,
    FIGURES,
    PLAN,
    VISIT,
    content_named,
)

Asked = list[tuple[str, str]]
IDS: Final = {
    "enterprise_id": "排污单位",
    "point_id": "测点",
    "operator_id": "运维机构",
    "technician_id": "运维人员",
    "plan_id": "计划",
}
NOBODY: Final = UUID(int=0)
_PLAN: Final = "select name from work.plan where id = $1"


async def asked_of(pool: Pool, people: People, actor: Actor, scope: Scope, query: PageQuery) -> Asked:
    filters = {name: value for name, value in filters_of(query).items() if value is not None}
    named = await _names(pool, people, actor, scope, filters)
    chosen = [(label, named.get(name, CHOSEN)) for name, label in IDS.items() if name in filters]
    return [*_period(filters), *chosen, *_words(filters)] or [("条件", "无")]


def _period(filters: Mapping[str, Any]) -> Asked:
    first, last = (filters.get("day") or filters.get(name) for name in ("first_day", "last_day"))
    return [("日期", f"{_day(first)} 至 {_day(last)}")] if first or last else []


def _day(day: date | None) -> str:
    return day.isoformat() if day else "不限"


def _words(filters: Mapping[str, Any]) -> Asked:
    return [(label, word(filters[name])) for name, (label, word) in _SAID.items() if name in filters]


def _of(*words: Mapping[str, str]) -> Callable[[str], str]:
    known = {code: text for part in words for code, text in part.items()}
    return lambda code: known.get(code, code)


_STATES: Final = {"planned": "全部应做", "confirmed": "企业已确认", "ended": "企业终止"}
_SAID: Final[Mapping[str, tuple[str, Callable[[Any], str]]]] = {
    "content": ("运维内容", content_named),
    "district": ("所在区", district_name),
    "state": ("状态", _of(VISIT, CYCLE, CONFIRMATION, FIGURES, CONTRACT, _STATES)),
    "standing": ("状态", _of(CONTRACT, PLAN)),
    "confirmation": ("企业确认", _of(CONFIRMATION, FIGURES)),
    "mark": ("标记", _of(MARKS, FILING_MARKS, CIRCUMSTANCES)),
    "backfilled": ("补录", lambda only: "只看补录" if only else "不看补录"),
}


async def _names(
    pool: Pool, people: People, actor: Actor, scope: Scope, filters: Mapping[str, Any]
) -> dict[str, str]:
    """By the name of the filter. Read as the asker: what one may not see has no name."""
    enterprise, point, operator, technician, plan = (filters.get(name, NOBODY) for name in IDS)
    async with scoped(pool, scope) as connection:
        wanted = Wanted({(enterprise, LATEST), (point, LATEST)}, {(operator, None, LATEST)})
        names = await names_of(connection, scope, wanted)
        plan_name = await connection.fetchval(_PLAN, plan)
        seen = await sees_technician(connection, scope, technician)
    persons = await people.names(actor, [technician] if seen else [])
    found = {
        "enterprise_id": names.entry(enterprise, LATEST).get("name"),
        "point_id": names.entry(point, LATEST).get("name"),
        "operator_id": names.operators.get((operator, None, LATEST)),
        "technician_id": persons.get(technician),
        "plan_id": plan_name,
    }
    return {name: text for name, text in found.items() if text}
