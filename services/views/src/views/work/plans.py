"""The projection of plans: folds their facts and saves the rows.

Each window of a plan becomes a cycle for each of its points.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from qingyuan_events import Fact, Recorded
from qingyuan_events import tasks as facts
from qingyuan_events.parts import Moment, Part
from qingyuan_events.tasks import AssigneeV2, DeviceV2, PaperGap, PlanItem
from qingyuan_runtime.database.connections import Connection
from qingyuan_runtime.domain.text import storable

from views.shared.saving import save


class Crew(Part):
    """The assignees and devices of a plan, since when, and why they were changed.

    `gaps`: windows in which the filed papers of one of them do not hold, null where there are none; and why the operator
    planned so all the same.
    """

    assignees: tuple[AssigneeV2, ...]
    devices: tuple[DeviceV2, ...]
    at: Moment
    reason: str | None = None
    gaps: tuple[PaperGap, ...] | None = None
    gaps_reason: str | None = None


class PlanDetail(Part):
    points: tuple[UUID, ...]
    items: tuple[PlanItem, ...]
    calendar: str
    crews: tuple[Crew, ...]
    stop_reason: str | None = None


@dataclass(slots=True)
class PlanChanges:
    """What the facts changed: plans whose cycles need visits assigned, and enterprise and closing day of changed cycles."""

    plans: list[UUID] = field(default_factory=list)
    cycles: set[tuple[UUID, date]] = field(default_factory=set)


async def apply_plans(connection: Connection, plan_facts: Sequence[Recorded[Fact]]) -> PlanChanges:
    """Apply these facts to the tables. The cycles of new plans are saved without visits."""
    published = [
        (recorded, recorded.fact)
        for recorded in plan_facts
        if isinstance(recorded.fact, facts.PlanPublishedV2)
    ]
    await save(connection, _PUBLISHED, [_plan_row(*plan) for plan in published])
    cycles = [row for _, fact in published for row in cycle_rows(fact)]
    await save(connection, _CYCLES, cycles)
    touched = PlanChanges([fact.plan_id for _, fact in published], {(row[4], row[9]) for row in cycles})
    for recorded in plan_facts:
        match recorded.fact:
            case facts.PlanCrewChangedV2():
                await _change_crew(connection, recorded, recorded.fact)
            case facts.PlanStopped():
                touched.cycles |= await _stop(connection, recorded, recorded.fact)
    return touched


def _plan_row(recorded: Recorded[Fact], fact: facts.PlanPublishedV2) -> tuple[Any, ...]:
    crew = _crew(recorded, fact)
    detail = PlanDetail(points=fact.points, items=fact.items, calendar=fact.calendar, crews=(crew,))
    return (
        fact.plan_id,
        recorded.version,
        fact.enterprise_id,
        fact.operator_id,
        fact.district,
        fact.contract_id,
        fact.name,
        fact.first_day,
        fact.last_day,
        recorded.recorded_at,
        storable(detail.model_dump_json(exclude_none=True)),
    )


def _crew(recorded: Recorded[Fact], fact: facts.PlanPublishedV2 | facts.PlanCrewChangedV2) -> Crew:
    return Crew(
        assignees=fact.assignees,
        devices=fact.devices,
        at=recorded.recorded_at,
        reason=fact.reason if isinstance(fact, facts.PlanCrewChangedV2) else None,
        gaps=fact.gaps or None,
        gaps_reason=fact.gaps_reason,
    )


def cycle_rows(fact: facts.PlanPublishedV2) -> Iterator[tuple[Any, ...]]:
    own = (fact.enterprise_id, fact.operator_id, fact.district)
    for number, item in enumerate(fact.items):
        for window in item.windows:
            for point in fact.points:
                days = (window.opens, window.closes, item.gap_days_max)
                yield (fact.plan_id, number, window.number, point, *own, item.content, *days)


async def _change_crew(
    connection: Connection, recorded: Recorded[Fact], fact: facts.PlanCrewChangedV2
) -> None:
    crew = _crew(recorded, fact)
    detail = await _plan_detail(connection, fact.plan_id)
    changed = detail.model_copy(update={"crews": (*detail.crews, crew)})
    await _save_plan(connection, fact.plan_id, recorded.version, changed)


async def _stop(
    connection: Connection, recorded: Recorded[Fact], fact: facts.PlanStopped
) -> set[tuple[UUID, date]]:
    detail = await _plan_detail(connection, fact.plan_id)
    changed = detail.model_copy(update={"stop_reason": fact.reason})
    await _save_plan(connection, fact.plan_id, recorded.version, changed, fact.last_day)
    rows = await connection.fetch(_STOPPED, fact.plan_id, fact.last_day)
    return {(row["enterprise_id"], row["closes"]) for row in rows}


async def _plan_detail(connection: Connection, plan_id: UUID) -> PlanDetail:
    stored = await connection.fetchval("select detail from plan where id = $1", plan_id)
    return PlanDetail.model_validate_json(stored)


async def _save_plan(
    connection: Connection, plan_id: UUID, version: int, detail: PlanDetail, stopped_on: date | None = None
) -> None:
    await connection.execute(
        "update plan set version = $2, detail = $3, stopped_on = coalesce($4, stopped_on) where id = $1",
        plan_id,
        version,
        storable(detail.model_dump_json(exclude_none=True)),
        stopped_on,
    )


async def stop_cycles_after_end(
    connection: Connection, contracts: Sequence[UUID], plans: Sequence[UUID]
) -> set[tuple[UUID, date]]:
    """Mark cycles as stopped that open after the last day of an ended contract. Call it for new plans and for ended contracts,
    since their facts come in any order."""
    rows = await connection.fetch(_NO_LONGER_DUE, contracts, plans)
    return {(row["enterprise_id"], row["closes"]) for row in rows}


_PUBLISHED = """
    insert into plan (id, version, enterprise_id, operator_id, district, contract_id, name, first_day, last_day,
        published, detail)
    select id, version, enterprise_id, operator_id, district, contract_id, name, first_day, last_day, published, detail
      from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::text[],
        $8::date[], $9::date[], $10::timestamptz[], $11::json[])
        as new (id, version, enterprise_id, operator_id, district, contract_id, name, first_day, last_day,
        published, detail)
"""
_CYCLES = """
    insert into cycle (plan_id, item, number, point_id, enterprise_id, operator_id, district, content, opens, closes,
        gap_days_max, stopped)
    select plan_id, item, number, point_id, enterprise_id, operator_id, district, content, opens, closes,
           gap_days_max, false
      from unnest($1::uuid[], $2::integer[], $3::integer[], $4::uuid[], $5::uuid[], $6::uuid[],
        $7::text[], $8::text[], $9::date[], $10::date[], $11::integer[])
        as new (plan_id, item, number, point_id, enterprise_id, operator_id, district, content, opens, closes,
        gap_days_max)
"""
_NO_LONGER_DUE = """
    update cycle c set stopped = true
      from plan p join contract k on k.id = p.contract_id
     where c.plan_id = p.id and c.opens > k.ended_on and not c.stopped
       and (k.id = any($1::uuid[]) or p.id = any($2::uuid[]))
    returning c.enterprise_id, c.closes
"""
_STOPPED = """
    update cycle set stopped = true where plan_id = $1 and opens > $2 returning enterprise_id, closes
"""
