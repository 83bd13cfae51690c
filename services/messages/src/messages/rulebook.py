"""The dated rules: which fact is told to whom, in which ways, and what settles it. They are data, in `rules.json`."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cached_property
from importlib.resources import files
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from qingyuan_events import ActorKind
from qingyuan_standards.days import at_local, local_clock, local_day

Means = Literal["wechat", "email", "sms"]
MEANS: Final[tuple[Means, ...]] = ("wechat", "email", "sms")
"""The ways beside the inbox."""
To = Literal[
    "enterprise",
    "enterprise_signers",
    "operator",
    "operator_managers",
    "assignees",
    "district_regulators",
    "city_regulators",
]
KIND_OF: Final[Mapping[To, ActorKind]] = {
    "enterprise": "enterprise",
    "enterprise_signers": "enterprise",
    "operator": "operator",
    "operator_managers": "operator",
    "assignees": "operator",
    "district_regulators": "regulator",
    "city_regulators": "regulator",
}


class Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Sent(Row):
    """Which ways a kind of message takes: `channels` unless the person switches one off, which those in `locked` do not allow.

    `offered` may be switched on.
    """

    kind: str
    to: To
    channels: tuple[Means, ...]
    offered: tuple[Means, ...]
    locked: tuple[Means, ...]
    link: str
    phone_link: str | None

    @property
    def ways(self) -> tuple[Means, ...]:
        """Those that its audience can have: accounts lets no regulator bind WeChat."""
        unbound = KIND_OF[self.to] == "regulator"
        return tuple(way for way in (*self.channels, *self.offered) if not (unbound and way == "wechat"))

    def wanted(self, channel: Means, choice: bool | None) -> bool:
        """Whether a person with this choice (None: has not chosen) gets it in this way."""
        if channel in self.locked:
            return True
        if channel in self.channels:
            return choice is not False
        return channel in self.offered and choice is True


class Rule(Sent):
    """`places` name the fields of the fact that the text shows, `subject` the field that says what of the stream it is about.

    `how`: `single` is sent by itself, `digest` is counted in a digest, `inbox` is only shown. `urgent` is sent at night, too.
    """

    fact: str
    how: Literal["single", "digest", "inbox"]
    urgent: bool
    places: Mapping[str, str]
    subject: str | None = None


class Digest(Sent):
    """At these hours: how many messages of these kinds are still open."""

    of: tuple[str, ...]
    hours: tuple[time, ...]


class Settles(Row):
    """This fact marks earlier messages of these kinds, about the same stream, as done."""

    fact: str
    kinds: tuple[str, ...]
    subject: str | None = None


class Quiet(Row):
    since: time = Field(alias="from")
    until: time = Field(alias="to")


class Edition(Row):
    """The rules from a day on. `fresh_hours`: what is older is not sent any more. `unread_days`: what is older counts as seen."""

    valid_from: date
    source: str
    confidence: str
    quiet: Quiet
    fresh_hours: int
    unread_days: int
    digests: tuple[Digest, ...]
    rules: tuple[Rule, ...]
    settles: tuple[Settles, ...]

    @cached_property
    def by_kind(self) -> Mapping[str, Sent]:
        return {sent.kind: sent for sent in (*self.rules, *self.digests)}

    @property
    def urgent_kinds(self) -> frozenset[str]:
        """What is sent in quiet hours, too."""
        return frozenset(rule.kind for rule in self.rules if rule.urgent)

    def rules_for(self, fact: str) -> Sequence[Rule]:
        return [rule for rule in self.rules if rule.fact == fact]

    def settled_by(self, fact: str) -> Sequence[Settles]:
        return [settles for settles in self.settles if settles.fact == fact]

    def sent_to(self, kind: ActorKind) -> Sequence[Sent]:
        """What accounts of this kind can have preferences about."""
        return [
            sent
            for sent in (*self.digests, *self.rules)
            if KIND_OF[sent.to] == kind and (sent.channels or sent.offered)
        ]


def read_editions(text: str) -> tuple[Edition, ...]:
    """The elder edition first. Raises pydantic's `ValidationError`."""
    editions = [Edition.model_validate(row) for row in json.loads(text)]
    return tuple(sorted(editions, key=lambda edition: edition.valid_from))


EDITIONS: Final = read_editions((files("messages") / "rules.json").read_text(encoding="utf-8"))


def edition_of(day: date, editions: Sequence[Edition] = EDITIONS) -> Edition | None:
    """The rules of this day; None before the first."""
    return next((edition for edition in reversed(editions) if edition.valid_from <= day), None)


def after_quiet(now: datetime, quiet: Quiet) -> datetime:
    """The moment itself, or the end of the quiet hours in which it is."""
    clock, day = local_clock(now).time(), local_day(now)
    if quiet.since > quiet.until:
        if clock >= quiet.since:
            return at_local(day + timedelta(days=1), quiet.until)
        return at_local(day, quiet.until) if clock < quiet.until else now
    return at_local(day, quiet.until) if quiet.since <= clock < quiet.until else now
