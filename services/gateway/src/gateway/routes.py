"""The one table of what can be reached from outside, and by which kinds of account. All else is 404.

Each service has a module of its name in `tables`. Whose things they are is checked by the service that owns them; this
table says who may knock.
"""

from importlib import import_module
from typing import Final

from qingyuan_runtime.topology import WITH_DATABASE

from gateway.route import Route


def _table(service: str) -> tuple[Route, ...]:
    found: tuple[Route, ...] = import_module(f"gateway.tables.{service}").ROUTES
    return found


ROUTES: Final[tuple[Route, ...]] = tuple(route for service in WITH_DATABASE for route in _table(service))
