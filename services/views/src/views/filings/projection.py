"""The projection of filings: loads the affected rows, folds the facts in memory, saves each table in one statement."""

from collections.abc import Sequence
from importlib.resources import files
from typing import Any
from uuid import UUID

from qingyuan_events import Fact, Recorded
from qingyuan_events.filing import FilingFact
from qingyuan_runtime.database.connections import Connection

from views.filings import resource_fold, saving
from views.filings.credit_rows import OF_CREDIT, apply_to_credit
from views.filings.filed_papers import file_papers, filed_in, save_standings
from views.filings.fold import Filing, fold
from views.filings.kept_facts import keep
from views.filings.past import OF_RESOURCE
from views.filings.resource_fold import Resource
from views.filings.verdicts import verdicts_of
from views.shared.row_security import OF_CONTRACTORS, OF_OPERATOR, OF_REGULATORS, row_security
from views.shared.saving import save

MODEL = "filings"
TABLES = (
    "filing",
    "resource",
    "resource_version",
    "paper",
    "filed_resource",
    "filed_version",
    "submitted_resource",
    "kept_fact",
    "filed_part",
    "credit_document",
    "annual_year",
    "annual_entry",
)
OF_WORK = ("filed_person", "filed_paper")
"""What an enterprise may read, too: the papers by which its operators' work is judged."""


def create_script() -> str:
    tables = (files("views.filings") / "table.sql").read_text()
    filings = row_security(TABLES, OF_OPERATOR, OF_REGULATORS)
    of_work = row_security(OF_WORK, OF_OPERATOR, OF_REGULATORS, OF_CONTRACTORS)
    return f"{tables}\n{filings}\n{of_work}\n"


class Filings:
    """The projection that the runner calls, inside the transaction that moves the offset."""

    model = MODEL
    topic = FilingFact.topic

    async def apply(self, connection: Connection, recorded_facts: Sequence[Recorded[Fact]]) -> None:
        """The lock lets one transaction run at a time: a resource and what files it may come from two partitions at once."""
        await connection.execute("lock table filed_paper in share row exclusive mode")
        of_resources = [recorded for recorded in recorded_facts if isinstance(recorded.fact, OF_RESOURCE)]
        of_filings = [
            recorded for recorded in recorded_facts if not isinstance(recorded.fact, OF_RESOURCE + OF_CREDIT)
        ]
        await keep(connection, [*of_resources, *of_filings])
        await _apply_to_resources(connection, of_resources)
        await _apply_to_filings(connection, of_filings)
        await file_papers(connection, {*map(_resource_id, of_resources), *filed_in(of_filings)})
        for recorded in recorded_facts:
            await apply_to_credit(connection, recorded)

    async def digests(self, connection: Connection, streams: Sequence[str]) -> dict[str, str]:
        """A hash of each stream's rows, for comparing two builds."""
        rows = await connection.fetch(saving.DIGESTS, list(streams))
        return {row["stream"]: row["digest"] for row in rows}


async def _apply_to_filings(connection: Connection, recorded_facts: Sequence[Recorded[Fact]]) -> None:
    rows = await connection.fetch(saving.LOAD_FILINGS, list(set(map(_operator_id, recorded_facts))))
    filings: dict[UUID, Filing] = {row["operator_id"]: saving.filing_from(row) for row in rows}
    for recorded in recorded_facts:
        key = _operator_id(recorded)
        filings[key] = fold(filings.get(key), recorded)
    await save(connection, saving.SAVE_FILINGS, list(map(saving.filing_row, filings.values())))
    await save_standings(connection, filings.values())
    for recorded in recorded_facts:
        await verdicts_of(connection, recorded)


def _operator_id(recorded: Recorded[Fact]) -> UUID:
    assert isinstance(recorded.fact, FilingFact)
    return recorded.fact.operator_id


async def _apply_to_resources(connection: Connection, recorded_facts: Sequence[Recorded[Fact]]) -> None:
    own = [(_resource_id(recorded), recorded) for recorded in recorded_facts]
    rows = await connection.fetch(saving.LOAD_RESOURCES, list({key for key, _ in own}))
    resources: dict[UUID, Resource] = {row["id"]: saving.resource_from(row) for row in rows}
    versions: list[tuple[Any, ...]] = []
    for key, recorded in own:
        resources[key] = resource_fold.fold(resources.get(key), recorded)
        versions.append(saving.version_row(resources[key], recorded.recorded_at))
    await save(connection, saving.SAVE_RESOURCES, list(map(saving.resource_row, resources.values())))
    await save(connection, saving.SAVE_VERSIONS, versions)
    await connection.execute(saving.FORGET_PAPERS, list(resources))
    papers = [row for resource in resources.values() for row in saving.paper_rows(resource)]
    await save(connection, saving.SAVE_PAPERS, papers)


def _resource_id(recorded: Recorded[Fact]) -> UUID:
    assert isinstance(recorded.fact, OF_RESOURCE)
    return recorded.fact.resource_id
