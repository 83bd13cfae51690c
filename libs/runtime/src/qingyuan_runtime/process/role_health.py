"""The health of the roles of this process, as shown by /readyz, the metric `qingyuan_role_degraded` and `qingyuan status`.

There is one `ROLE_HEALTH` per process, as with metrics. Code that waits for a server or fails reports it there under the
name of the role it runs in.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from qingyuan_runtime.process import metrics
from qingyuan_runtime.process.clock import now

OK = "ok"


@dataclass(frozen=True, slots=True)
class Trouble:
    reason: str
    since: datetime

    def __str__(self) -> str:
        return f"{self.reason} (since {self.since:%Y-%m-%dT%H:%M:%SZ})"


class RoleHealth:
    """Roles by name. A degraded role stays so, with the time at which that began, until it is reported as recovered.

    `of` distinguishes kinds of trouble: a restart ends the failing of a role, but not its waiting for a server.
    """

    def __init__(self) -> None:
        self._troubles: dict[tuple[str, str], Trouble] = {}

    def recovered(self, role: str, *, of: str = "waiting") -> None:
        self._troubles.pop((role, of), None)
        metrics.role_degraded.labels(role).set(role in self.troubles)

    def degraded(self, role: str, reason: str, *, of: str = "waiting") -> None:
        known = self._troubles.get((role, of))
        self._troubles[role, of] = Trouble(reason, known.since if known else now())
        metrics.role_degraded.labels(role).set(1)

    def forget(self, role: str) -> None:
        """The role has ended as intended."""
        for known, kind in list(self._troubles):
            if known == role:
                self.recovered(role, of=kind)

    @property
    def troubles(self) -> dict[str, Trouble]:
        """The oldest trouble of each degraded role."""
        newest_first = sorted(self._troubles.items(), key=lambda entry: entry[1].since, reverse=True)
        return {role: trouble for (role, _), trouble in newest_first}

    def __str__(self) -> str:
        """`ok`, or `degraded: <role>: <reason>; …`, as /readyz shows it."""
        reasons = "; ".join(f"{role}: {trouble}" for role, trouble in sorted(self.troubles.items()))
        return f"degraded: {reasons}" if reasons else OK


ROLE_HEALTH = RoleHealth()

_role: ContextVar[str] = ContextVar("role", default="")


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    """Inside, and in tasks started inside, `current_role` returns this role."""
    token = _role.set(role)
    try:
        yield
    finally:
        _role.reset(token)


def current_role(otherwise: str = "work") -> str:
    return _role.get() or otherwise


def reason_of(error: BaseException, *, with_words: bool) -> str:
    """An error for operators to read. Use `with_words` only for errors of servers: other messages may quote user content."""
    words = " ".join(str(error).split())[:200] if with_words else ""
    return f"{type(error).__name__}: {words}" if words else type(error).__name__
