"""Every topic: its owner, its producers and consumers, and how long Kafka keeps its messages.

The event store keeps facts for ever, and rebuilds read from there. Partitions must not be added to a topic, since that
would break the order of facts within a stream.
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
        consumers=(
            "views register",
            "tasks places",
            "reports installed",
            "messages notices_registry",
            "registry auditor",
        ),
        partitions=6,
        retention_days=90,
        description="Enterprises, outlets, monitoring points and instruments: who has what, since when.",
    ),
    Topic(
        name="qingyuan.tasks",
        owner="tasks",
        producers=("tasks relay",),
        consumers=(
            "views work",
            "signoff reactions",
            "files references",
            "filing business",
            "reports contracted",
            "tasks reminders",
            "messages notices_tasks",
            "tasks auditor",
        ),
        partitions=6,
        retention_days=90,
        description="Contracts, plans, and the visits that carry them out: what was done on site, and how it is known.",
    ),
    Topic(
        name="qingyuan.signoff",
        owner="signoff",
        producers=("signoff relay",),
        consumers=(
            "views confirmations",
            "signoff deadlines",
            "files references",
            "messages notices_signoff",
            "signoff auditor",
        ),
        partitions=6,
        retention_days=90,
        description="What enterprises were asked to confirm, and whether they signed, disputed or let it lapse.",
    ),
    Topic(
        name="qingyuan.filing",
        owner="filing",
        producers=("filing relay",),
        consumers=(
            "views filings",
            "files references",
            "tasks filed",
            "filing papers",
            "messages notices_filing",
            "filing auditor",
        ),
        partitions=6,
        retention_days=90,
        description="What operators file: their basics, people, devices, vehicles and spare parts, and how it was reviewed.",
    ),
    Topic(
        name="qingyuan.reports",
        owner="reports",
        producers=("reports relay",),
        consumers=(
            "views reports",
            "reports checks",
            "files references",
            "messages notices_reports",
            "reports auditor",
        ),
        partitions=6,
        retention_days=90,
        description="Comparison and verification reports: what was handed in, how it was judged, and exemptions from rules.",
    ),
)
