"""The name of the person who signed, requested from the accounts service on behalf of the person who prints."""

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
        """None if the account has no name or the accounts service is not available; the record then states that the name
        is missing."""
        ...


class ServedPeople:
    """The accounts service over HTTP. The caller has checked that the actor may see the record with this account."""

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
            label = json.loads(answer.content)["labels"].get(str(account))
        except (NoResponse, ValueError, KeyError) as error:
            log.warning("signer.unnamed", reason=error)
            return None
        return str(label) if label else None


class MemoryPeople:
    """The fake of the port, for tests."""

    def __init__(self, names: Mapping[UUID, str]) -> None:
        self._names = names

    async def name(self, actor: Actor, account: UUID) -> str | None:  # noqa: ARG002
        return self._names.get(account)
