"""The one table of all routes that can be reached from outside, with the kinds and roles of accounts that may use them.

Each service has a module of its name in `tables`. The table decides by the kind and the role of an account only; whether an account may
see or change a particular object is checked by the service.
"""

from importlib import import_module
from typing import Final

from qingyuan_runtime.topology import WITH_DATABASE

from gateway.route import Route


def _table(service: str) -> tuple[Route, ...]:
    routes: tuple[Route, ...] = import_module(f"gateway.tables.{service}").ROUTES
    return routes


ROUTES: Final[tuple[Route, ...]] = tuple(route for service in WITH_DATABASE for route in _table(service))
