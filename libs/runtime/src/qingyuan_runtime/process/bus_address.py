"""Where the message bus is and as whom a process speaks to it.

Without a user name it is the local stack's own broker, which answers on this machine alone. Anywhere else brokers know
who asks (SASL over TLS) and let each do what `qingyuan_local.acls` lists, and no more.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiokafka.helpers import create_ssl_context

PLAINTEXT = "PLAINTEXT"


@dataclass(frozen=True)
class BusAddress:
    """A cluster's addresses and, for aiokafka's clients, how to be let in."""

    bootstrap: str
    options: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, bus: "BusAddress | str") -> "BusAddress":
        return cls(bus) if isinstance(bus, str) else bus


def options(
    *, protocol: str, mechanism: str, username: str, password_file: Path | None, ca_file: Path | None
) -> dict[str, Any]:
    """Settings as aiokafka wants them. Raises ValueError for half of an identity: nobody goes on without it unseen."""
    found: dict[str, Any] = {"security_protocol": protocol}
    if protocol.startswith("SASL_"):
        if not username or password_file is None:
            raise ValueError(f"{protocol} needs KAFKA_USERNAME and KAFKA_PASSWORD_FILE")
        found |= {
            "sasl_mechanism": mechanism,
            "sasl_plain_username": username,
            "sasl_plain_password": password_file.read_text().strip(),
        }
    elif username or password_file:
        raise ValueError(f"KAFKA_USERNAME is of no use with {protocol}: set KAFKA_SECURITY_PROTOCOL=SASL_SSL")
    if protocol.endswith("SSL"):
        found["ssl_context"] = create_ssl_context(cafile=str(ca_file) if ca_file else None)
    return found
