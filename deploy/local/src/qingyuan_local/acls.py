"""The rights of each service at brokers that authenticate their clients; `python -m qingyuan_local.acls` prints them.

They are derived from the list of topics, so a new topic has its rules at once. Each service is a user of its own name. It
may read the topics it follows and write to the topic it owns. Only administrators create or change topics.
"""

import sys
from dataclasses import dataclass
from typing import Literal

from qingyuan_events import TOPICS

Operation = Literal["Read", "Write", "Describe"]


@dataclass(frozen=True, order=True, slots=True)
class Acl:
    user: str
    operation: Operation
    topic: str

    def __str__(self) -> str:
        """As arguments of Kafka's `kafka-acls.sh`."""
        return f"--add --allow-principal User:{self.user} --operation {self.operation} --topic {self.topic}"


def acls() -> list[Acl]:
    """Everything that is allowed. Brokers refuse all else."""
    allowed = set()
    for topic in TOPICS:
        for role in topic.consumers:
            allowed |= {Acl(_service(role), "Read", topic.name), Acl(_service(role), "Describe", topic.name)}
        for role in topic.producers:
            allowed |= {Acl(_service(role), "Write", topic.name), Acl(_service(role), "Describe", topic.name)}
    return sorted(allowed)


def _service(role: str) -> str:
    """Consumers and producers are named `<service> <role>`."""
    return role.partition(" ")[0]


if __name__ == "__main__":
    sys.stdout.write("".join(f"{acl}\n" for acl in acls()))
