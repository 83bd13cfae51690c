"""Names of people: encrypted for one version of a stream once their command is accepted, and opened for who may read them."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from qingyuan_events import Fact, Personal, Recorded
from qingyuan_events.filing import FilingPersonErased, ResourcePersonErased
from qingyuan_runtime.log.privacy import CiphertextPosition, Erased, Tampered, open_

from filing.shared.repository import Repository

ERASURES: Final = (FilingPersonErased, ResourcePersonErased)
ERASED_SUBJECTS: Final = """
    select data ->> 'subject' as subject from public.events
     where type in ('filing.person_erased.v1', 'resource.person_erased.v1')
"""
ERASED: Final = {"erased": True}
LOST: Final = {"lost": True}


def placeholder(subject: UUID) -> Personal:
    """Stands for the ciphertext while the command is decided, so that a refused command leaves no key behind."""
    return Personal(subject=subject, nonce="", ciphertext="")


async def opened(
    repository: Repository, history: Sequence[Recorded[Fact]], field: str
) -> Mapping[str, object]:
    """The latest personal data that facts of this stream hold in `field`; empty where none does.

    Whether it is erased follows from the log, even if a restore has brought its key back.
    """
    erased = {recorded.fact.subject for recorded in history if isinstance(recorded.fact, ERASURES)}
    for recorded in reversed(history):
        personal = getattr(recorded.fact, field, None)
        if isinstance(personal, Personal) and personal.subject in erased:
            return dict(ERASED)
        if isinstance(personal, Personal):
            position = CiphertextPosition(recorded.stream, recorded.version, field)
            return await _plain(repository, personal, position)
    return {}


async def _plain(
    repository: Repository, personal: Personal, position: CiphertextPosition
) -> Mapping[str, object]:
    try:
        return dict(await open_(repository.keys, personal, position))
    except Erased:
        return dict(ERASED)
    except (KeyError, Tampered, InvalidTag):
        return dict(LOST)
