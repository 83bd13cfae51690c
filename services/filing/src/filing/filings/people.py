"""The legal representative and the contact of a filing: encrypted for one version of its stream."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from qingyuan_events import Fact, Personal, Recorded
from qingyuan_runtime.edge.http import new_id
from qingyuan_runtime.log.privacy import CiphertextPosition, seal

from filing.domain.filings.basics import PEOPLE
from filing.domain.filings.commands import ChangeBasics
from filing.domain.filings.decider import FILING
from filing.domain.filings.state import FilingState
from filing.shared.personal import opened, placeholder
from filing.shared.repository import Repository

Plain = Mapping[str, str]


async def with_people(
    repository: Repository,
    command: ChangeBasics,
    loaded: tuple[str, int, FilingState],
    people: Mapping[str, Plain],
    command_id: UUID,
) -> ChangeBasics:
    """The command with these people encrypted, by the names of its fields, for the version at which it will be appended.

    The keys must exist before the event that needs them. The command is decided once before that. Whoever is named has a
    key of their own, so that a predecessor can be erased alone.
    """
    stream, version, state = loaded
    subjects = {field: new_id(command_id, field) for field in people}
    FILING.decide(_with(command, {field: placeholder(subjects[field]) for field in people}), state)
    sealed: dict[str, Personal] = {}
    for field, plain in people.items():
        position = CiphertextPosition(stream, version + 1, field)
        sealed[field] = await seal(repository.keys, subjects[field], position, plain)
    return _with(command, sealed)


def _with(command: ChangeBasics, people: Mapping[str, Personal]) -> ChangeBasics:
    representative, contact = (people.get(field) for field in PEOPLE)
    return replace(command, legal_representative=representative, contact=contact)


async def read_people(
    repository: Repository, history: list[Recorded[Fact]]
) -> Mapping[str, Mapping[str, object]]:
    return {field: await opened(repository, history, field) for field in PEOPLE}
