"""Names of people of a filing, requested from the filing service on behalf of the person who exports a list of them."""

import asyncio
import json
import time
from collections.abc import Mapping
from typing import Any, Final, Protocol
from uuid import UUID

import structlog
from qingyuan_events import Actor
from qingyuan_runtime.edge.fetching import NoResponse, fetch
from qingyuan_runtime.tokens.actors import NAMING, issue
from qingyuan_runtime.tokens.issuers import Signs

log = structlog.get_logger()
SECONDS_MAX: Final = 10
"""A list of people without their names is of no use, so this one waits."""
ERASED: Final = "姓名已按要求删除"
LOST: Final = "姓名无法读出，请重新填写"


class FiledNames(Protocol):
    """A port: the names of an operator's people, by resource."""

    async def names(self, actor: Actor, operator_id: UUID) -> Mapping[UUID, str] | None:
        """Empty where the actor may not read them; None where they cannot be read at present."""
        ...


class ServedFiledNames:
    """The filing service over HTTP. It decides itself whether the actor may read the names."""

    def __init__(self, url: str, key: Signs) -> None:
        self._url = url
        self._key = key

    async def names(self, actor: Actor, operator_id: UUID) -> Mapping[UUID, str] | None:
        token = issue(actor, self._key, now=time.time(), purpose=NAMING)
        return await asyncio.to_thread(self._get, operator_id, token)

    def _get(self, operator_id: UUID, token: str) -> Mapping[UUID, str] | None:
        headers = {"Authorization": f"Bearer {token}"}
        try:
            answer = fetch(f"{self._url}/filings/{operator_id}/names", headers, seconds=SECONDS_MAX)
            if answer.status in (403, 404):
                return {}
            return {UUID(item["id"]): _text(item) for item in json.loads(answer.content)["items"]}
        except (NoResponse, ValueError, KeyError, AttributeError, TypeError) as error:
            log.warning("filed_names.unread", reason=error)
            return None


def _text(item: Mapping[str, Any]) -> str:
    if item.get("erased"):
        return ERASED
    return LOST if item.get("lost") else str(item["name"])


class MemoryFiledNames:
    """The fake of the port, for tests. `names` None: they cannot be read."""

    def __init__(self, names: Mapping[UUID, str] | None) -> None:
        self._names = names

    async def names(self, actor: Actor, operator_id: UUID) -> Mapping[UUID, str] | None:  # noqa: ARG002
        return self._names
