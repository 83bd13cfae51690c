"""What a request needs before it can be decided."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from qingyuan_runtime.store import EventStore


@dataclass(frozen=True)
class Desk:
    """The store and the clock of the service."""

    store: EventStore
    clock: Callable[[], datetime]
