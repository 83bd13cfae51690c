"""The names of the people in a record, requested from the accounts service on behalf of the person who prints."""

import asyncio
import json
import time
from collections.abc import Collection, Mapping
from typing import Final, Protocol
from uuid import UUID

import structlog
from qingyuan_events import Actor
from qingyuan_runtime.edge.fetching import NoResponse, fetch
from qingyuan_runtime.tokens.actors import NAMING, issue
from qingyuan_runtime.tokens.issuers import Signs

log = structlog.get_logger()
SECONDS_MAX: Final = 10
ASKED_AT_ONCE: Final = 100
"""As many as the accounts service answers."""


class People(Protocol):
    """A port: display names of accounts."""

    async def names(self, actor: Actor, accounts: Collection[UUID]) -> dict[UUID, str]:
        """Without the accounts that have no name; empty if the accounts service is not available. The record then states
        which names are missing."""
        ...


class ServedPeople:
    """The accounts service over HTTP. The caller has checked that the actor may see the record with these accounts."""

    def __init__(self, url: str, key: Signs) -> None:
        self._url = url
        self._key = key

    async def names(self, actor: Actor, accounts: Collection[UUID]) -> dict[UUID, str]:
        token = issue(actor, self._key, now=time.time(), purpose=NAMING)
        parts = [",".join(map(str, part)) for part in _parts(sorted(accounts, key=str), ASKED_AT_ONCE)]
        found = await asyncio.gather(*(asyncio.to_thread(self._get, part, token) for part in parts))
        return {account: label for labels in found for account, label in labels.items()}

    def _get(self, accounts: str, token: str) -> dict[UUID, str]:
        headers = {"Authorization": f"Bearer {token}", "X-Vouched-Accounts": accounts}
        try:
            answer = fetch(f"{self._url}/account-labels?ids={accounts}", headers, seconds=SECONDS_MAX)
            labels = json.loads(answer.content)["labels"]
            return {UUID(account): str(label) for account, label in labels.items() if label}
        except (NoResponse, ValueError, KeyError, AttributeError, TypeError) as error:
            log.warning("people.unnamed", reason=error)
            return {}


def _parts(accounts: list[UUID], size: int) -> list[list[UUID]]:
    return [accounts[start : start + size] for start in range(0, len(accounts), size)]


class MemoryPeople:
    """The fake of the port, for tests."""

    def __init__(self, names: Mapping[UUID, str]) -> None:
        self._names = names

    async def names(self, actor: Actor, accounts: Collection[UUID]) -> dict[UUID, str]:  # noqa: ARG002
        return {account: self._names[account] for account in accounts if account in self._names}
