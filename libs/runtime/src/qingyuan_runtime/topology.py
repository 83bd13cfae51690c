"""Which services make the system, and how they hang together. The one list of them: whoever names a service reads it here.

Read by the local stack, the command line, the gateway, the OpenAPI document, the import contracts and the tests. It
imports nothing of ours, so that a supervisor can read it without loading the services.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

Issuer = Literal["gateway", "accounts", "files", "views"]
"""Who signs tokens for the other services."""


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """One service, whose package has its name.

    `works` are its processes beside the API, each `python -m <name> <work>`. `followers` are what it keeps by following a
    topic, by the names that `qingyuan rebuild` takes. `follows` names the logs it may read, each with the variable that
    says where. `has_log`: it owns an event log and a topic, and so has a relay and an auditor, too.
    """

    name: str
    works: tuple[str, ...] = ()
    followers: tuple[str, ...] = ()
    follows: Mapping[str, str] = field(default_factory=dict)
    has_log: bool = False
    has_database: bool = True

    @property
    def processes(self) -> tuple[str, ...]:
        """Its roles, in the order in which they are started."""
        return ("api", "relay", *self.works, "auditor") if self.has_log else ("api", *self.works)


SERVICES: Final[tuple[ServiceEntry, ...]] = (
    ServiceEntry("accounts", works=("sweeper",)),
    ServiceEntry("registry", works=("worker", "erasures"), has_log=True),
    ServiceEntry(
        "tasks",
        works=("project places", "worker"),
        followers=("places", "reminders"),
        follows={"registry": "SOURCE_DATABASE_URL"},
        has_log=True,
    ),
    ServiceEntry(
        "signoff",
        works=("worker",),
        followers=("reaction", "deadlines"),
        follows={"tasks": "TASKS_DATABASE_URL"},
        has_log=True,
    ),
    ServiceEntry(
        "files",
        works=("project references_tasks", "project references_signoff"),
        followers=("references_tasks", "references_signoff"),
        follows={"tasks": "TASKS_DATABASE_URL", "signoff": "SIGNOFF_DATABASE_URL"},
    ),
    ServiceEntry(
        "views",
        works=("project register", "project work", "project confirmations"),
        followers=("register", "work", "confirmations"),
        follows={
            "registry": "SOURCE_DATABASE_URL",
            "tasks": "TASKS_DATABASE_URL",
            "signoff": "SIGNOFF_DATABASE_URL",
        },
    ),
    ServiceEntry("gateway", has_database=False),
)

NAMES: Final = tuple(entry.name for entry in SERVICES)
WITH_DATABASE: Final = tuple(entry.name for entry in SERVICES if entry.has_database)
"""What is migrated, and what the gateway leads to."""
WITH_LOG: Final = tuple(entry.name for entry in SERVICES if entry.has_log)
ISSUERS: Final[tuple[Issuer, ...]] = get_args(Issuer)
FOLLOWERS: Final = {name: entry.name for entry in SERVICES for name in entry.followers}
"""The service of each follower; their names differ over the whole system."""


def entry_of(name: str) -> ServiceEntry:
    """Raises KeyError for a service that there is not."""
    return {entry.name: entry for entry in SERVICES}[name]
