"""The settings of a service's processes, from environment variables. Read once, in the composition root."""

from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic_settings import BaseSettings, SettingsConfigDict

from qingyuan_runtime.process.bus_address import BusAddress, options


class Settings(BaseSettings):
    """For every service."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    database_url: str = ""
    migration_database_url: str = ""
    kafka_bootstrap: str = ""
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "SCRAM-SHA-512"
    kafka_username: str = ""
    kafka_password_file: Path | None = None
    kafka_ca_file: Path | None = None
    http_host: str = "127.0.0.1"
    http_port: int = 0
    metrics_port: int = 0
    signing_keys_dir: Path | None = None
    """The private keys of this service, if it issues tokens (gateway, accounts, files, views)."""
    trusted_keys_dir: Path | None = None
    """The public keys of all issuers, in a folder for each."""
    log_keys_dir: Path | None = None
    log_level: str = "info"
    trace_ratio: float = 0.05
    otel_exporter_otlp_endpoint: str | None = None

    @cached_property
    def bus(self) -> BusAddress:
        """The address of Kafka and the credentials for it. Raises ValueError where the credentials are incomplete."""
        credentials = options(
            protocol=self.kafka_security_protocol,
            mechanism=self.kafka_sasl_mechanism,
            username=self.kafka_username,
            password_file=self.kafka_password_file,
            ca_file=self.kafka_ca_file,
        )
        return BusAddress(self.kafka_bootstrap, credentials)


class LogSettings(Settings):
    """For a service with a log of its own. Relay `relay_shard` of `relay_shards` publishes that share of the streams."""

    relay_shard: int = 0
    relay_shards: int = 1
    relay_horizon_alarm_seconds: float = 30.0
