"""What every way of sending does, and how it says that it did not."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol
from uuid import UUID

Outcome = Literal["sent", "unsent"]


class NotAccepted(Exception):
    """It will never be accepted: the address is wrong. Another try is useless."""


class NotNow(Exception):
    """It was certainly not sent, and may be sent later: after `pause`, where another try before is useless."""

    def __init__(self, reason: str, *, pause: timedelta | None = None) -> None:
        super().__init__(reason)
        self.pause = pause


class Unsure(Exception):
    """It broke off on the way. It may have been sent, so it is not sent again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message to one address. `provider_id` is the same at every try."""

    provider_id: UUID
    address: str
    kind: str
    title: str
    text: str
    link: str
    at: datetime


class Channel(Protocol):
    async def send(self, letter: Letter) -> None:
        """Raises `NotAccepted`, `NotNow` or `Unsure`."""
        ...

    async def outcome(self, provider_id: UUID) -> Outcome | None:
        """What became of a letter whose sender died; None where the way cannot tell."""
        ...
