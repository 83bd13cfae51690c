"""A message and its audience, as the rules make them of facts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

NAMESPACE: Final = UUID("5a3c1b0e-6b0e-5d52-9c1d-2f6f8f0c9a14")


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Exactly one of `organisation`, `account` and `district` is set. Roles and `signers` narrow an organisation."""

    organisation: UUID | None = None
    roles: tuple[str, ...] | None = None
    signers: bool = False
    account: UUID | None = None
    district: str | None = None

    @property
    def name(self) -> str:
        """Part of a message's id, so it is never changed."""
        roles = ",".join(self.roles or ())
        return f"{self.organisation}/{roles}/{self.signers}/{self.account}/{self.district}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`inbox`: it is shown there; a digest is not. `spreads`: it takes other ways, too.

    `enterprise`, `operator` and `point` are those that it is about.
    """

    id: UUID
    kind: str
    audience: Audience
    stream: str
    version: int
    subject: str | None
    title: str
    text: str
    link: str
    phone_link: str | None
    at: datetime
    inbox: bool = True
    spreads: bool = False
    enterprise: UUID | None = None
    operator: UUID | None = None
    point: UUID | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """Earlier messages of these kinds about this stream are done; of this subject, where one is given."""

    stream: str
    version: int
    kinds: tuple[str, ...]
    subject: str | None
    at: datetime
