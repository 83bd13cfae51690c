"""What the history needs of the system that runs: the register's facts, and who the demo accounts are."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

import asyncpg
from qingyuan_events import Actor, Fact, Recorded, registry
from qingyuan_runtime.log.store_postgres import recorded

from qingyuan_cli.seeding import town
from qingyuan_cli.seeding.client import Json
from qingyuan_cli.seeding.history.loading import NotOfTheDemo
from qingyuan_cli.seeding.history.planning import AGREEMENTS
from qingyuan_cli.seeding.history.playing import Person
from qingyuan_cli.seeding.history.registered import Instrument, instrument
from qingyuan_cli.seeding.history.requests import Point, SiteByDay, Town, Works

_FACTS = (
    "select stream_id, version, type, data, meta, recorded_at, epoch from events order by epoch, xid, pos"
)


async def register_facts(owner_dsn: str, commands: Collection[UUID]) -> list[Fact]:
    """All facts of the register. Raises `NotOfTheDemo` where any is of another command than these."""
    connection = await asyncpg.connect(owner_dsn)
    try:
        every: list[Recorded[Fact]] = [recorded(row) for row in await connection.fetch(_FACTS)]
    finally:
        await connection.close()
    if any(entry.meta.command_id not in commands for entry in every):
        raise NotOfTheDemo
    return [entry.fact for entry in every]


def person_of(session: Json) -> Person:
    account = session["account"]
    actor = Actor(
        account=UUID(account["id"]),
        kind=account["kind"],
        organisation=UUID(account["organisation"]) if account["organisation"] else None,
        district=account["district"],
        role=account["role"],
    )
    return Person(actor, account["organisation_name"])


def town_of(facts: Sequence[Fact], people: Mapping[str, Person]) -> Town:
    keys = {enterprise["particulars"]["uscc"]: enterprise["key"] for enterprise in town.ENTERPRISES}
    enterprises = {
        fact.enterprise_id: keys[fact.particulars.uscc]
        for fact in facts
        if isinstance(fact, registry.EnterpriseRegistered)
    }
    points = [fact for fact in facts if isinstance(fact, registry.MonitoringPointAdded)]
    works = {
        key: Works(id_, {p.particulars.code: _point(p) for p in points if p.enterprise_id == id_})
        for id_, key in enterprises.items()
    }
    operators = {a.enterprise: people[a.manager].organisation_name or "无" for a in AGREEMENTS}
    keyed = [(enterprises[point.enterprise_id], point) for point in points]
    sites = {(key, point.particulars.code): _site(point, operators[key], facts) for key, point in keyed}
    accounts = {name: person.actor.account for name, person in people.items()}
    organisations = {n: p.actor.organisation for n, p in people.items() if p.actor.organisation}
    return Town(works, accounts, organisations, sites)


def _point(fact: registry.MonitoringPointAdded) -> Point:
    location = fact.particulars.location
    assert location
    return Point(fact.point_id, str(location.longitude), str(location.latitude), location.datum)


def _site(point: registry.MonitoringPointAdded, maintainer: str, facts: Sequence[Fact]) -> SiteByDay:
    ends = {
        fact.instrument_id: fact.valid_to for fact in facts if isinstance(fact, registry.InstrumentReplaced)
    }
    installed = [
        (_instrument(fact), fact.valid_from, ends.get(fact.instrument_id))
        for fact in facts
        if isinstance(fact, registry.InstrumentRegistered) and fact.point_id == point.point_id
    ]
    return SiteByDay(f"{point.particulars.name}站房", maintainer, installed)


def _instrument(fact: registry.InstrumentRegistered) -> Instrument:
    return instrument(str(fact.instrument_id), fact.particulars.model_dump(mode="json"))


def instruments_of(facts: Iterable[Fact]) -> dict[str, UUID]:
    """The instruments by their serial numbers; samplers have none."""
    return {
        str(serial): fact.instrument_id
        for fact in facts
        if isinstance(fact, registry.InstrumentRegistered)
        and (serial := getattr(fact.particulars, "serial_number", None))
    }
