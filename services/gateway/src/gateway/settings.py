"""The gateway's settings in addition to those of all services."""

import os
from pathlib import Path

from pydantic import Field
from qingyuan_runtime.process.settings import Settings
from qingyuan_runtime.topology import WITH_DATABASE


def addresses() -> dict[str, str]:
    """The address of each service in the topology: `ACCOUNTS_URL`, `REGISTRY_URL` and so on."""
    return {name: os.environ.get(f"{name.upper()}_URL", "") for name in WITH_DATABASE}


class GatewaySettings(Settings):
    upstreams: dict[str, str] = Field(default_factory=addresses)
    web_dist: Path | None = None
    cookie_secure: bool = True
    session_cache_seconds: float = 5.0
    json_bytes_max: int = 256 * 1024
    upload_bytes_max: int = 10 * 1024 * 1024
    chunk_bytes_max: int = 1024 * 1024
    upstream_timeout_seconds: float = 30.0
    trusted_proxies: str = ""
    """Networks (`10.0.0.0/8, ::1`) of proxies whose `X-Forwarded-For` is trusted. None by default."""
    public_url: str = ""
    allowed_hosts: str = ""
    """Hosts (`qingyuan.example, localhost:8080`) that challenges may name, beside that of `public_url`. Where neither is set: any."""
    connections_max: int = 2_000
    head_seconds: float = 15.0
    body_seconds: float = 20.0
    body_bytes_per_second: float = 500.0
