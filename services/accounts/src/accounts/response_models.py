"""The responses of accounts. Routes return finished JSON; tests check it against these models."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel
from qingyuan_events import ActorRole


class Account(BaseModel):
    id: UUID
    name: str
    label: str
    kind: Literal["enterprise", "operator", "regulator", "administrator"]
    organisation: UUID | None
    district: str | None
    role: ActorRole
    organisation_name: str | None
    signs: bool


class Session(BaseModel):
    """`must`: what has to be done before anything else is allowed."""

    account: Account
    expires_at: datetime
    idle_minutes: int
    must: list[Literal["password", "factor", "certificate"]]


class Challenge(BaseModel):
    id: UUID
    text: str
    expires_at: datetime


class OpenSession(BaseModel):
    """`current`: it is the session that this request belongs to."""

    id: UUID
    device: str
    address: str
    since: datetime
    last_seen: datetime
    current: bool


class OpenSessions(BaseModel):
    items: list[OpenSession]


class AccountLabels(BaseModel):
    """Display names by account; unknown ones, and those that the reader may not know, are left out."""

    labels: dict[str, str]


class Contact(BaseModel):
    email: str | None
    mobile: str | None


class Colleague(BaseModel):
    id: UUID
    name: str
    label: str


class Colleagues(BaseModel):
    items: list[Colleague]


class SecondFactor(BaseModel):
    token: str
    expires_at: datetime


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


class CertificateSession(Session):
    """`registered`: this log-in has brought the organisation with its first account."""

    registered: bool


class CertificateTrial(BaseModel):
    """What a certificate holds that is believed here. `list_overdue`: by a revocation list that should have been replaced."""

    organisation: str
    uscc: str
    serial: str
    valid_from: datetime
    valid_to: datetime
    list_made_at: datetime | None
    list_overdue: bool


class OwnCertificate(BaseModel):
    id: UUID
    serial: str
    organisation: str
    uscc: str
    valid_to: datetime
    since: datetime


class OwnCertificates(BaseModel):
    items: list[OwnCertificate]


class CertificateDemand(BaseModel):
    """`suspended_until`: after an approved lost key the demand rests until then."""

    demanded: bool
    since: datetime | None
    suspended_until: datetime | None


class LostKeyAsked(BaseModel):
    id: UUID


class LostKeyAccount(BaseModel):
    account: str


class LostKeyDecision(BaseModel):
    """`code` is to be handed over by the telephone or in person; None where it was refused."""

    code: str | None
    expires_at: datetime | None


class Manager(BaseModel):
    id: UUID
    name: str
    label: str


class LostKey(BaseModel):
    """`organisation_name` and `managers` are those of the organisation that has the credit code here, if there is one."""

    id: UUID
    uscc: str
    name: str
    contact: str
    reason: str
    asked: datetime
    state: Literal["asked", "reviewed", "refused", "approved", "used"]
    organisation_name: str | None
    managers: list[Manager]
    account_name: str | None
    reviewer_label: str | None
    reviewed: datetime | None
    review_note: str | None
    approver_label: str | None
    decided: datetime | None
    decision_note: str | None
    used: datetime | None


class LostKeys(BaseModel):
    items: list[LostKey]
