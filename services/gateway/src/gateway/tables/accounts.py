"""Sessions, passwords, and the names of accounts."""

from typing import Final

from gateway.route import ENTERPRISES, EVERYBODY, OPERATORS, Body, Route

ORGANISATIONS: Final = ENTERPRISES | OPERATORS


def _account(method: str, path: str, body: Body = "none") -> Route:
    return Route(method, f"/api{path}", "accounts", path, EVERYBODY, body)


def _always(method: str, path: str, body: Body = "none") -> Route:
    """What a restricted session needs to do what it must, or to end."""
    return Route(method, f"/api{path}", "accounts", path, EVERYBODY, body, while_restricted=True)


ROUTES: Final[tuple[Route, ...]] = (
    Route("POST", "/api/session", "accounts", "/session", None, "small"),
    Route("POST", "/api/session/challenges", "accounts", "/session/challenges", None, "small"),
    Route("POST", "/api/session/certificate", "accounts", "/session/certificate", None, "proof"),
    Route("POST", "/api/session/step", "accounts", "/session/step", None, "proof"),
    _always("GET", "/session"),
    _always("DELETE", "/session"),
    _account("DELETE", "/sessions"),
    _account("GET", "/sessions"),
    _account("DELETE", "/sessions/{session_id}"),
    _always("POST", "/password", "json"),
    _always("GET", "/password-policy"),
    _always("GET", "/factors"),
    _always("POST", "/factors/recovery", "json"),
    _always("POST", "/factors/totp", "json"),
    _always("POST", "/factors/totp/confirmation", "json"),
    _always("POST", "/factors/totp/removal", "json"),
    _always("POST", "/factors/webauthn/challenges", "json"),
    _always("POST", "/factors/webauthn", "json"),
    _always("POST", "/factors/webauthn/{key_id}/removal", "json"),
    _account("GET", "/account-labels"),
    Route("POST", "/api/second-factor", "accounts", "/second-factor", ORGANISATIONS, "json"),
    Route(
        "POST",
        "/api/second-factor/challenges",
        "accounts",
        "/second-factor/challenges",
        ORGANISATIONS,
        "json",
    ),
    Route("GET", "/api/colleagues", "accounts", "/colleagues", ORGANISATIONS),
)
