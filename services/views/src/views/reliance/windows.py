"""Planned windows for which an assignee has no certificate, or a device no calibration, on the last day. Pure but for the SQL, which is one statement.

What is judged is a person or a device and a day, which are few; windows are thousands.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from views.reliance.query_models import ImpossibleQuery
from views.shared.composed import Statement
from views.shared.scope import Scope
from views.work.filing_marks import CERTIFICATE, OF_DEVICES

_OWN: Final[Mapping[str, str]] = {
    "operator": "c.operator_id = $6::text::uuid",
    "district": "c.district = $6::text",
    "all": "$6::text = ''",
}
"""The condition for the rows of a scope; enterprises may not ask."""


def impossible_windows(scope: Scope, operator_id: UUID, query: ImpossibleQuery, today: date) -> Statement:
    """The first row has the totals, the others the page."""
    last_day = today + timedelta(days=query.within)
    skipped = (query.page - 1) * query.limit
    values: list[Any] = [operator_id, today, last_day, query.limit, skipped, scope.place]
    return Statement(_WINDOWS.replace("{own}", _OWN[scope.sees]), values)


_OF_DEVICE: Final = f"p.resource_kind = 'device' and p.kind in ({', '.join(map(repr, OF_DEVICES))})"
_NEAREST: Final = f"""
    select p.paper_id, p.kind, p.number, p.valid_from, p.valid_to, p.revoked_from
      from filings.filed_paper p
     where p.account_id = who.account and p.operator_id = $1 and p.kind = '{CERTIFICATE}'
       and not p.removed
     order by p.stated_last desc, p.last_day desc limit 1
"""
_WHY: Final = f"""
    select json_agg(json_build_object(
               'account', who.account,
               'filed', exists (select from filings.filed_person f where f.account_id = who.account
                                  and f.operator_id = $1 and f.last_day >= shown.closes),
               'paper', (select to_json(nearest) from ({_NEAREST}) nearest)) order by who.account)
      from unnest(shown.lacking) as who (account)
"""
_NEAREST_OF_DEVICE: Final = f"""
    select p.paper_id, p.kind, p.number, p.valid_from, p.valid_to, p.revoked_from
      from filings.filed_paper p
     where p.resource_id = tool.device and p.operator_id = $1 and {_OF_DEVICE}
     order by p.stated_last desc, p.last_day desc limit 1
"""
_WHY_DEVICES: Final = f"""
    select json_agg(json_build_object(
               'resource_id', tool.device, 'name', tool.name, 'serial_number', tool.serial_number,
               'paper', (select to_json(nearest) from ({_NEAREST_OF_DEVICE}) nearest)) order by tool.serial_number)
      from tool where tool.plan_id = shown.plan_id and tool.device = any(shown.lacking_devices)
"""
_WINDOWS: Final = f"""
    with due as materialized (
        select c.plan_id, c.item, c.number, c.point_id, c.enterprise_id, c.operator_id, c.district, c.content,
               c.opens, c.closes
          from work.cycle c
         where c.operator_id = $1 and {{own}} and c.closes >= $2 and c.closes <= $3 and c.visit_id is null
           and not c.stopped
           and c.point_id not in (select e.id from register.entry e
                                   where e.noun = 'monitoring_point' and e.status = 'voided')),
    crew as materialized (
        select p.id as plan_id, p.name as plan_name, (assignee->>'account')::uuid as account
          from work.plan p
         cross join lateral json_array_elements(p.detail->'crews'->-1->'assignees') as assignee
         where p.id in (select plan_id from due)),
    tool as materialized (
        select distinct on (p.id, device->>'resource_id') p.id as plan_id, (device->>'resource_id')::uuid as device,
               device->>'name' as name, device->>'serial_number' as serial_number
          from work.plan p
         cross join lateral json_array_elements(p.detail->'crews'->-1->'devices') as device
         where p.id in (select plan_id from due) and device->>'resource_id' is not null),
    tool_asked as materialized (
        select closing.plan_id, closing.closes, tool.device
          from (select distinct plan_id, closes from due) closing join tool using (plan_id)),
    uncalibrated as materialized (
        select a.device, a.closes from (select distinct device, closes from tool_asked) a
         where not exists (
                   select from filings.filed_paper p
                    where p.resource_id = a.device and p.operator_id = $1 and {_OF_DEVICE}
                      and p.first_day <= a.closes and p.last_day >= a.closes)),
    tool_verdict as materialized (
        select plan_id, closes, array_agg(device) as lacking_devices
          from tool_asked join uncalibrated using (device, closes) group by plan_id, closes),
    asked as materialized (
        select crew.plan_id, crew.plan_name, closing.closes, crew.account
          from (select distinct plan_id, closes from due) closing join crew using (plan_id)),
    held as materialized (
        select who.account, who.closes, exists (
                   select from filings.filed_paper p
                    where p.account_id = who.account and p.operator_id = $1 and p.kind = '{CERTIFICATE}'
                      and p.first_day <= who.closes and p.last_day >= who.closes)
               and exists (select from filings.filed_person f where f.account_id = who.account
                              and f.operator_id = $1 and f.last_day >= who.closes) as covered
          from (select distinct account, closes from asked) who),
    verdict as materialized (
        select plan_id, plan_name, closes, bool_or(covered) as some_have,
               array_agg(account) filter (where not covered) as lacking
          from asked join held using (account, closes)
         where exists (select from filings.standing s where s.operator_id = $1 and s.until = 'infinity'
                          and s.state <> 'none')
         group by plan_id, plan_name, closes),
    judged as materialized (
        select due.*, verdict.plan_name, verdict.some_have, verdict.lacking,
               case when verdict.plan_id is not null then tool_verdict.lacking_devices end as lacking_devices
          from due left join verdict using (plan_id, closes) left join tool_verdict using (plan_id, closes)),
    shown as (
        select * from judged where lacking is not null or lacking_devices is not null
         order by closes, plan_id, item, number, point_id limit $4 offset $5)
    select totals.*, null::uuid as plan_id, null::text as plan_name, null::integer as item, null::integer as number,
           null::uuid as point_id, null::uuid as enterprise_id, null::uuid as operator_id, null::text as district,
           null::text as content, null::date as opens, null::date as closes, null::boolean as some_have,
           null::json as why, null::json as why_devices
      from (select count(*) as windows, count(*) filter (where lacking is not null and not some_have) as impossible,
                   count(*) filter (where some_have and (lacking is not null or lacking_devices is not null)) as at_risk
              from judged) totals
    union all
    (select null, null, null, plan_id, plan_name, item, number, point_id, enterprise_id, operator_id, district, content,
            opens, closes, some_have, ({_WHY}),
            ({_WHY_DEVICES})
       from shown order by closes, plan_id, item, number, point_id)
"""
