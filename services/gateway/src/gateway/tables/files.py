"""Uploads by tus, and what was uploaded."""

from typing import Final

from gateway.route import Route

ROUTES: Final[tuple[Route, ...]] = ()
