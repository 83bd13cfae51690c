"""The services as objects, by their names: each is `SERVICE` in the `main` module of its package."""

from importlib import import_module
from typing import Any

from qingyuan_runtime.assembly.service import Service
from qingyuan_runtime.topology import WITH_DATABASE


def service(name: str) -> Service[Any]:
    """Raises ModuleNotFoundError for a service that there is not."""
    found: Service[Any] = import_module(f"{name}.main").SERVICE
    return found


def all_services() -> dict[str, Service[Any]]:
    """All that stand behind the gateway."""
    return {name: service(name) for name in WITH_DATABASE}
