"""What a follower does with messages before it applies them: the genuine from the forged, and what cannot be applied."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from qingyuan_runtime.bus.port import Delivered

FORGED: Final = "forged: "
"""How the error of a letter begins that nobody may apply. It parks no stream: its owner never said it."""


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
    """Whom a follower believes; `trust` holds those that there are."""

    async def verify(self, records: Sequence[Delivered], reader: str) -> Filtered:
        """Tell the genuine from the forged, each in order. `reader` is who asks, for the metric and the log."""
        ...
