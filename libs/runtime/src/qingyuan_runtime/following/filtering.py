"""Types for messages before they are applied: genuine or forged (`Filtered`), and those that cannot be applied (`Poison`)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from qingyuan_runtime.bus.port import Delivered

FORGED: Final = "forged: "
"""The error of a forged message's dead letter begins so. It parks no stream, since the stream's owner never published it."""


@dataclass(frozen=True, slots=True)
class Poison:
    """A message that cannot be applied, and why."""

    record: Delivered
    error: str


@dataclass(frozen=True, slots=True)
class Filtered:
    genuine: list[Delivered] = field(default_factory=list)
    forged: list[Poison] = field(default_factory=list)


class Trust(Protocol):
    """How a follower verifies messages; `verifying` has the implementations."""

    async def verify(self, records: Sequence[Delivered], reader: str) -> Filtered:
        """Separate genuine from forged messages, each in order. `reader` names the follower in metrics and logs."""
        ...
