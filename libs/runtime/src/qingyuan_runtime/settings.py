"""What every process of a service is told from outside. Read once, in the composition root."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Environment variables."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    database_url: str = ""
    migration_database_url: str = ""
    kafka_bootstrap: str = ""
    http_host: str = "127.0.0.1"
    http_port: int = 0
    metrics_port: int = 0
    actor_key_file: Path | None = None
    log_keys_dir: Path | None = None
    log_level: str = "info"
    trace_ratio: float = 0.05
    otel_exporter_otlp_endpoint: str | None = None


class LogSettings(Settings):
    """For a service with a log of its own: which share of its streams this relay publishes."""

    relay_shard: int = 0
    relay_shards: int = 1
