"""Given these facts, when this command, then those facts – or a refusal. For tests of deciders."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from qingyuan_runtime.domain.decider import Decider, Refused

C = TypeVar("C")
S = TypeVar("S")
F = TypeVar("F")


@dataclass(frozen=True)
class Given(Generic[C, S, F]):
    """Facts recorded so far; continue with `when`."""

    decider: Decider[C, S, F]
    facts: Sequence[F]

    def when(self, command: C) -> "When[F]":
        state = self.decider.fold(self.facts)
        try:
            return When(self.decider.decide(command, state), None)
        except Refused as refused:
            return When((), refused)


@dataclass(frozen=True)
class When(Generic[F]):
    """The outcome of the command; continue with the expected one."""

    facts: tuple[F, ...]
    refusal: Refused | None

    def then(self, *expected: F) -> None:
        assert self.refusal is None, (
            f"refused: {self.refusal} {self.refusal.problems if self.refusal else ''}"
        )
        assert self.facts == expected

    def refused(self, code: str, *fields: str) -> None:
        """Assert that it was refused with this code, and with problems for exactly these fields."""
        assert self.refusal is not None, f"not refused: {self.facts}"
        assert self.refusal.code == code
        assert {problem.field for problem in self.refusal.problems} == set(fields)


def given(decider: Decider[C, S, F], *facts: F) -> Given[C, S, F]:
    return Given(decider, facts)
