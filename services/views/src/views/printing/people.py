"""What the signer is called: the accounts service, asked in the name of whoever prints."""

import asyncio
import json
import time
from collections.abc import Mapping
from typing import Final, Protocol
from uuid import UUID

import structlog
from qingyuan_events import Actor
from qingyuan_runtime.edge.fetching import NoResponse, fetch
from qingyuan_runtime.tokens.actors import NAMING, issue
from qingyuan_runtime.tokens.issuers import Signs

log = structlog.get_logger()
SECONDS_MAX: Final = 10


class People(Protocol):
    """A port: display names of accounts."""

    async def name(self, actor: Actor, account: UUID) -> str | None:
        """None when there is none, or not now: the record then says that the name could not be had."""
        ...


class ServedPeople:
    """The accounts service over HTTP. That the actor may see the record on which the account stands was found before."""

    def __init__(self, url: str, key: Signs) -> None:
        self._url = url
        self._key = key

    async def name(self, actor: Actor, account: UUID) -> str | None:
        token = issue(actor, self._key, now=time.time(), purpose=NAMING)
        return await asyncio.to_thread(self._get, account, token)

    def _get(self, account: UUID, token: str) -> str | None:
        headers = {"Authorization": f"Bearer {token}", "X-Vouched-Accounts": str(account)}
        try:
            answer = fetch(f"{self._url}/account-labels?ids={account}", headers, seconds=SECONDS_MAX)
            found = json.loads(answer.content)["labels"].get(str(account))
        except (NoResponse, ValueError, KeyError) as error:
            log.warning("signer.unnamed", reason=error)
            return None
        return str(found) if found else None


class MemoryPeople:
    """The port's fake."""

    def __init__(self, names: Mapping[UUID, str]) -> None:
        self._names = names

    async def name(self, actor: Actor, account: UUID) -> str | None:  # noqa: ARG002
        return self._names.get(account)
