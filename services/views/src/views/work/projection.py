"""The projection of the working day: contracts, plans and visits, then the data that depends on several of them."""

from collections.abc import Sequence
from importlib.resources import files
from typing import Final

from qingyuan_events import Fact, Recorded
from qingyuan_events.tasks import TasksFact
from qingyuan_runtime.database.connections import Connection

from views.board.figures import CYCLES, VISITS, count_again
from views.shared.row_security import OF_DISTRICT, OF_ENTERPRISE, OF_OPERATOR, row_security
from views.work import contracts, cycles, plans, travel, visit_rows, visits

MODEL = "work"


_OWNED: Final = (
    "contract",
    "plan",
    "cycle",
    "visit",
    "visit_detail",
    "sheet",
    "part_use",
    "whereabouts",
    "visit_tally",
    "cycle_tally",
)


def create_script() -> str:
    tables = (files("views.work") / "table.sql").read_text()
    own = row_security(_OWNED, OF_ENTERPRISE, OF_OPERATOR, OF_DISTRICT)
    totals = row_security(("visit_total", "cycle_total"), OF_OPERATOR, OF_DISTRICT)
    return f"{tables}\n{own}\n{totals}\n"


class Work:
    """The runner calls `apply` in the transaction that stores the follower's new position."""

    model = MODEL
    topic = TasksFact.topic

    async def apply(self, connection: Connection, facts: Sequence[Recorded[Fact]]) -> None:
        """The lock lets one transaction run at a time: a plan and the visit that fulfils it may come from two partitions
        at once."""
        await connection.execute("lock table cycle in share row exclusive mode")
        ended = await contracts.apply_contracts(connection, _of(facts, "contract"))
        plan_changes = await plans.apply_plans(connection, _of(facts, "plan"))
        plan_changes.cycles |= await plans.stop_cycles_after_end(connection, ended, plan_changes.plans)
        changed, visit_days = await visit_rows.apply_visits(connection, _of(facts, "visit"))
        days = {(visit.place.point_id, visits.day(visit)) for visit in changed if visit.detail.completed}
        assigned = await cycles.assign_visits(connection, plan_changes.plans, sorted(days))
        await travel.mark_implausible(connection, changed)
        await count_again(connection, VISITS, visit_days)
        await count_again(connection, CYCLES, plan_changes.cycles | assigned)

    async def digests(self, connection: Connection, streams: Sequence[str]) -> dict[str, str]:
        """A hash of each stream's rows, for comparing two builds."""
        rows = await connection.fetch(_DIGESTS, list(streams))
        return {row["stream"]: row["digest"] for row in rows}


def _of(facts: Sequence[Recorded[Fact]], noun: str) -> list[Recorded[Fact]]:
    return [fact for fact in facts if fact.stream.startswith(f"{noun}-")]


_DIGESTS = """
    select 'contract-' || c.id as stream, md5(to_jsonb(c)::text) as digest
      from contract c where 'contract-' || c.id = any($1)
    union all
    select 'plan-' || p.id, md5(to_jsonb(p)::text || coalesce((
               select jsonb_agg(c order by c.item, c.number, c.point_id) from cycle c where c.plan_id = p.id)::text, ''))
      from plan p where 'plan-' || p.id = any($1)
    union all
    select 'visit-' || v.id, md5(to_jsonb(v)::text || d.detail::text || coalesce((
               select jsonb_agg(s order by s.number) from sheet s where s.visit_id = v.id)::text, '')
               || coalesce((
               select jsonb_agg(u order by u.revision_id, u.place) from part_use u where u.visit_id = v.id)::text, ''))
      from visit v join visit_detail d using (id) where 'visit-' || v.id = any($1)
"""
