"""Gives a new demo town its history. Only in a system that runs in its own local folder and holds nothing else.

Running it again with the same day changes nothing, and continues where an earlier try has ended.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from uuid import UUID, uuid5

from files.main import limits
from files.settings import FilesSettings
from qingyuan_events import Fact
from qingyuan_local.processes import Plan
from qingyuan_runtime.database.connections import open_pool
from qingyuan_runtime.log.privacy import PostgresKeys, read_kek
from qingyuan_standards.days import at_local, local_day
from tasks.register_copy.memory import MemoryRegisterCopy

from qingyuan_cli.seeding import registering, town
from qingyuan_cli.seeding.client import Client, Json, sent_key
from qingyuan_cli.seeding.history import planning
from qingyuan_cli.seeding.history.commands import steps
from qingyuan_cli.seeding.history.filing_steps import REVIEWER
from qingyuan_cli.seeding.history.loading import holds, load, require_loadable, require_unused, store_files
from qingyuan_cli.seeding.history.planning import AGREEMENTS, REPLACEMENTS, Replacement
from qingyuan_cli.seeding.history.playing import Person, Played, facts_of, play
from qingyuan_cli.seeding.history.reading import instruments_of, person_of, register_facts, town_of
from qingyuan_cli.seeding.history.requests import Town, contract_by, contract_of
from qingyuan_cli.seeding.town import serial_of

Say = Callable[[str], None]
SECOND_OPERATOR = town.OPERATOR_NAMES["blueclean"]
ADMINISTRATOR = "demo-admin"


@dataclass(frozen=True, slots=True)
class Demo:
    """The system, the password of the demo accounts, and the day on which the history ends."""

    plan: Plan
    password: str
    today: date


def seed_history(demo: Demo, say: Say) -> UUID:
    """Returns the contract of the first enterprise. Raises `NotOfTheDemo`, in most cases before anything is written."""
    if contract := _contract_there(demo):
        say("演示历史已在系统里，不再建立")
        return contract
    say(f"演示历史：{planning.first_day(demo.today)} 起 {planning.WEEKS} 周（演示数据，不是真实记录）")
    people = _people(demo)
    asyncio.run(_require_unused(demo))
    _change_register(demo, people)
    town_now, played = asyncio.run(_play_and_load(demo, people))
    facts = sum(len(list(facts_of(journal))) for journal in played.journals.values())
    say(f"演示历史：{facts} 条事实，{len(played.uploads)} 个文件")
    return contract_of(AGREEMENTS[0], town_now)


def _contract_there(demo: Demo) -> UUID | None:
    """The contract of the first enterprise where the history is there: the log of tasks is the last to be given its part.

    What was recorded since then, in whichever log, is of no concern.
    """
    first = AGREEMENTS[0]
    contract = contract_by(first, _log_in(demo, first.manager)[1].actor.account)
    is_there = asyncio.run(holds(demo.plan.databases.owner("tasks"), f"contract-{contract}"))
    return contract if is_there else None


async def _require_unused(demo: Demo) -> None:
    """Nothing in the log of tasks; in the others at most the history, from a seed that was ended half-way."""
    databases = demo.plan.databases
    await require_unused(databases.owner("tasks"), datetime.min.replace(tzinfo=UTC))
    for service in ("signoff", "filing"):
        await require_unused(databases.owner(service), at_local(demo.today, time()))


def _people(demo: Demo) -> dict[str, Person]:
    names = {
        name
        for agreement in AGREEMENTS
        for name in (agreement.manager, agreement.technician, agreement.signer)
    }
    return {name: _log_in(demo, name)[1] for name in sorted({ADMINISTRATOR, REVIEWER, *names})}


def _log_in(demo: Demo, name: str) -> tuple[Client, Person]:
    client = Client(demo.plan.url("gateway"))
    return client, person_of(client.log_in(name, demo.password))


def _change_register(demo: Demo, people: Mapping[str, Person]) -> None:
    """Recorded today, as valid since the days of then: the register of the town begins today."""
    instruments = instruments_of(asyncio.run(_register(demo, people)))
    admin, _ = _log_in(demo, ADMINISTRATOR)
    for serial in _handed_over():
        body = {"om_operator": SECOND_OPERATOR, "valid_from": planning.handed_over_on(demo.today).isoformat()}
        admin.command(
            f"/registry/instruments/{instruments[serial]}/om-operator", body, key=_operator_key(serial)
        )
    for replacement in REPLACEMENTS:
        path = f"/registry/instruments/{instruments[_serial(replacement)]}/replacement"
        admin.command(path, _replaced(replacement, demo.today), key=_replacement_key(replacement))
    admin.close()


def _handed_over() -> list[str]:
    """The serial numbers of the analysers that the second operator maintains."""
    key = next(agreement.enterprise for agreement in AGREEMENTS if agreement.manager == "demo-operator-2")
    return [serial_of(key, outlet["code"], factor) for outlet in town.OUTLETS for factor in outlet["factors"]]


def _replaced(replacement: Replacement, today: date) -> Json:
    return {
        "particulars": _particulars(replacement),
        "valid_from": local_day(planning.replaced_on(replacement, today)).isoformat(),
        "reason": replacement.reason,
    }


def _serial(replacement: Replacement) -> str:
    return serial_of(replacement.enterprise, replacement.outlet, replacement.factor)


def _particulars(replacement: Replacement) -> Json:
    outlet = next(outlet for outlet in town.OUTLETS if outlet["code"] == replacement.outlet)
    make = town.flue_gas_analyser if outlet["medium"] == "flue_gas" else town.wastewater_analyser
    particulars = make(replacement.factor, outlet, f"{_serial(replacement)}-2")
    handed_over = {"om_operator": SECOND_OPERATOR} if _serial(replacement) in _handed_over() else {}
    return particulars | handed_over


async def _register(demo: Demo, people: Mapping[str, Person]) -> list[Fact]:
    admin = people[ADMINISTRATOR].actor.account
    return await register_facts(demo.plan.databases.owner("registry"), register_commands(admin))


def register_commands(admin: UUID) -> set[UUID]:
    """The ids of all commands of the seed that write to the register."""
    changes = {_operator_key(serial) for serial in _handed_over()} | set(map(_replacement_key, REPLACEMENTS))
    return {uuid5(admin, sent_key(key)) for key in registering.keys() | changes}


def _operator_key(serial: str) -> str:
    return f"operator {serial}"


def _replacement_key(replacement: Replacement) -> str:
    return f"replacement {_serial(replacement)}"


async def _play_and_load(demo: Demo, people: Mapping[str, Person]) -> tuple[Town, Played]:
    facts = await _register(demo, people)
    town_now = town_of(facts, people)
    until = at_local(demo.today, time())
    env = demo.plan.env("filing")
    async with await open_pool(env["KEYS_DATABASE_URL"], size=1) as pool:
        keys = PostgresKeys(pool, read_kek(Path(env["KEY_ENCRYPTION_KEY_FILE"])))
        played = await play(steps(demo.today, town_now), people, MemoryRegisterCopy(facts), until, keys)
    await _load(demo, played)
    return town_now, played


async def _load(demo: Demo, played: Played) -> None:
    """In the order of `journals`."""
    databases, env = demo.plan.databases, demo.plan.env("files")
    for service, journal in played.journals.items():
        await require_loadable(databases.owner(service), journal)
    await store_files(
        databases.owner("files"), env["FILES_STORE_URL"], played.uploads, limits(FilesSettings())
    )
    for service, journal in played.journals.items():
        await load(databases.owner(service), journal)
