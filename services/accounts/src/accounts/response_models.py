"""The responses of accounts. Routes return finished JSON; tests check it against these models."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field
from qingyuan_events import ActorRole


class Account(BaseModel):
    id: UUID
    name: str
    label: str
    kind: Literal["enterprise", "operator", "regulator", "administrator"]
    organisation: UUID | None
    district: str | None
    role: ActorRole | None
    organisation_name: str | None


class Session(BaseModel):
    account: Account
    expires_at: datetime
    idle_minutes: int
    must: list[Literal["password", "factor", "certificate"]] = Field(
        description="what has to be done before anything else: until then every other route answers 403 session.restricted"
    )


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


class Colleague(BaseModel):
    id: UUID
    name: str
    label: str


class Colleagues(BaseModel):
    items: list[Colleague]


class SecondFactor(BaseModel):
    token: str
    expires_at: datetime


class SecurityKey(BaseModel):
    id: UUID
    name: str
    added: datetime
    last_used: datetime | None


class OwnFactors(BaseModel):
    """The second steps of one's own account. `signing`: what a signature may be confirmed with."""

    totp: bool
    totp_available: bool
    webauthn: list[SecurityKey]
    recovery_left: int
    demanded: bool
    signing: list[Literal["password", "totp", "webauthn", "certificate"]]


class NewTotp(BaseModel):
    secret: str
    uri: str


class RecoveryCodes(BaseModel):
    """Shown once. Empty where the account has recovery codes already."""

    codes: list[str]


class KeyChallenge(BaseModel):
    """`webauthn`: the options of the browser's WebAuthn interface, as JSON."""

    id: UUID
    webauthn: dict[str, Any]
    expires_at: datetime


class SigningChallenge(BaseModel):
    """`text` is signed by a certificate, byte for byte in UTF-8; `webauthn` are the options of the browser's interface."""

    id: UUID
    text: str | None
    webauthn: dict[str, Any] | None
    expires_at: datetime


class PasswordPolicy(BaseModel):
    length_min: int
    expires_days: int | None
    history: int
    valid_from: date
    sources: list[str]
