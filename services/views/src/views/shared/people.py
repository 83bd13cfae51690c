"""Names of persons, requested from the accounts service on behalf of the person who prints or looks at a list."""

import asyncio
import json
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final, Protocol
from uuid import UUID

import structlog
from qingyuan_events import Actor
from qingyuan_runtime.edge.fetching import NoResponse, fetch
from qingyuan_runtime.tokens.actors import NAMING, issue
from qingyuan_runtime.tokens.issuers import Signs

log = structlog.get_logger()
SECONDS_MAX: Final = 2
"""A list is shown without names rather than late."""
ASKED_AT_ONCE: Final = 100
KEPT_SECONDS: Final = 300
KEPT_MAX: Final = 20_000


class People(Protocol):
    """A port: display names of accounts."""

    async def names(
        self, actor: Actor, accounts: Collection[UUID], seconds: float = SECONDS_MAX
    ) -> Mapping[UUID, str]:
        """Those that have no name, or cannot be asked for within `seconds`, are left out."""
        ...


class ServedPeople:
    """The accounts service over HTTP. The caller has checked that the actor may see the record or the rows with these accounts."""

    def __init__(self, url: str, key: Signs, ticks: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._key = key
        self._ticks = ticks
        self._kept: dict[UUID, tuple[str, float]] = {}

    async def names(
        self, actor: Actor, accounts: Collection[UUID], seconds: float = SECONDS_MAX
    ) -> Mapping[UUID, str]:
        """Names are kept for some minutes, as the same persons are in every page of a list."""
        self._forget()
        missing = sorted({account for account in accounts if account not in self._kept})
        for start in range(0, len(missing), ASKED_AT_ONCE):
            part, token = missing[start : start + ASKED_AT_ONCE], self._token(actor)
            labels = await asyncio.to_thread(self._get, part, token, seconds)
            if labels is None:
                break
            self._kept |= {account: (label, self._ticks()) for account, label in labels.items()}
        return {account: self._kept[account][0] for account in accounts if account in self._kept}

    def _forget(self) -> None:
        if len(self._kept) > KEPT_MAX:
            self._kept.clear()
        since = self._ticks() - KEPT_SECONDS
        self._kept = {account: kept for account, kept in self._kept.items() if kept[1] >= since}

    def _token(self, actor: Actor) -> str:
        return issue(actor, self._key, now=time.time(), purpose=NAMING)

    def _get(self, accounts: Sequence[UUID], token: str, seconds: float) -> dict[UUID, str] | None:
        ids = ",".join(map(str, accounts))
        headers = {"Authorization": f"Bearer {token}", "X-Vouched-Accounts": ids}
        try:
            answer = fetch(f"{self._url}/account-labels?ids={ids}", headers, seconds=seconds)
            return {
                UUID(account): str(label) for account, label in json.loads(answer.content)["labels"].items()
            }
        except (NoResponse, ValueError, KeyError, AttributeError, TypeError) as error:
            log.warning("people.unnamed", reason=error)
            return None


async def technicians(people: People, actor: Actor, rows: Sequence[Any]) -> Callable[[Any], dict[str, str]]:
    """What to add to the row of a visit, or of its confirmation: the name of who made it, empty if it is not known."""
    names = await people.names(actor, {row["by"] for row in rows if row["by"]})
    return lambda row: {"technician": names.get(row["by"], "")}


class MemoryPeople:
    """The fake of the port, for tests."""

    def __init__(self, names: Mapping[UUID, str]) -> None:
        self._names = names

    async def names(
        self,
        actor: Actor,  # noqa: ARG002
        accounts: Collection[UUID],
        seconds: float = SECONDS_MAX,  # noqa: ARG002
    ) -> Mapping[UUID, str]:
        return {account: self._names[account] for account in accounts if account in self._names}
