"""What a command of the history is, and what it needs of the town."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, Literal
from uuid import UUID, uuid5

from qingyuan_standards.days import at_local, local_day

from qingyuan_cli.seeding.history import values
from qingyuan_cli.seeding.history.pictures import Drawing
from qingyuan_cli.seeding.history.planning import Agreement
from qingyuan_cli.seeding.history.registered import Instrument
from qingyuan_cli.seeding.history.wandering import away_from

Json = dict[str, Any]
Service = Literal["filing", "tasks", "signoff"]
MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Point:
    id: UUID
    longitude: str
    latitude: str
    datum: str


@dataclass(frozen=True, slots=True)
class Works:
    """An enterprise of the town as the register has it: its points by the code of their outlet."""

    id: UUID
    points: Mapping[str, Point]


@dataclass(frozen=True, slots=True)
class Town:
    """What the commands need of the register and of the accounts. `site` is what a point is like on a day.

    `accounts` and `organisations`: by the names of the accounts.
    """

    works: Mapping[str, Works]
    accounts: Mapping[str, UUID]
    organisations: Mapping[str, UUID]
    sites: Mapping[tuple[str, str], "SiteByDay"]


@dataclass(frozen=True, slots=True)
class SiteByDay:
    """A point's instruments with the days between which each was installed."""

    place: str
    maintainer: str
    instruments: Sequence[tuple[Instrument, date, date | None]]

    def on(self, day: date, repaired: str = "") -> values.Site:
        installed = [
            i for i, begins, ends in self.instruments if begins <= day and (ends is None or day < ends)
        ]
        return values.Site(self.place, self.maintainer, installed, repaired)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proofs:
    """What a command proves: that `files` are stored, that the originals of `visit` are, and by whom it is signed.

    `over`: the hash of a text that is signed and of no visit.
    """

    files: tuple[Drawing, ...] = ()
    visit: UUID | None = None
    is_signature: bool = False
    over: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One request: when the server received it, whose account sent it, and what the account uploaded just before."""

    at: datetime
    who: str
    service: Service
    path: str
    body: Json
    key: str
    uploads: tuple[Drawing, ...] = ()
    proofs: Proofs = field(default_factory=Proofs)


def contract_key(agreement: Agreement) -> str:
    return f"history contract {agreement.enterprise}"


def contract_of(agreement: Agreement, town: Town) -> UUID:
    return contract_by(agreement, town.accounts[agreement.manager])


def contract_by(agreement: Agreement, manager: UUID) -> UUID:
    """The id that tasks gives to the contract of this command by the manager's account."""
    return uuid5(uuid5(manager, contract_key(agreement)), "contract")


def task(at: datetime, who: str, path: str, body: Json, key: str) -> Step:
    return Step(at=at, who=who, service="tasks", path=path, body=body, key=key)


def next_day(moment: datetime, clock: time, days: int = 1) -> datetime:
    return at_local(local_day(moment) + timedelta(days=days), clock)


def written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def fix_near(place: Point, at: datetime, name: str, *, outside: bool = False) -> Json:
    """What a phone says of its place at this time. `name` is that of the visit."""
    found = away_from(place.longitude, place.latitude, f"{name} {written(at)}", outside=outside)
    return found | {"datum": place.datum, "fixed_at": written(at)}
