"""Every topic: who owns it, who writes and reads it, and how long Kafka keeps it.

The event store keeps facts for ever; a rebuild reads from there. Partitions are never added to a
keyed topic: that would break the order of a stream.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    name: str
    owner: str
    producers: tuple[str, ...]
    consumers: tuple[str, ...]
    partitions: int
    retention_days: int
    description: str


TOPICS: tuple[Topic, ...] = (
    Topic(
        name="qingyuan.registry",
        owner="registry",
        producers=("registry relay",),
        consumers=("views register", "registry auditor"),
        partitions=6,
        retention_days=90,
        description="Enterprises, outlets, monitoring points and instruments: who has what, since when.",
    ),
)
