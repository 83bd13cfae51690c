"""Organisations that demand the certificate of their managers: a password or WeChat alone then opens no session of theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg
from qingyuan_runtime.database.connections import Connection, Pool
from qingyuan_runtime.domain.decider import Refused

from accounts.manager_conditions import DEMANDED, IS_MANAGER
from accounts.security_log.whom import WholeOrganisation
from accounts.security_log.writing import SecurityLog


class CertificateDemanded(Exception):
    """The log-in was right, but the account's organisation demands the certificate."""


@dataclass(frozen=True, slots=True)
class Demand:
    demanded: bool
    since: datetime | None = None
    suspended_until: datetime | None = None


async def require_not_demanded(pool: Pool, log: SecurityLog, account: UUID, now: datetime) -> None:
    """For each way of logging in that is no certificate, after it was found right. Raises CertificateDemanded."""
    if await pool.fetchval(_IS_DEMANDED, account, now):
        await log.add("certificate-demanded", account, result="refused")
        raise CertificateDemanded


async def demand_of(pool: Pool, organisation: UUID) -> Demand:
    row = await pool.fetchrow("select * from certificate_demands where organisation = $1", organisation)
    return Demand(True, row["demanded"], row["suspended_until"]) if row else Demand(False)


async def all_demands(pool: Pool) -> Sequence[asyncpg.Record]:
    """Of all organisations, by name, with how many enabled managers hold a certificate: without one nobody logs in to manage."""
    rows: Sequence[asyncpg.Record] = await pool.fetch(_ALL)
    return rows


async def require_no_demand(within: Connection, organisation: UUID, now: datetime) -> None:
    """Before a manager is made who has no certificate: it could not log in, or would go round the demand. Raises Refused."""
    if await within.fetchval(_ORGANISATION_DEMANDS, organisation, now):
        raise Refused(
            "certificate.manager-without",
            "本单位要求管理员用法人一证通登录。请对方先用自己的证书登录，再将其角色改为机构管理员；或先取消此要求。",
        )


async def demand(
    pool: Pool, log: SecurityLog, organisation: UUID, by: UUID, now: datetime, *, but: bytes | None
) -> None:
    """From now on: sessions of managers that were opened without a certificate end, but the one that demands it.

    Raises Refused where no manager of the organisation holds a certificate: nobody could manage it any more.
    """
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(_LOCK_MANAGERS, organisation)
        if not await connection.fetchval(_DEMAND, organisation, by, now):
            raise Refused(
                "certificate.none-bound", "本单位的管理员账户还没有绑定证书，请先在“我的信息”中添加证书。"
            )
        await connection.execute(_END_SESSIONS, organisation, but)
        await log.add("certificate-demand-set", WholeOrganisation(organisation), within=connection)


async def end_own_demand(pool: Pool, log: SecurityLog, organisation: UUID, session: bytes) -> None:
    """By a manager who came with the certificate: otherwise a stolen password could end what keeps it out. Raises Refused."""
    async with pool.acquire() as connection, connection.transaction():
        if not await connection.fetchval(_OPENED_BY_CERTIFICATE, session, organisation):
            raise Refused(
                "certificate.session-needed",
                "只有用证书登录后才能取消此要求。请退出后用证书登录，或请平台的安全管理员办理。",
            )
        await _end(connection, log, organisation)


async def end_demand(pool: Pool, log: SecurityLog, organisation: UUID) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await _end(connection, log, organisation)


async def _end(within: Connection, log: SecurityLog, organisation: UUID) -> None:
    """Ending it twice is the same as once, but the log has it once."""
    if await within.fetchval(_END, organisation):
        await log.add("certificate-demand-ended", WholeOrganisation(organisation), within=within)


_END: Final = "delete from certificate_demands where organisation = $1 returning true"
_ALL: Final = f"""
    select d.organisation, o.name, d.demanded as since, d.suspended_until,
           (select count(*) from accounts a
             where a.organisation = d.organisation and {IS_MANAGER} and not a.disabled and exists (
                   select from account_certificates c where c.account_id = a.account_id and c.removed is null
             )) as managers
      from certificate_demands d left join organisations o using (organisation)
     order by o.name, d.organisation
"""
_IS_DEMANDED: Final = f"select true from accounts a where a.account_id = $1 and {DEMANDED.format(now='$2')}"
_ORGANISATION_DEMANDS: Final = """
    select true from certificate_demands
     where organisation = $1 and (suspended_until is null or suspended_until <= $2)
"""
_LOCK_MANAGERS: Final = f"""
    select from accounts a where a.organisation = $1 and {IS_MANAGER} order by a.account_id for update
"""
_END_SESSIONS: Final = f"""
    delete from sessions s using accounts a
     where a.account_id = s.account_id and a.organisation = $1 and {IS_MANAGER}
       and not s.by_certificate and s.token_hash is distinct from $2
"""
_OPENED_BY_CERTIFICATE: Final = """
    select true from sessions s join accounts a using (account_id)
     where s.token_hash = $1 and a.organisation = $2 and s.by_certificate for share of s
"""
_DEMAND: Final = f"""
    insert into certificate_demands (organisation, demanded_by, demanded)
    select $1, $2, $3 where exists (
        select from accounts a join account_certificates c using (account_id)
         where a.organisation = $1 and {IS_MANAGER} and not a.disabled and c.removed is null
    )
    on conflict (organisation) do update set suspended_until = null
    returning true
"""
