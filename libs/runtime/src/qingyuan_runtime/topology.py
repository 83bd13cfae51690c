"""The one list of the system's services, with their roles and the logs they follow.

Read by the local stack, the command line, the gateway, the OpenAPI document, the import contracts and the tests. It
imports none of our packages, so that a supervisor can read it without loading the services.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

Issuer = Literal["gateway", "accounts", "files", "views", "messages"]
"""The services that sign tokens for others."""


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """One service; `name` is also the name of its package.

    `works`: its roles beside the API, each run as `python -m <name> <role>`. `followers`: the names of its read models,
    reactions and timers, as `qingyuan rebuild` takes them. `follows`: the services whose logs it reads, each with the
    variable that holds the log's address. `has_log`: it owns an event log and a topic, so it also has a relay and an auditor.
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
        works=("project places", "project filed", "worker"),
        followers=("places", "filed", "reminders"),
        follows={"registry": "SOURCE_DATABASE_URL", "filing": "FILING_DATABASE_URL"},
        has_log=True,
    ),
    ServiceEntry(
        "filing",
        works=("project business", "worker", "locks", "erasures"),
        followers=("business", "papers"),
        follows={"tasks": "TASKS_DATABASE_URL"},
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
        "reports",
        works=("project installed", "project contracted", "worker"),
        followers=("installed", "contracted", "checks"),
        follows={"registry": "SOURCE_DATABASE_URL", "tasks": "TASKS_DATABASE_URL"},
        has_log=True,
    ),
    ServiceEntry(
        "files",
        works=(
            "project references_tasks",
            "project references_signoff",
            "project references_filing",
            "project references_reports",
        ),
        followers=("references_tasks", "references_signoff", "references_filing", "references_reports"),
        follows={
            "tasks": "TASKS_DATABASE_URL",
            "signoff": "SIGNOFF_DATABASE_URL",
            "filing": "FILING_DATABASE_URL",
            "reports": "REPORTS_DATABASE_URL",
        },
    ),
    ServiceEntry(
        "views",
        works=(
            "project register",
            "project work",
            "project confirmations",
            "project filings",
            "project reports",
        ),
        followers=("register", "work", "confirmations", "filings", "reports"),
        follows={
            "registry": "SOURCE_DATABASE_URL",
            "tasks": "TASKS_DATABASE_URL",
            "signoff": "SIGNOFF_DATABASE_URL",
            "filing": "FILING_DATABASE_URL",
            "reports": "REPORTS_DATABASE_URL",
        },
    ),
    ServiceEntry(
        "messages",
        works=(
            "project notices_tasks",
            "project notices_signoff",
            "project notices_filing",
            "project notices_registry",
            "project notices_reports",
            "sender",
        ),
        followers=(
            "notices_tasks",
            "notices_signoff",
            "notices_filing",
            "notices_registry",
            "notices_reports",
        ),
        follows={
            "registry": "SOURCE_DATABASE_URL",
            "tasks": "TASKS_DATABASE_URL",
            "signoff": "SIGNOFF_DATABASE_URL",
            "filing": "FILING_DATABASE_URL",
            "reports": "REPORTS_DATABASE_URL",
        },
    ),
    ServiceEntry("gateway", has_database=False),
)

NAMES: Final = tuple(entry.name for entry in SERVICES)
WITH_DATABASE: Final = tuple(entry.name for entry in SERVICES if entry.has_database)
"""The services that are migrated, and to which the gateway forwards requests."""
WITH_LOG: Final = tuple(entry.name for entry in SERVICES if entry.has_log)
ISSUERS: Final[tuple[Issuer, ...]] = get_args(Issuer)
FOLLOWERS: Final = {name: entry.name for entry in SERVICES for name in entry.followers}
"""The service of each follower. The names of followers are unique in the whole system."""


def entry_of(name: str) -> ServiceEntry:
    """Raises KeyError for an unknown service."""
    return {entry.name: entry for entry in SERVICES}[name]
