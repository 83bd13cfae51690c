"""Sessions, passwords, and the names of accounts."""

from typing import Final

from gateway.route import ENTERPRISES, EVERYBODY, OPERATORS, Body, Route

ORGANISATIONS: Final = ENTERPRISES | OPERATORS


def _account(method: str, path: str, body: Body = "none") -> Route:
    return Route(method, f"/api{path}", "accounts", path, EVERYBODY, body)


ROUTES: Final[tuple[Route, ...]] = (
    Route("POST", "/api/session", "accounts", "/session", None, "small"),
    Route("POST", "/api/session/challenges", "accounts", "/session/challenges", None, "small"),
    Route("POST", "/api/session/certificate", "accounts", "/session/certificate", None, "proof"),
    _account("GET", "/session"),
    _account("DELETE", "/session"),
    _account("DELETE", "/sessions"),
    _account("GET", "/sessions"),
    _account("DELETE", "/sessions/{session_id}"),
    _account("POST", "/password", "json"),
    _account("GET", "/contact"),
    _account("PUT", "/contact", "json"),
    _account("GET", "/account-labels"),
    Route("POST", "/api/second-factor", "accounts", "/second-factor", ORGANISATIONS, "json"),
    Route("GET", "/api/colleagues", "accounts", "/colleagues", ORGANISATIONS),
)
