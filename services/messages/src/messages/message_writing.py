"""Inserts messages once, and marks as done those that a later fact settles. Tells the open pages of the audiences."""

from collections.abc import Sequence
from typing import Final

from qingyuan_runtime.database.connections import Connection

from messages.message import Message, Settled

CHANNEL: Final = "message"
"""Of PostgreSQL's NOTIFY; what is sent names an audience (`audience_key`)."""


async def insert(connection: Connection, messages: Sequence[Message]) -> int:
    """Those whose id is there already are left as they are. Returns how many are new."""
    if not messages:
        return 0
    columns = zip(*(_row(message) for message in messages), strict=True)
    return int(await connection.fetchval(_INSERT, *map(list, columns)))


def _row(message: Message) -> tuple[object, ...]:
    audience = message.audience
    roles = ",".join(audience.roles) if audience.roles else None
    return (
        message.id,
        message.kind,
        audience.organisation,
        roles,
        audience.signers,
        audience.account,
        audience.district,
        message.stream,
        message.version,
        message.subject,
        message.title,
        message.text,
        message.link,
        message.phone_link,
        message.at,
        message.inbox,
        not message.spreads,
        message.enterprise,
        message.operator,
        message.point,
    )


async def settle(connection: Connection, settled: Sequence[Settled]) -> None:
    if not settled:
        return
    rows = [
        (each.stream, each.version, kind, each.subject, each.at) for each in settled for kind in each.kinds
    ]
    await connection.execute(_SETTLE, *map(list, zip(*rows, strict=True)))


_TELL: Final = f"""
    select pg_notify('{CHANNEL}', key) from (
        select distinct coalesce('o:' || organisation, 'a:' || account, 'd:' || district) as key
          from changed
    ) as audiences
"""
_INSERT: Final = f"""
    with changed as (
        insert into public.message
            (message_id, kind, organisation, roles, signers, account, district, stream, version, subject,
             title, text, link, phone_link, at, inbox, spread_at, enterprise, operator, point)
        select message_id, kind, organisation, string_to_array(roles, ','), signers, account, district, stream,
               version, subject, title, text, link, phone_link, at, inbox, case when ended then at end,
               enterprise, operator, point
          from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::boolean[], $6::uuid[], $7::text[],
                      $8::text[], $9::int[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[],
                      $15::timestamptz[], $16::boolean[], $17::boolean[], $18::uuid[], $19::uuid[], $20::uuid[])
            as new(message_id, kind, organisation, roles, signers, account, district, stream, version, subject,
                   title, text, link, phone_link, at, inbox, ended, enterprise, operator, point)
        on conflict do nothing
        returning organisation, account, district
    ), told as ({_TELL})
    select count(*) + 0 * (select count(*) from told) from changed
"""
_SETTLE: Final = f"""
    with changed as (
        update public.message m set done_at = s.at
          from unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::timestamptz[])
            as s(stream, version, kind, subject, at)
         where m.stream = s.stream and m.kind = s.kind and m.version < s.version and m.done_at is null
           and (s.subject is null or m.subject = s.subject)
        returning m.organisation, m.account, m.district
    )
    {_TELL}
"""
