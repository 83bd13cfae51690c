"""The security log of accounts, without names of people. The service can only add lines; a database function deletes old ones."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from qingyuan_runtime.database.connections import Connection, Pool

from accounts.security_log.deed import present_deed
from accounts.security_log.whom import WholeOrganisation, Whom, detail_of
from accounts.settings import AccountsSettings

BATCH: Final = 1_000
BATCHES: Final = 50
Result = Literal["done", "refused", "failed"]


@dataclass(frozen=True, slots=True)
class ForeignLine:
    """A line about what was done in another service, as the gateway tells it."""

    what: str
    actor: UUID
    address: str
    device: str
    result: Result
    detail: Mapping[str, str] = field(default_factory=dict)


class SecurityLog:
    def __init__(self, pool: Pool, settings: AccountsSettings) -> None:
        self._pool = pool
        self._keep_months = settings.security_log_months

    async def add(
        self,
        what: str,
        whom: Whom,
        *,
        result: Result | None = None,
        detail: Mapping[str, str | int] | None = None,
        within: Connection | None = None,
    ) -> None:
        """`whom` it was done to. Who did it and from where is that of the present request.

        `detail` must contain no names of people. Without `result` it follows from the last word of `what`.
        `within` the transaction of what was done, neither can be without the other.
        """
        account = whom if isinstance(whom, UUID) else None
        organisation = whom.id if isinstance(whom, WholeOrganisation) else None
        deed = present_deed()
        actor = deed.by.account if deed.by else _opened_by_itself(what, account)
        where = (deed.origin.address, deed.origin.device)
        outcome = result or _result_of(what)
        said = json.dumps({**(detail or {}), **detail_of(whom)})
        await (within or self._pool).execute(_ADD, account, what, actor, *where, outcome, said, organisation)

    async def add_foreign(self, lines: Sequence[ForeignLine]) -> None:
        """All of them in one statement: either every line is there afterwards, or none."""
        rows = [
            {
                "what": line.what,
                "actor": str(line.actor),
                "address": line.address,
                "device": line.device,
                "result": line.result,
                "detail": dict(line.detail),
            }
            for line in lines
        ]
        await self._pool.execute(_ADD_FOREIGN, json.dumps(rows))

    async def forget(self, now: datetime) -> None:
        """Delete old lines in batches, each in its own transaction. After `BATCHES` the rest is left to the next sweep."""
        for _ in range(BATCHES):
            if await self._pool.fetchval(_FORGET, self._keep_months, now, BATCH) < BATCH:
                return


def _opened_by_itself(what: str, account: UUID | None) -> UUID | None:
    """Whoever logs in acts for the own account, though no session says so yet."""
    return account if what.startswith("logged-in") else None


def _result_of(what: str) -> Result:
    if what.endswith(("-failed", "-wrong")):
        return "failed"
    return "refused" if what.endswith("-refused") else "done"


# The organisation of the account that it was done to, or else of the actor, as it is now: an account may move later.
# What is done to a whole organisation has the kind of its accounts, and not that of the administrator who does it.
_ADD: Final = """
    insert into security_log (account_id, what, actor, address, device, result, detail, kind, organisation, district)
    select $1::uuid, $2, $3::uuid, $4, $5, $6, $7::jsonb,
           coalesce(a.kind, (select min(kind) from accounts where organisation = $8::uuid)),
           coalesce($8::uuid, a.organisation), a.district
      from (select coalesce($1::uuid, case when $8::uuid is null then $3::uuid end) as account_id) as concerned
      left join accounts a using (account_id)
"""
_ADD_FOREIGN: Final = """
    insert into security_log (what, actor, address, device, result, detail, kind, organisation, district)
    select l.what, l.actor, l.address, l.device, l.result, l.detail, a.kind, a.organisation, a.district
      from jsonb_to_recordset($1::jsonb)
           as l(what text, actor uuid, address text, device text, result text, detail jsonb)
      left join accounts a on a.account_id = l.actor
"""
_FORGET: Final = "select forget_security_log($1, $2, $3)"
