"""Shared by tests of reactions: a topic in memory, and the service that reacts to it."""

from dataclasses import dataclass, field

from counting import meta
from echoing import Between, Echoing, nothing
from qingyuan_events import event_id
from qingyuan_runtime.bus.memory import MemoryPublisher, MemoryReader, MemoryTopic
from qingyuan_runtime.bus.port import Reader
from qingyuan_runtime.reacting.reactions import ReactionRunner
from sample_messages import message

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@dataclass
class Reacting:
    """A topic in memory, and the service that reacts to it."""

    echoing: Echoing
    topic: MemoryTopic = field(default_factory=lambda: MemoryTopic(1))

    async def reader(self) -> Reader:
        return MemoryReader(self.topic)

    def runner(self, between: Between = nothing, **options: float) -> ReactionRunner:
        return self.echoing.runner("t", self.reader, between, **options)

    async def publish(self, *keys: tuple[str, int]) -> None:
        await MemoryPublisher(self.topic).publish(
            [message(stream, version, about=meta(TRACE)) for stream, version in keys]
        )

    async def catch_up(self, between: Between = nothing) -> None:
        await self.runner(between).catch_up({0: len(self.topic.logs[0])})


def echo_of(stream: str, facts: int) -> list[str]:
    """Two commands for every fact, in the order of the facts."""
    return [str(event_id(stream, version)) for version in range(1, facts + 1) for _ in range(2)]
