"""Whom an audience is, and how its accounts are reached: asked of accounts, and kept nowhere."""

import json
import time
from collections.abc import Sequence
from typing import Final, Protocol
from uuid import UUID

import aiohttp
import asyncpg
from pydantic import BaseModel, ConfigDict
from qingyuan_events import Actor
from qingyuan_runtime.process.unavailable import RetryLater
from qingyuan_runtime.tokens.actors import ADDRESSING, issue
from qingyuan_runtime.tokens.issuers import Signs

from messages.message import Audience
from messages.rulebook import Means

MESSAGES: Final = Actor(account=UUID(int=0), kind="system")
SECONDS: Final = 10


class Recipient(BaseModel):
    """An account, and its addresses for each way that it has some for."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    account: UUID
    organisation: UUID | None = None
    email: str | None = None
    mobile: str | None = None
    openids: tuple[str, ...] = ()

    def addresses(self, means: Means) -> Sequence[str]:
        """Several by WeChat, where several phones are bound to the account."""
        if means == "wechat":
            return self.openids
        address = self.email if means == "email" else self.mobile
        return (address,) if address else ()

    def address_now(self, means: Means, planned: str) -> str | None:
        """Where to send what was planned for an address: there, or to what the person has given instead of it.

        Whose WeChat is not bound any more is told nothing, and another who is bound has a delivery of its own.
        """
        there = self.addresses(means)
        if planned in there:
            return planned
        return there[0] if there and means != "wechat" else None


class AddressBook(Protocol):
    async def recipients(self, audience: Audience) -> Sequence[Recipient]:
        """Raises `RetryLater` where accounts does not answer."""
        ...


class ServedAddresses:
    """The accounts service over HTTP."""

    def __init__(self, url: str, key: Signs) -> None:
        self._url = url
        self._key = key

    async def recipients(self, audience: Audience) -> Sequence[Recipient]:
        token = issue(MESSAGES, self._key, now=time.time(), purpose=ADDRESSING)
        headers = {"Authorization": f"Bearer {token}"}
        limits = aiohttp.ClientTimeout(total=SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=limits) as client,
                client.post(f"{self._url}/addresses", json=_asked(audience), headers=headers) as answer,
            ):
                answer.raise_for_status()
                items = json.loads(await answer.read())["items"]
        except (aiohttp.ClientError, TimeoutError) as error:
            raise RetryLater(f"accounts: {type(error).__name__}") from error
        return [Recipient.model_validate(item) for item in items]


def audience_of(row: asyncpg.Record) -> Audience:
    """Of a message, as it is stored."""
    return Audience(
        organisation=row["organisation"],
        roles=tuple(row["roles"]) if row["roles"] else None,
        signers=row["signers"],
        account=row["account"],
        district=row["district"],
    )


def _asked(audience: Audience) -> dict[str, object]:
    return {
        "organisation": str(audience.organisation) if audience.organisation else None,
        "roles": audience.roles,
        "signers": audience.signers,
        "account": str(audience.account) if audience.account else None,
        "district": audience.district,
    }
