"""Loads what the rows of a workbook are compared with, and adds those that are new by the ordinary command."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID, uuid5

from qingyuan_events import Actor
from qingyuan_runtime.domain.decider import Claim, Problem, Refused
from qingyuan_runtime.importing.reading import Reading
from qingyuan_runtime.log.handling import CommandContext

from filing.importing.checking import TAKEN, Checked, Checks
from filing.importing.filed import Entered, EnteredBefore, numbers
from filing.importing.layout import PAPER
from filing.importing.rows import Importer, Read, read
from filing.resources import handlers
from filing.shared.repository import Repository

AT_ONCE: Final = 20


async def checked(
    repository: Repository, actor: Actor, operator_id: UUID, reading: Reading, import_id: UUID
) -> list[Checked]:
    """Nothing is written. `import_id`: from it and its place each row has the id of its command."""
    importer = Importer(operator_id=operator_id, today=repository.today())
    reads = await asyncio.to_thread(_reads, reading, import_id, importer)
    entered = await _entered(repository, actor, operator_id)
    taken = await _taken(repository, reads)
    checks = Checks(EnteredBefore(entered), taken, reading.column_letters)
    return await asyncio.to_thread(checks.check, reads)


def _reads(reading: Reading, import_id: UUID, importer: Importer) -> list[Read]:
    return [read(row, uuid5(import_id, f"{row.sheet} {row.number}"), importer) for row in reading.rows]


async def _entered(repository: Repository, actor: Actor, operator_id: UUID) -> list[Entered]:
    names = {
        UUID(name["id"]): name.get("name") for name in await handlers.names(repository, actor, operator_id)
    }
    states = await repository.resources(operator_id)
    return [
        Entered(
            resource_id=resource_id,
            particulars=state.particulars,
            name=names.get(resource_id),
            ended_on=state.ended_on,
        )
        for resource_id, state in states.items()
        if state.particulars is not None
    ]


async def _taken(repository: Repository, reads: Sequence[Read]) -> frozenset[str]:
    """The numbers of certificates that a resource of any operator holds."""
    wanted = sorted({number for each in reads if each.particulars for number in numbers(each.particulars)})
    found: list[str] = []
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        holders = await asyncio.gather(
            *(repository.store.holder(Claim("certificate-number", number)) for number in part)
        )
        found += [number for number, holder in zip(part, holders, strict=True) if holder]
    return frozenset(found)


async def added(repository: Repository, context: CommandContext, results: Sequence[Checked]) -> list[Checked]:
    """The same rows after those that are new were added. Another try adds what the first one left."""
    done: list[Checked] = []
    for start in range(0, len(results), AT_ONCE):
        part = results[start : start + AT_ONCE]
        done += await _all_added(repository, context, part)
    return done


async def _all_added(
    repository: Repository, context: CommandContext, part: Sequence[Checked]
) -> list[Checked]:
    """Where one cannot be added now, the others are waited for: nothing is added after the answer."""
    found = await asyncio.gather(
        *(_added(repository, context, each) for each in part), return_exceptions=True
    )
    if error := next((each for each in found if isinstance(each, BaseException)), None):
        raise error
    return [each for each in found if isinstance(each, Checked)]


async def _added(repository: Repository, context: CommandContext, result: Checked) -> Checked:
    read = result.read
    if result.outcome != "new" or read.particulars is None or read.changed_on is None:
        return result
    meta = context.meta.model_copy(update={"command_id": read.command_id})
    try:
        await handlers.add(
            repository,
            CommandContext(meta, context.fingerprint),
            particulars=read.particulars,
            name=read.name,
            changed_on=read.changed_on,
            evidence=None,
        )
    except Refused as refused:
        return replace(result, outcome="refused", problems=(_problem(refused),), notes=())
    entered = Entered(resource_id=read.resource_id, particulars=read.particulars, name=read.name)
    return replace(result, outcome="added", entered=entered)


def _problem(refused: Refused) -> Problem:
    """Somebody else was faster: after the check another resource has taken the number."""
    if refused.code == "certificate-number.taken":
        return Problem(f"{PAPER}number", refused.code, TAKEN)
    return Problem("", refused.code, refused.sentence)
