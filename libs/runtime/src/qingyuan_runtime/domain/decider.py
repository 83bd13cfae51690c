"""The pure heart of a service: how one aggregate decides and how its state follows from its facts.

Only the standard library is imported here, so a domain module that uses it stays pure.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

C = TypeVar("C")
S = TypeVar("S")
F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: field (dotted path, empty for the whole), rule, and a Chinese sentence."""

    field: str
    rule: str
    sentence: str


class Refused(Exception):
    """The business says no. `code` is stable and for machines, `sentence` is Chinese and for people."""

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
    """The command itself is malformed by a rule of the domain: every wrong field is named (HTTP 422)."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__("command.invalid", "填写的内容有误，请按提示修改。", problems=problems)


class Missing(Refused):
    """What the command speaks of does not exist, or not for this actor (HTTP 404)."""

    def __init__(self, noun: str) -> None:
        super().__init__(f"{noun}.missing", "没有找到要操作的对象，或您无权查看。")


@dataclass(frozen=True, slots=True)
class Claim:
    """A value that may be used once and never again, for example an outlet's code within its enterprise."""

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
    """An aggregate as functions. All are pure; time, ids and looked-up facts come inside the command.

    `decide` returns the new facts (maybe none) or raises `Refused`. `parent` names the stream a first
    fact hangs from: a closed parent takes no child, and a stream with open children cannot close.
    """

    noun: str
    initial: S
    decide: Callable[[C, S], tuple[F, ...]]
    evolve: Callable[[S, F], S]
    claims: Callable[[F], tuple[Claim, ...]] = field(default=_no_claims)
    parent: Callable[[F], str | None] = field(default=_no_parent)
    closes: Callable[[F], bool] = field(default=_never)

    def stream(self, key: object) -> str:
        return f"{self.noun}-{key}"

    def fold(self, facts: Iterable[F], state: S | None = None) -> S:
        state = self.initial if state is None else state
        for fact in facts:
            state = self.evolve(state, fact)
        return state
