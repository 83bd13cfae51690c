"""Collects all problems of a command, so that the user sees them at once."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from qingyuan_runtime.domain.decider import Invalid, Problem


def refuse(problems: Iterable[Problem]) -> None:
    """Raise `Invalid` with all problems, if there are any."""
    if found := tuple(problems):
        raise Invalid(found)


def under(prefix: str, problems: Iterable[Problem]) -> Iterator[Problem]:
    """The same problems with the full names of their fields in the command: `code` becomes `particulars.code`."""
    return (replace(problem, field=f"{prefix}.{problem.field}") for problem in problems)
