"""Organisations that demand the certificate of their managers: a password or WeChat alone then opens no session of theirs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from qingyuan_runtime.database.connections import Pool
from qingyuan_runtime.domain.decider import Refused

from accounts.security_log import SecurityLog

IS_MANAGER: Final = "coalesce(a.role, 'manager') = 'manager'"
"""In statements in which `a` is the row of an account of an operator or an enterprise."""


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
        await log.add("certificate-demanded", account)
        raise CertificateDemanded


async def demand_of(pool: Pool, organisation: UUID) -> Demand:
    row = await pool.fetchrow("select * from certificate_demands where organisation = $1", organisation)
    return Demand(True, row["demanded"], row["suspended_until"]) if row else Demand(False)


async def set_demand(pool: Pool, organisation: UUID, by: UUID, now: datetime, *, demanded: bool) -> None:
    """Raises Refused where no manager of the organisation holds a certificate: nobody could manage it any more."""
    if not demanded:
        await pool.execute("delete from certificate_demands where organisation = $1", organisation)
    elif not await pool.fetchval(_DEMAND, organisation, by, now):
        raise Refused(
            "certificate.none-bound", "本单位的管理员账户还没有绑定证书，请先在“我的信息”中添加证书。"
        )


_IS_DEMANDED: Final = f"""
    select true from accounts a join certificate_demands d using (organisation)
     where a.account_id = $1 and {IS_MANAGER} and (d.suspended_until is null or d.suspended_until <= $2)
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
