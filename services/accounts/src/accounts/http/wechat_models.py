"""The responses of the routes of WeChat. Routes return finished JSON; tests check it against these models."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel


class LogInBeginning(BaseModel):
    """`secret` stays in this browser: only who has it can go on with `state`."""

    url: str
    state: str
    secret: str
    expires_at: datetime


class BindingBeginning(BaseModel):
    """`qr` is `url` as a picture, for the phone when the page is open on another device."""

    url: str
    qr: str
    state: str
    expires_at: datetime


class Arrival(BaseModel):
    """`confirm`: another device began; there, `number` has to be typed in."""

    outcome: Literal["bound", "confirm"]
    number: str | None


class Binding(BaseModel):
    """`following`: whether this WeChat user follows the official account; null while nothing is known."""

    id: UUID
    name: str
    bound_at: datetime
    following: bool | None


class Bindings(BaseModel):
    configured: bool
    items: list[Binding]


class JsSignature(BaseModel):
    app_id: str
    timestamp: int
    nonce: str
    signature: str
