"""Where the images of a record come from: the files service, asked in the name of whoever prints."""

import asyncio
import time
from collections.abc import Mapping
from typing import Final, Protocol

import structlog
from qingyuan_events import Actor
from qingyuan_runtime.edge.fetching import NoResponse, fetch
from qingyuan_runtime.tokens.actors import SHOWING, issue
from qingyuan_runtime.tokens.issuers import Signs

log = structlog.get_logger()
SECONDS_MAX: Final = 10
AT_ONCE: Final = 4


class Pictures(Protocol):
    """A port: the images somebody may see, as JPEG."""

    async def fetch(self, actor: Actor, sha256: str) -> bytes | None:
        """None when there is none, not for this actor, or not now: a record is printed without it then."""
        ...


class ServedPictures:
    """The files service over HTTP, with a fresh token of the asking person, so its owner check holds here too."""

    def __init__(self, url: str, key: Signs) -> None:
        self._url = url
        self._key = key
        self._room = asyncio.Semaphore(AT_ONCE)

    async def fetch(self, actor: Actor, sha256: str) -> bytes | None:
        token = issue(actor, self._key, now=time.time(), purpose=SHOWING)
        async with self._room:
            return await asyncio.to_thread(self._get, sha256, token)

    def _get(self, sha256: str, token: str) -> bytes | None:
        url, headers = f"{self._url}/{sha256}/shown?size=page", {"Authorization": f"Bearer {token}"}
        try:
            answer = fetch(url, headers, seconds=SECONDS_MAX)
        except NoResponse as error:
            log.warning("picture.missing", sha256=sha256, reason=error)
            return None
        if answer.status != 200 or not answer.content:
            log.warning("picture.refused", sha256=sha256, status=answer.status)
            return None
        return answer.content


class MemoryPictures:
    """The port's fake: a folder of images in memory, each with the organisation that may see it."""

    def __init__(self, held: Mapping[str, tuple[bytes, Actor]]) -> None:
        self._held = held

    async def fetch(self, actor: Actor, sha256: str) -> bytes | None:
        found = self._held.get(sha256)
        return found[0] if found and found[1].organisation == actor.organisation else None


async def fetch_all(pictures: Pictures, actor: Actor, wanted: set[str]) -> dict[str, bytes]:
    """Those that could be had, by hash."""
    hashes = sorted(wanted)
    found = await asyncio.gather(*(pictures.fetch(actor, one) for one in hashes))
    return {sha256: image for sha256, image in zip(hashes, found, strict=True) if image is not None}
