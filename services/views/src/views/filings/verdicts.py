"""What facts of a filing say of its resources: handed in, passed, returned, withdrawn, filed.

Remarks stay until the resource passes, so that operator and reviewer see them beside what was corrected. Where a
filing begins anew after a cancellation, nothing has passed.
"""

from typing import Any, Final

from qingyuan_events import Fact, Recorded
from qingyuan_events import filing as facts
from qingyuan_runtime.database.connections import Connection

from views.shared.saving import save


async def verdicts_of(connection: Connection, recorded: Recorded[Fact]) -> None:
    fact = recorded.fact
    match fact:
        case facts.FilingSubmitted():
            await save(connection, _SUBMITTED, [_row(fact, version) for version in fact.resources])
        case facts.FilingWithdrawn() | facts.FilingFirstReviewReturned():
            await connection.execute(_WITHDRAWN, fact.operator_id, fact.number)
        case facts.FilingSecondReviewReturned():
            await _returned(connection, fact)
        case facts.FilingCancelled():
            await connection.execute(_NOTHING_HANDED_IN, fact.operator_id)
            await connection.execute(_NOTHING_FILED, fact.operator_id)
        case facts.Filed():
            await connection.execute(_PASSED, fact.operator_id, fact.number)
            filed = [(*_row(fact, version), fact.filed_on) for version in fact.resources]
            await save(connection, _FILED, filed)
            await save(connection, _FILED_VERSIONS, [_row(fact, version) for version in fact.resources])


def _row(fact: facts.FilingSubmitted | facts.Filed, version: facts.ResourceVersion) -> tuple[Any, ...]:
    return version.resource_id, fact.operator_id, fact.number, version.version


async def _returned(connection: Connection, fact: facts.FilingSecondReviewReturned) -> None:
    await connection.execute(_PASSED, fact.operator_id, fact.number)
    by_resource: dict[Any, list[str]] = {}
    for remark in fact.remarks:
        by_resource.setdefault(remark.resource_id, []).append(remark.model_dump_json())
    rows = [(key, fact.number, f"[{','.join(remarks)}]") for key, remarks in by_resource.items()]
    await save(connection, _RETURNED, rows)


_SUBMITTED: Final = """
    insert into submitted_resource (resource_id, operator_id, number, version, outcome, remarks)
    select *, 'waiting', '[]'::json from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::bigint[])
    on conflict (resource_id) do update set
        number = excluded.number, version = excluded.version, outcome = 'waiting'
"""
_WITHDRAWN: Final = """
    update submitted_resource set outcome = 'withdrawn'
     where operator_id = $1 and number = $2 and outcome = 'waiting'
"""
_PASSED: Final = """
    update submitted_resource set outcome = 'passed', remarks = '[]'::json
     where operator_id = $1 and number = $2 and outcome = 'waiting'
"""
_NOTHING_HANDED_IN: Final = "delete from submitted_resource where operator_id = $1"
_NOTHING_FILED: Final = "update filed_resource set cancelled = true where operator_id = $1"
_RETURNED: Final = """
    update submitted_resource s set outcome = 'returned', remarks = new.remarks, returned_version = s.version
      from unnest($1::uuid[], $2::integer[], $3::json[]) as new (resource_id, number, remarks)
     where s.resource_id = new.resource_id and s.number = new.number
"""
_FILED: Final = """
    insert into filed_resource (resource_id, operator_id, number, version, filed_on, cancelled)
    select *, false from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::bigint[], $5::date[])
    on conflict (resource_id) do update set
        number = excluded.number, version = excluded.version, filed_on = excluded.filed_on, cancelled = false
"""
_FILED_VERSIONS: Final = """
    insert into filed_version (resource_id, operator_id, number, version)
    select * from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::bigint[])
    on conflict do nothing
"""
