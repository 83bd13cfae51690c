"""The one table of what can be reached from outside, and by which kinds of account. All else is 404.

Whose things they are is checked by the service that owns them; this table says who may knock.
"""

from typing import Final

from gateway.route import Route
from gateway.tables import accounts, files, registry, signoff, tasks, views

ROUTES: Final[tuple[Route, ...]] = (
    *accounts.ROUTES,
    *registry.ROUTES,
    *tasks.ROUTES,
    *signoff.ROUTES,
    *files.ROUTES,
    *views.ROUTES,
)
