"""The service objects by name. Each is `SERVICE` in the `main` module of its package."""

from importlib import import_module
from typing import Any

from qingyuan_runtime.assembly.service import Service
from qingyuan_runtime.topology import WITH_DATABASE


def service(name: str) -> Service[Any]:
    """Raises ModuleNotFoundError for an unknown service."""
    service_object: Service[Any] = import_module(f"{name}.main").SERVICE
    return service_object


def all_services() -> dict[str, Service[Any]]:
    """All services behind the gateway."""
    return {name: service(name) for name in WITH_DATABASE}
