"""An enterprise's contact: sealed once its command is found right, read while the log holds no erasure of it."""

from dataclasses import replace
from typing import Final, TypeVar
from uuid import UUID

from cryptography.exceptions import InvalidTag
from qingyuan_events import Personal
from qingyuan_events.registry import EnterpriseCorrected, EnterpriseRegistered
from qingyuan_runtime.edge.http import new_id
from qingyuan_runtime.log.privacy import CiphertextPosition, Erased, Tampered, open_, seal

from registry.bodies import Contact
from registry.desk import Desk
from registry.domain.enterprise import ENTERPRISE, CorrectEnterprise, EnterpriseState, RegisterEnterprise

Command = TypeVar("Command", RegisterEnterprise, CorrectEnterprise)
ERASED: Final = {"erased": True}
LOST: Final = {"lost": True}


async def with_contact(
    at: Desk, command: Command, known: tuple[int, EnterpriseState], contact: Contact | None, command_id: UUID
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
    place = _place(ENTERPRISE.stream(command.enterprise_id), version + 1)
    return replace(command, contact=await _sealed(at, (subject, fresh), place, contact))


async def read_contact(at: Desk, enterprise_id: UUID, state: EnterpriseState) -> dict[str, object]:
    """The latest contact; the log says whether it is erased, whatever key rows a restore brought back."""
    found = await _latest(at, enterprise_id)
    if found is None:
        return {}
    personal, place = found
    if personal.subject in state.erased:
        return dict(ERASED)
    try:
        return dict(await open_(at.keys, personal, place))
    except Erased:
        return dict(ERASED)
    except (KeyError, Tampered, InvalidTag):
        return dict(LOST)


async def _sealed(
    at: Desk, subjects: tuple[UUID, UUID], place: CiphertextPosition, contact: Contact
) -> Personal:
    """Under the present subject's key. Where that is gone and the log was restored to before that: a fresh one."""
    present, fresh = subjects
    try:
        return await seal(at.keys, present, place, contact.model_dump())
    except Erased:
        return await seal(at.keys, fresh, place, contact.model_dump())


def _unsealed(subject: UUID) -> Personal:
    return Personal(subject=subject, nonce="", ciphertext="")


def _place(stream: str, version: int) -> CiphertextPosition:
    return CiphertextPosition(stream, version, "contact")


async def _latest(at: Desk, enterprise_id: UUID) -> tuple[Personal, CiphertextPosition] | None:
    stream = ENTERPRISE.stream(enterprise_id)
    for recorded in reversed(await at.store.read(stream)):
        fact = recorded.fact
        if isinstance(fact, EnterpriseRegistered | EnterpriseCorrected) and fact.contact:
            return fact.contact, _place(stream, recorded.version)
    return None
