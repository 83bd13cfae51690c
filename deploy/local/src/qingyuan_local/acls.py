"""What each service may do at a broker that asks who it is: `python -m qingyuan_local.acls` prints it.

Follows from the list of topics, so a new topic has its rules at once. A service is a user of its own name; it reads the
topics it follows, and its relay alone writes to the topic it owns. Nobody but an administrator makes or changes topics.
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
        """As arguments of Kafka's own `kafka-acls.sh`."""
        return f"--add --allow-principal User:{self.user} --operation {self.operation} --topic {self.topic}"


def acls() -> list[Acl]:
    """Everything that is allowed; what is not here is refused."""
    found = set()
    for topic in TOPICS:
        for role in topic.consumers:
            found |= {Acl(_service(role), "Read", topic.name), Acl(_service(role), "Describe", topic.name)}
        for role in topic.producers:
            found |= {Acl(_service(role), "Write", topic.name), Acl(_service(role), "Describe", topic.name)}
    return sorted(found)


def _service(role: str) -> str:
    """Roles are called `<service> <what>`."""
    return role.partition(" ")[0]


if __name__ == "__main__":
    sys.stdout.write("".join(f"{acl}\n" for acl in acls()))
