"""What accounts answers about the accounts of an organisation and of the platform."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel
from qingyuan_events import ActorRole


class OrganisationAccount(BaseModel):
    """`must_change`: it has a one-time password. `person`: the filed person of the operator whom it belongs to."""

    id: UUID
    name: str
    label: str
    role: ActorRole
    signs: bool
    disabled: bool
    must_change: bool
    last_log_in: datetime | None
    person: UUID | None


class OrganisationAccounts(BaseModel):
    items: list[OrganisationAccount]


class OneTimePassword(BaseModel):
    """Shown once and stored nowhere; it has to be changed at the first log-in."""

    id: UUID
    name: str
    password: str


class Invitation(BaseModel):
    id: UUID
    label: str
    role: ActorRole
    signs: bool
    person: UUID | None
    made_by: str
    expires_at: datetime


class Invitations(BaseModel):
    items: list[Invitation]


class NewInvitation(BaseModel):
    """`code` is shown once: only its hash is stored."""

    id: UUID
    code: str
    expires_at: datetime


class InvitedTo(BaseModel):
    organisation_name: str | None
    label: str
    kind: Literal["enterprise", "operator"]
    role: ActorRole
    signs: bool
    expires_at: datetime


class PlatformOrganisation(BaseModel):
    """`managers`: how many of its accounts are managers and not locked."""

    id: UUID
    name: str
    kind: Literal["enterprise", "operator"] | None
    uscc: str | None
    accounts: int
    managers: int


class PlatformOrganisations(BaseModel):
    items: list[PlatformOrganisation]
    next: UUID | None


class PlatformAccount(OrganisationAccount):
    kind: Literal["enterprise", "operator", "regulator", "administrator"]
    organisation: UUID | None
    organisation_name: str | None
    district: str | None


class PlatformAccounts(BaseModel):
    items: list[PlatformAccount]
    next: str | None
