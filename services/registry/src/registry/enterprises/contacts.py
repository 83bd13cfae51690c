"""An enterprise's contact: sealed once its command is found right, read while the log holds no erasure of it."""

from dataclasses import replace
from typing import Final, TypeVar
from uuid import UUID

from cryptography.exceptions import InvalidTag
from qingyuan_events import Personal
from qingyuan_events.registry import EnterpriseCorrected, EnterpriseRegistered
from qingyuan_runtime.edge.http import new_id
from qingyuan_runtime.log.privacy import CiphertextPosition, Erased, Tampered, open_, seal

from registry.domain.enterprises.commands import CorrectEnterprise, RegisterEnterprise
from registry.domain.enterprises.decider import ENTERPRISE
from registry.domain.enterprises.state import EnterpriseState
from registry.enterprises.bodies import Contact
from registry.shared.repository import Repository

Command = TypeVar("Command", RegisterEnterprise, CorrectEnterprise)
ERASED: Final = {"erased": True}
LOST: Final = {"lost": True}


async def with_contact(
    repository: Repository,
    command: Command,
    known: tuple[int, EnterpriseState],
    contact: Contact | None,
    command_id: UUID,
) -> Command:
    """The command with its contact sealed for the version it will land on.

    A key must exist before the fact that needs it. So that a refused command makes none, it is decided first.
    """
    if contact is None:
        return command
    version, state = known
    fresh = new_id(command_id, "contact")
    subject = next(reversed(state.readable_contacts()), fresh)
    ENTERPRISE.decide(replace(command, contact=_unsealed(subject)), state)
    position = _position(ENTERPRISE.stream(command.enterprise_id), version + 1)
    return replace(command, contact=await _sealed(repository, (subject, fresh), position, contact))


async def read_contact(
    repository: Repository, enterprise_id: UUID, state: EnterpriseState
) -> dict[str, object]:
    """The latest contact; the log says whether it is erased, whatever key rows a restore brought back."""
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


async def _sealed(
    repository: Repository, subjects: tuple[UUID, UUID], position: CiphertextPosition, contact: Contact
) -> Personal:
    """Under the present subject's key. Where that is gone and the log was restored to before that: a fresh one."""
    present, fresh = subjects
    try:
        return await seal(repository.keys, present, position, contact.model_dump())
    except Erased:
        return await seal(repository.keys, fresh, position, contact.model_dump())


def _unsealed(subject: UUID) -> Personal:
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
