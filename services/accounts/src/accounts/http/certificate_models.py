"""What accounts answers about certificates and lost keys."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from accounts.http.response_models import Session


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


class DemandingOrganisation(BaseModel):
    """`managers`: how many of its enabled managers hold a certificate."""

    organisation: UUID
    name: str | None
    since: datetime
    suspended_until: datetime | None
    managers: int


class DemandingOrganisations(BaseModel):
    items: list[DemandingOrganisation]


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


class CodeGivenAgain(BaseModel):
    """By whoever approved; the code before it is of no use any more."""

    at: datetime
    label: str | None
    note: str


class ManagerContact(BaseModel):
    """`mobile` and `email` as the manager has registered them with the own account."""

    name: str
    label: str
    mobile: str | None
    email: str | None


class LostKeyContact(BaseModel):
    """`organisation` and `kind` of the organisation that has the credit code here, None where there is none."""

    organisation: UUID | None
    kind: Literal["enterprise", "operator"] | None
    managers: list[ManagerContact]


class LostKey(BaseModel):
    """`organisation_name` and `managers` are those of the organisation that has the credit code here, if there is one.

    `again_until`: of an approved request whose code nobody used, until then it may be given again; then it is reviewed anew.
    """

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
    codes_again: list[CodeGivenAgain]
    again_until: datetime | None
    used: datetime | None


class LostKeys(BaseModel):
    items: list[LostKey]
