"""The responses of accounts. Routes return finished JSON; tests check it against these models."""

from datetime import datetime
from typing import Literal
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
    role: ActorRole
    organisation_name: str | None
    signs: bool


class Session(BaseModel):
    """`must`: what has to be done before anything else is allowed."""

    account: Account
    expires_at: datetime
    idle_minutes: int
    must: list[Literal["password", "factor"]] = Field(
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
