"""`python -m signoff dead-letters …`: what an operator of the system does by hand with parked streams."""

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Final

from qingyuan_runtime import dead_letters
from qingyuan_runtime.database import Connection
from qingyuan_runtime.projecting import ProjectionRunner
from qingyuan_runtime.store_postgres import PostgresStore

from signoff import deadlines, main, reactions
from signoff.settings import SignoffSettings

PLACES: Final = {"reaction": reactions.SCHEMA, "deadlines": deadlines.NAME}
COMMANDS: Final = ("list", "show", "retry", "release")
USAGE: Final = "用法：dead-letters reaction|deadlines list | show 流 | retry 流 | release 流"


async def letters(settings: SignoffSettings, place: str = "", command: str = "list", stream: str = "") -> int:
    """Answers in JSON lines; 2 when it was not understood."""
    if place not in PLACES or command not in COMMANDS or (command != "list" and not stream):
        sys.stderr.write(f"{USAGE}\n")
        return 2
    async with _opened(settings, place) as (connection, runner):
        await _carry_out(connection, runner, command, stream)
    return 0


@asynccontextmanager
async def _opened(
    settings: SignoffSettings, place: str
) -> AsyncIterator[tuple[Connection, ProjectionRunner]]:
    """A connection to the place, and how a letter of it is applied."""
    pool = await main.place_of(settings, PLACES[place])
    log = await main.log_of(settings).pool(size=2)
    by_reaction = main.reaction_in(pool, settings, PostgresStore(log))
    runner = by_reaction if place == "reaction" else main.deadlines_in(pool, settings)
    try:
        async with pool.acquire() as connection:
            yield connection, runner
    finally:
        await pool.close()
        await log.close()


async def _carry_out(connection: Connection, runner: ProjectionRunner, command: str, stream: str) -> None:
    match command:
        case "list":
            for parked in await dead_letters.list_parked(connection):
                _say(asdict(parked))
        case "show":
            for letter in await dead_letters.show(connection, stream):
                _say(dict(letter))
        case "retry":
            done = await dead_letters.retry(connection, stream, runner.apply_recorded, runner.trust)
            _say({"applied": done})
        case "release":
            _say({"released": await dead_letters.release(connection, stream, runner.apply_recorded)})


def _say(what: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(what, ensure_ascii=False, default=str) + "\n")
