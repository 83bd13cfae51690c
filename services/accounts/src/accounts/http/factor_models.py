"""What accounts answers about second steps and the second factor of a signature."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel


class SecurityKey(BaseModel):
    id: UUID
    name: str
    added: datetime
    last_used: datetime | None


class OwnFactors(BaseModel):
    """The second steps of one's own account. `signing`: what a signature may be confirmed with.

    `password`, `certificate`: whether the account itself has one, by which its owner shows who they are.
    """

    totp: bool
    totp_available: bool
    webauthn: list[SecurityKey]
    recovery_left: int
    demanded: bool
    signing: list[Literal["password", "totp", "webauthn", "certificate"]]
    password: bool
    certificate: bool


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
