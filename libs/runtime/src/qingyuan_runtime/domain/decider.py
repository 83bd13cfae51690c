"""The pure core of a service: how an aggregate decides on commands, and how its state follows from its facts.

Only the standard library is imported here, so that a domain module that uses it stays pure.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

C = TypeVar("C")
S = TypeVar("S")
F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a command: its field (dotted path, empty for the whole), the rule, and a Chinese sentence."""

    field: str
    rule: str
    sentence: str


class Refused(Exception):
    """The command is not allowed by a rule of the domain. `code` is stable, for programs; `sentence` is Chinese, for users."""

    def __init__(
        self,
        code: str,
        sentence: str,
        *,
        problems: Iterable[Problem] = (),
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code
        self.sentence = sentence
        self.problems = tuple(problems)
        self.details = dict(details or {})


class Invalid(Refused):
    """Fields of the command break rules of the domain; every wrong field is named (HTTP 422)."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__("command.invalid", "填写的内容有误，请按提示修改。", problems=problems)


class Missing(Refused):
    """The object of the command does not exist, or this actor may not know that it does (HTTP 404)."""

    def __init__(self, noun: str) -> None:
        super().__init__(f"{noun}.missing", "没有找到要操作的对象，或您无权查看。")


@dataclass(frozen=True, slots=True)
class Claim:
    """A value that may be used once, for example an outlet's code within its enterprise, until its holder releases it."""

    kind: str
    value: str


def _no_claims(_fact: Any) -> tuple[Claim, ...]:
    return ()


def _no_parent(_fact: Any) -> str | None:
    return None


def _never(_fact: Any) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Decider(Generic[C, S, F]):
    """An aggregate as pure functions. Time, ids and data looked up elsewhere are part of the command.

    `decide` returns the new facts (perhaps none) or raises `Refused`. `claims` are unique values that a fact takes.
    `parent` names the parent stream in the first fact of a stream: a closed parent accepts no children, and a stream with
    open children cannot be closed. `closes`: whether a fact closes its stream. `voids`: whether a fact says that what the
    stream is about was registered by mistake: that closes the stream, too, and releases all that it has claimed.
    `releases`: whether a fact gives back all that was claimed before it: a person has left, and takes the certificate along.
    """

    noun: str
    initial: S
    decide: Callable[[C, S], tuple[F, ...]]
    evolve: Callable[[S, F], S]
    claims: Callable[[F], tuple[Claim, ...]] = field(default=_no_claims)
    parent: Callable[[F], str | None] = field(default=_no_parent)
    closes: Callable[[F], bool] = field(default=_never)
    voids: Callable[[F], bool] = field(default=_never)
    releases: Callable[[F], bool] = field(default=_never)

    def stream(self, key: object) -> str:
        return f"{self.noun}-{key}"

    def fold(self, facts: Iterable[F], state: S | None = None) -> S:
        state = self.initial if state is None else state
        for fact in facts:
            state = self.evolve(state, fact)
        return state
