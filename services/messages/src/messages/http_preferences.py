"""What an account prefers: which ways for which kinds, the quiet hours, and the hours of digests."""

from collections.abc import Callable, Sequence
from datetime import datetime, time
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from qingyuan_events import ActorKind
from qingyuan_runtime.domain.decider import Invalid, Missing, Problem
from qingyuan_runtime.domain.text import Text
from qingyuan_runtime.edge.dependencies import ActorDep, from_state
from qingyuan_standards.days import local_day

from messages import response_models as shown
from messages.preferences import PreferenceRepository, Preferences
from messages.rulebook import MEANS, Digest, Edition, Means, Sent, edition_of
from messages.texts import TEXTS, choice_kind

CHOICES_MAX: Final = 200
RepositoryDep = Annotated[PreferenceRepository, Depends(from_state("preferences"))]
ReachingDep = Annotated[frozenset[Means], Depends(from_state("reaching"))]
ClockDep = Annotated[Callable[[], datetime], Depends(from_state("clock"))]

router = APIRouter(tags=["消息"])


class Choice(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: Annotated[str, Text(100, least=1, code=True)]
    channel: Means
    on: bool


class PreferencesBody(BaseModel):
    """All that the account prefers; what is not named is as the rules have it."""

    model_config = ConfigDict(extra="forbid")
    choices: list[Choice] = Field(max_length=CHOICES_MAX)
    quiet: bool
    digest_hours: list[Annotated[str, Field(pattern="^[0-2][0-9]:[0-5][0-9]$")]] = Field(max_length=24)


@router.get("/messages/preferences", response_model=shown.PreferencesShown)
async def preferences(
    by: ActorDep, repository: RepositoryDep, clock: ClockDep, reaching: ReachingDep
) -> JSONResponse:
    """For each kind that the account can be told: the ways, and which of them can be switched. By those `absent` nothing comes now."""
    edition = _edition(clock)
    chosen = (await repository.of([by.account])).get(by.account, Preferences())
    sent = _chosen_among(edition, by.kind)
    quiet = {"since": f"{edition.quiet.since:%H:%M}", "until": f"{edition.quiet.until:%H:%M}"}
    return JSONResponse(
        {
            "items": [_kind(each, chosen) for each in sent],
            "absent": [way for way in MEANS if way not in reaching],
            "quiet": quiet | {"on": chosen.quiet},
            "digest": [
                {"hour": f"{hour:%H:%M}", "on": chosen.wants_digest_at(hour)} for hour in _hours(sent)
            ],
        }
    )


@router.put("/messages/preferences", status_code=204)
async def prefer(body: PreferencesBody, by: ActorDep, repository: RepositoryDep, clock: ClockDep) -> Response:
    """Replaces what was preferred before. What the rules do not leave open is refused."""
    sent = _chosen_among(_edition(clock), by.kind)
    if problems := _problems(body, sent):
        raise Invalid(tuple(problems))
    choices: dict[str, dict[Means, bool]] = {}
    for choice in body.choices:
        choices.setdefault(choice.kind, {})[choice.channel] = choice.on
    hours = frozenset(time.fromisoformat(hour) for hour in body.digest_hours)
    await repository.save(by.account, Preferences(choices, body.quiet, hours or None))
    return Response(status_code=204)


def _edition(clock: Callable[[], datetime]) -> Edition:
    edition = edition_of(local_day(clock()))
    if edition is None:
        raise Missing("rules")
    return edition


def _chosen_among(edition: Edition, kind: ActorKind) -> list[Sent]:
    """One for each choice, so that two kinds with one name do not stand beside each other."""
    return [sent for sent in edition.sent_to(kind) if choice_kind(sent.kind) == sent.kind]


def _kind(sent: Sent, chosen: Preferences) -> dict[str, object]:
    channels = [
        {
            "channel": channel,
            "on": sent.wanted(channel, chosen.choice(sent.kind, channel)),
            "locked": channel in sent.locked,
        }
        for channel in sent.ways
    ]
    return {"kind": sent.kind, "name": TEXTS[sent.kind].name, "channels": channels}


def _hours(sent: Sequence[Sent]) -> Sequence[time]:
    return sorted({hour for each in sent if isinstance(each, Digest) for hour in each.hours})


def _problems(body: PreferencesBody, sent: Sequence[Sent]) -> list[Problem]:
    known = {each.kind: each for each in sent}
    problems = []
    for number, choice in enumerate(body.choices):
        rule, field = known.get(choice.kind), f"choices.{number}"
        if rule is None or choice.channel not in rule.ways:
            problems.append(Problem(field, "preference.unknown", "此类消息没有这种接收方式。"))
        elif choice.channel in rule.locked and not choice.on:
            problems.append(Problem(field, "preference.locked", "此类消息的这种接收方式不能关闭。"))
    allowed = _hours(sent)
    given = body.digest_hours
    hours = {f"{hour:%H:%M}" for hour in allowed}
    if not set(given) <= hours or (hours and not given):
        problems.append(
            Problem("digest_hours", "preference.hours", "请至少选择一个汇总时间，且须在规定的时间之内。")
        )
    return problems
