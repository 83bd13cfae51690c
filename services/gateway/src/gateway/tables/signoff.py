"""What an enterprise signs or disputes."""

from typing import Final

from gateway.route import Route

ROUTES: Final[tuple[Route, ...]] = ()
