"""A part of a visit that is refused field by field."""

from collections.abc import Iterable

from qingyuan_runtime.domain.decider import Invalid, Problem


class Unfit(Invalid):
    """Refused under a code of its own; every wrong field is named (HTTP 422)."""

    def __init__(self, code: str, problems: Iterable[Problem]) -> None:
        super().__init__(problems)
        self.code = code
