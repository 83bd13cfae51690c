"""An enterprise's contact: encrypted once its command is accepted, readable until the log holds its erasure."""

from dataclasses import replace
from typing import Final, TypeVar
from uuid import UUID

from cryptography.exceptions import InvalidTag
from qingyuan_events import Personal
from qingyuan_events.registry import EnterpriseCorrected, EnterpriseRegistered
from qingyuan_runtime.edge.http import new_id
from qingyuan_runtime.log.privacy import CiphertextPosition, Erased, Tampered, open_, seal_again

from registry.domain.enterprises.commands import CorrectEnterprise, RegisterEnterprise
from registry.domain.enterprises.decider import ENTERPRISE
from registry.domain.enterprises.state import EnterpriseState
from registry.enterprises.bodies import Contact
from registry.shared.repository import Repository

Command = TypeVar("Command", RegisterEnterprise, CorrectEnterprise)
ERASED_SUBJECTS: Final = (
    "select data ->> 'subject' as subject from events where type = 'enterprise.contact_erased.v1'"
)
ERASED: Final = {"erased": True}
LOST: Final = {"lost": True}


async def with_contact(
    repository: Repository,
    command: Command,
    loaded: tuple[int, EnterpriseState],
    contact: Contact | None,
    command_id: UUID,
) -> Command:
    """The command with its contact encrypted for the version of the stream at which it will be appended.

    The key must exist before the event that needs it. The command is decided once without it, so that a refused
    command leaves no key behind.
    """
    if contact is None:
        return command
    version, state = loaded
    new_subject = new_id(command_id, "contact")
    subject = next(reversed(state.readable_contacts()), new_subject)
    ENTERPRISE.decide(replace(command, contact=_placeholder(subject)), state)
    position = _position(ENTERPRISE.stream(command.enterprise_id), version + 1)
    return replace(
        command,
        contact=await seal_again(repository.keys, (subject, new_subject), position, contact.model_dump()),
    )


async def read_contact(
    repository: Repository, enterprise_id: UUID, state: EnterpriseState
) -> dict[str, object]:
    """The latest contact. Whether it is erased follows from the log, even if a restore has brought its key back."""
    found = await _latest(repository, enterprise_id)
    if found is None:
        return {}
    personal, position = found
    if personal.subject in state.erased:
        return dict(ERASED)
    try:
        return dict(await open_(repository.keys, personal, position))
    except Erased:
        return dict(ERASED)
    except (KeyError, Tampered, InvalidTag):
        return dict(LOST)


def _placeholder(subject: UUID) -> Personal:
    return Personal(subject=subject, nonce="", ciphertext="")


def _position(stream: str, version: int) -> CiphertextPosition:
    return CiphertextPosition(stream, version, "contact")


async def _latest(repository: Repository, enterprise_id: UUID) -> tuple[Personal, CiphertextPosition] | None:
    stream = ENTERPRISE.stream(enterprise_id)
    for recorded in reversed(await repository.store.read(stream)):
        fact = recorded.fact
        if isinstance(fact, EnterpriseRegistered | EnterpriseCorrected) and fact.contact:
            return fact.contact, _position(stream, recorded.version)
    return None
