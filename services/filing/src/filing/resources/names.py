"""The name of a person: encrypted for one version of its stream."""

from dataclasses import replace
from typing import Final, TypeVar
from uuid import UUID

from qingyuan_runtime.edge.http import new_id
from qingyuan_runtime.log.privacy import CiphertextPosition, seal_again

from filing.domain.resources.commands import AddResource, CorrectResource
from filing.domain.resources.decider import RESOURCE
from filing.domain.resources.state import ResourceState
from filing.shared.personal import placeholder
from filing.shared.repository import Repository

Command = TypeVar("Command", AddResource, CorrectResource)
FIELD: Final = "person"


async def with_name(
    repository: Repository,
    command: Command,
    loaded: tuple[str, int, ResourceState],
    name: str | None,
    command_id: UUID,
) -> Command:
    """The command with the name encrypted for the version of the stream at which it will be appended.

    The key must exist before the event that needs it. The command is decided once before that.
    """
    if name is None:
        return command
    stream, version, state = loaded
    new_subject = new_id(command_id, FIELD)
    subject = state.person or new_subject
    RESOURCE.decide(replace(command, person=placeholder(subject)), state)
    position = CiphertextPosition(stream, version + 1, FIELD)
    sealed = await seal_again(repository.keys, (subject, new_subject), position, {"name": name})
    return replace(command, person=sealed)
