"""On whom something was done. Each line of the security log has one of these, and none of them is nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Why = Literal[
    "unknown-name",
    "unknown-certificate",
    "unknown-wechat",
    "unknown-invitation",
    "unknown-lost-key",
    "unknown-organisation",
]
"""What nobody could be found by."""


@dataclass(frozen=True, slots=True)
class WholeOrganisation:
    """An organisation, where it is done to none of its accounts alone."""

    id: UUID


@dataclass(frozen=True, slots=True)
class NetworkAddress:
    """What is counted for an address, whoever uses it."""

    text: str


@dataclass(frozen=True, slots=True)
class Nobody:
    why: Why


Whom = UUID | WholeOrganisation | NetworkAddress | Nobody
"""A UUID is that of an account."""


def detail_of(whom: Whom) -> Mapping[str, str]:
    """What the columns of a line have no room for."""
    if isinstance(whom, NetworkAddress):
        return {"address": whom.text}
    return {"why": whom.why} if isinstance(whom, Nobody) else {}
