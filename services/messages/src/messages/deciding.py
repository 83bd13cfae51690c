"""Which messages follow from a fact, and which earlier ones it settles. Pure: rules, texts and the fact decide alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid5

from qingyuan_events import Fact, Recorded
from qingyuan_standards.days import local_day, until_text

from messages.message import NAMESPACE, Audience, Message, Settled
from messages.rulebook import EDITIONS, Edition, Rule, To, edition_of
from messages.texts import TEXTS

CITY: Final = "310000"
MANAGERS: Final = ("manager",)
Districts = Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class Decided:
    messages: Sequence[Message]
    settled: Sequence[Settled]


def decide(recorded: Recorded[Fact], districts: Districts, editions: Sequence[Edition] = EDITIONS) -> Decided:
    """`districts` are those of enterprises, for facts that do not say it."""
    edition = edition_of(local_day(recorded.recorded_at), editions)
    if edition is None:
        return Decided((), ())
    messages = [
        _message(rule, recorded, audience)
        for rule in edition.rules_for(recorded.fact.type)
        for audience in _audiences(rule.to, recorded.fact, districts)
    ]
    return Decided(messages, list(_settled(edition, recorded)))


def _message(rule: Rule, recorded: Recorded[Fact], audience: Audience) -> Message:
    fact = recorded.fact
    title, text = TEXTS[rule.kind].rendered(values_of(rule, fact))
    return Message(
        id=uuid5(NAMESPACE, f"{recorded.id}/{rule.kind}/{audience.name}"),
        kind=rule.kind,
        audience=audience,
        stream=recorded.stream,
        version=recorded.version,
        subject=_subject(rule.subject, fact),
        title=title,
        text=text,
        link=rule.link.format_map(_Fields(fact)),
        phone_link=rule.phone_link and rule.phone_link.format_map(_Fields(fact)),
        at=recorded.recorded_at,
        spreads=rule.how == "single",
        enterprise=getattr(fact, "enterprise_id", None),
        operator=getattr(fact, "operator_id", None),
        point=getattr(fact, "point_id", None),
    )


def _audiences(to: To, fact: Fact, districts: Districts) -> Iterator[Audience]:
    match to:
        case "enterprise":
            yield Audience(organisation=_field(fact, "enterprise_id"))
        case "enterprise_signers":
            yield Audience(organisation=_field(fact, "enterprise_id"), signers=True)
        case "operator":
            yield Audience(organisation=_field(fact, "operator_id"))
        case "operator_managers":
            yield Audience(organisation=_field(fact, "operator_id"), roles=MANAGERS)
        case "assignees":
            yield from (
                Audience(account=account) for account in dict.fromkeys(a.account for a in _assignees(fact))
            )
        case "district_regulators":
            district = getattr(fact, "district", None) or districts.get(_field(fact, "enterprise_id"))
            yield Audience(district=district or CITY)
        case "city_regulators":
            yield Audience(district=CITY)


def _assignees(fact: Fact) -> Sequence[Any]:
    assignees: Sequence[Any] = _field(fact, "assignees")
    return assignees


def _settled(edition: Edition, recorded: Recorded[Fact]) -> Iterator[Settled]:
    for settles in edition.settled_by(recorded.fact.type):
        subject = _subject(settles.subject, recorded.fact)
        if settles.subject and subject is None:
            continue  # a paper that replaces none settles nothing
        yield Settled(recorded.stream, recorded.version, settles.kinds, subject, recorded.recorded_at)


def values_of(rule: Rule, fact: Fact) -> dict[str, str]:
    """What fills the places of the rule's text."""
    return {place: _shown(_field(fact, path)) for place, path in rule.places.items()}


def _subject(path: str | None, fact: Fact) -> str | None:
    value = _field(fact, path) if path else None
    return None if value is None else str(value)


def _field(fact: Fact, path: str) -> Any:
    value: Any = fact
    for name in path.split("."):
        value = getattr(value, name)
    return value


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return until_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value).replace(
        "\0", "\ufffd"
    )  # Old facts have zero bytes, which PostgreSQL's text cannot hold.


class _Fields(dict[str, str]):
    """The fields of a fact by name, for the places of a link."""

    def __init__(self, fact: Fact) -> None:
        super().__init__()
        self._fact = fact

    def __missing__(self, name: str) -> str:
        return str(getattr(self._fact, name))
