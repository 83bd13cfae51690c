"""A working day that was seeded stays as it is, whatever its users have made of it since."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

import pytest
from qingyuan_cli.seeding import working_day
from qingyuan_cli.seeding.identities import id_of
from qingyuan_cli.seeding.todays_visits import Day
from qingyuan_cli.seeding.working_day import ENDS, seed_working_day

Json = dict[str, Any]
USCC = "91310118MA1K2B3C4X"
VISITS = {code: id_of(f"visit {USCC} {code}") for code in ENDS}
LATER = datetime(2027, 2, 3, 4, tzinfo=UTC)
"""In another year and week than the seed, so that its contract and plans would have other days."""


@dataclass
class Standing:
    """A client of a system that has these visits and confirmations. `commands` are the paths of those sent."""

    visits: Collection[UUID]
    confirmation: Json
    commands: list[str] = field(default_factory=list)

    def exists(self, path: str) -> bool:
        return UUID(path.rpartition("/")[2]) in self.visits

    def get(self, path: str, **_: str) -> Json:
        raise KeyError(path)

    def get_when_found(self, path: str, **_: str) -> Json:
        return {"enterprise": {"id": str(UUID(int=1))}} if path == "/tasks/places" else self.confirmation

    def command(self, path: str, body: Json, *, key: str) -> UUID:
        self.commands.append(path)
        return UUID(int=2)


def confirmation(state: str, *, signed: bool = False, disputed: bool = False) -> Json:
    return {"state": state, "signature": {} if not signed else {"at": "then"}, "disputed": disputed}


def seeded_again(system: Standing, contract: UUID | None = None) -> None:
    client: Any = system
    seed_working_day(Day(client, client, client, "", USCC, LATER, contract), lambda _: None)


@pytest.mark.parametrize("contract", [None, UUID(int=5)])
@pytest.mark.parametrize(
    "now",
    [
        confirmation("signed", signed=True),
        confirmation("requested", signed=True),
        confirmation("opened", disputed=True),
        confirmation("lapsed"),
        confirmation("voided"),
    ],
)
def test_nothing_is_asked_again(now: Json, contract: UUID | None) -> None:
    system = Standing(VISITS.values(), now)
    seeded_again(system, contract)
    assert system.commands == []


def test_what_is_not_opened_yet_is_brought_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """As after a seed that was ended half-way."""
    monkeypatch.setattr(working_day, "_signed", lambda *_: {})
    monkeypatch.setattr(working_day, "uploaded", lambda *_: {})
    monkeypatch.setattr(Standing, "evidence", lambda *_, **__: "", raising=False)
    system = Standing(VISITS.values(), confirmation("requested"))
    seeded_again(system)
    signed, disputed = (uuid5(VISITS[code], "confirmation") for code in ("DW001", "DW002"))
    paths = [f"{signed}/opening", f"{signed}/signature", f"{disputed}/opening", f"{disputed}/dispute"]
    assert system.commands == [f"/signoff/confirmations/{path}" for path in paths]


def test_points_that_are_not_of_the_demo_get_no_visit(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [{"code": code, "name": code} for code in ("DA000", "DA001", "DW001", "DW002")]
    visited: list[tuple[UUID, str]] = []
    monkeypatch.setattr(working_day, "_points", lambda *_: points)
    monkeypatch.setattr(working_day, "send_visit", lambda day, visit, contract, point: visited.append((visit, point["code"])))  # fmt: skip
    there = {VISITS["DA001"], VISITS["DW001"]}
    seeded_again(Standing(there, confirmation("signed", signed=True)), UUID(int=5))
    assert visited == [(VISITS["DW002"], "DW002")]
