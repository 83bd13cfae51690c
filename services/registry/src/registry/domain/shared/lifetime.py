"""The lifetime that every register entry has: not registered, in use since a day, ended on a day."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar

from qingyuan_runtime.domain.decider import Refused

P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Lifetime(Generic[P]):
    """What is known now of one entry. `particulars` is None before it is registered."""

    particulars: P | None = None
    valid_from: date = date.min
    last_change: date = date.min
    valid_to: date | None = None

    def begun(self, particulars: P, valid_from: date) -> "Lifetime[P]":
        return replace(self, particulars=particulars, valid_from=valid_from, last_change=valid_from)

    def corrected(self, particulars: P, since: date) -> "Lifetime[P]":
        return replace(self, particulars=particulars, last_change=max(self.last_change, since))

    def ended(self, day: date) -> "Lifetime[P]":
        return replace(self, valid_to=day)

    def in_use(self, noun: str) -> P:
        """The particulars of an entry in use. Raises `Refused` when it does not exist or has ended."""
        if self.particulars is None:
            raise Refused(f"{noun}.missing", "没有找到要操作的对象，或您无权查看。")
        if self.valid_to is not None:
            raise Refused(f"{noun}.ended", "该对象已停用，不能再修改。")
        return self.particulars


def refuse_second(noun: str, state: Lifetime[P]) -> None:
    if state.particulars is not None:
        raise Refused(f"{noun}.exists", "该对象已登记，不能重复登记。")


def refuse_unchanged(was: object, now: object) -> None:
    if was == now:
        raise Refused("correction.empty", "没有任何改动，无需提交。")
