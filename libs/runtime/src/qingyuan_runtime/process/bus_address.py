"""The address of the message bus, and the user as whom a process connects to it.

Without a user name it is the local stack's own broker, which is reachable from this machine only. Elsewhere brokers
authenticate each process (SASL over TLS) and permit what `qingyuan_local.acls` lists.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiokafka.helpers import create_ssl_context

PLAINTEXT = "PLAINTEXT"


@dataclass(frozen=True)
class BusAddress:
    """A cluster's addresses, and the options with which aiokafka's clients authenticate."""

    bootstrap: str
    options: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, bus: "BusAddress | str") -> "BusAddress":
        return cls(bus) if isinstance(bus, str) else bus


def options(
    *, protocol: str, mechanism: str, username: str, password_file: Path | None, ca_file: Path | None
) -> dict[str, Any]:
    """Options for aiokafka. Raises ValueError for incomplete credentials, instead of connecting without them."""
    options: dict[str, Any] = {"security_protocol": protocol}
    if protocol.startswith("SASL_"):
        if not username or password_file is None:
            raise ValueError(f"{protocol} needs KAFKA_USERNAME and KAFKA_PASSWORD_FILE")
        options |= {
            "sasl_mechanism": mechanism,
            "sasl_plain_username": username,
            "sasl_plain_password": password_file.read_text().strip(),
        }
    elif username or password_file:
        raise ValueError(f"KAFKA_USERNAME is of no use with {protocol}: set KAFKA_SECURITY_PROTOCOL=SASL_SSL")
    if protocol.endswith("SSL"):
        options["ssl_context"] = create_ssl_context(cafile=str(ca_file) if ca_file else None)
    return options
