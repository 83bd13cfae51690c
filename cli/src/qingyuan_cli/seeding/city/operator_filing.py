"""An operator of the city with its filing: what it has, and how far its filing has come."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from uuid import UUID

from qingyuan_events import filing as facts
from qingyuan_events.parts import FileRef

from qingyuan_cli.seeding.city.names import Keys
from qingyuan_cli.seeding.city.points import id_of

COUNTS: Final[dict[facts.ResourceKind, int]] = {"person": 150, "device": 400, "vehicle": 20}
"""Of each operator."""
EVERY: Final = 4
"""Of so many operators one waits for a review, in turn for the first and for the second."""
WAITING_MOST: Final = 40
FILED_FOR: Final = timedelta(days=300)
REVIEWED_IN: Final = timedelta(days=9)
CHANGED_AGO: Final = timedelta(days=3)
SCAN: Final = FileRef(sha256="c" * 64, size=120_000, media_type="application/pdf", name="扫描件.pdf")


@dataclass(frozen=True, slots=True)
class Filing:
    """An operator, the day of the city, and how far its filing has come."""

    number: int
    operator: UUID
    today: date
    crew: tuple[UUID, ...]
    keys: Keys

    @property
    def waits(self) -> Literal["first", "second"] | None:
        """For the first or the second review; None where it is filed and nothing has changed since."""
        turn, rest = divmod(self.number, EVERY)
        if rest or turn >= WAITING_MOST:
            return None
        return "second" if turn % 2 else "first"

    @property
    def filed_on(self) -> date:
        return self.today - FILED_FOR

    def at(self, day: date) -> datetime:
        return datetime.combine(day, time(1, self.number % 60), UTC)

    def resource(self, kind: facts.ResourceKind, number: int) -> UUID:
        return id_of(f"{kind} {self.number} {number}")
