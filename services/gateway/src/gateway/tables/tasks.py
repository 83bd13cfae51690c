"""Contracts, plans and visits."""

from typing import Final

from gateway.route import Route

ROUTES: Final[tuple[Route, ...]] = ()
