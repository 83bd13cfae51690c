"""What the system said yes to, and everything else that its clients heard: the record a check begins from."""

from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """One command that was answered 202: by whom, under which key, and where its facts are said to stand."""

    service: str
    command_id: UUID
    stream: str
    version: int
    at: float


@dataclass
class Record:
    """`heard` counts every answer by its meaning; `surprises` are answers that no client should ever get."""

    commands: list[Acknowledged] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    heard: Counter[str] = field(default_factory=Counter)
    surprises: list[str] = field(default_factory=list)
    sessions_may_end: bool = False
    """A clock that jumps ends sessions; then a person logs in again. Else no 401 may be heard."""
    last: dict[str, float] = field(default_factory=dict)
    """When each kind of person was last told yes."""

    def yes(self, kind: str, command: Acknowledged) -> None:
        self.commands.append(command)
        self.heard["acknowledged"] += 1
        self.last[kind] = command.at

    def no(self, status: int, retry_after: str | None, text: str) -> None:
        """503 and 429 say when to come again; anything else while servers are away is a surprise."""
        self.heard[str(status)] += 1
        if status in (503, 429) and retry_after:
            return
        self.surprises.append(f"{status}: {text[:200]}")

    def cut_off(self) -> None:
        """The connection ended without an answer: the client asks again under the same key."""
        self.heard["no answer"] += 1
