"""The responses of messages. Routes return finished JSON; tests check it against these models."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from messages.rulebook import Means


class InboxItem(BaseModel):
    """`about`: the enterprise, point and operator that it is about, as they are called now, without the reader's own.

    `done`: somebody has done it meanwhile, or a later message stands in its place. It then counts as read.
    """

    id: UUID
    kind: str
    title: str
    text: str
    about: str | None
    link: str
    phone_link: str | None
    at: datetime
    read: bool
    done: bool


class InboxPage(BaseModel):
    items: list[InboxItem]
    unread: int
    next: str | None


class Unread(BaseModel):
    """At most 999: more are not counted."""

    unread: int


class WayChosen(BaseModel):
    """`locked`: it cannot be switched off."""

    channel: Means
    on: bool
    locked: bool


class KindChosen(BaseModel):
    kind: str
    name: str
    channels: list[WayChosen]


class QuietHours(BaseModel):
    """`since` to `until`, as the rules have it; `on`: nothing is sent then, but what is urgent."""

    since: str
    until: str
    on: bool


class DigestHour(BaseModel):
    hour: str
    on: bool


class PreferencesShown(BaseModel):
    """`absent`: ways that may be chosen, but by which this installation sends nothing to anybody."""

    items: list[KindChosen]
    absent: list[Means]
    quiet: QuietHours
    digest: list[DigestHour]


class TextShown(BaseModel):
    """A text with its places, and as it reads with the example."""

    kind: str
    name: str
    title: str
    text: str
    example_title: str
    example_text: str


class TextsShown(BaseModel):
    items: list[TextShown]


class Failure(BaseModel):
    """`unknown`: the sending broke off, and it is not known whether it was sent."""

    id: UUID
    kind: str
    title: str
    channel: Means
    account: UUID
    state: str
    tries: int
    error: str | None
    at: datetime


class Failures(BaseModel):
    items: list[Failure]
