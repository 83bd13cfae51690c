"""Sessions, passwords, and the names of accounts."""

from typing import Final

from gateway.route import ENTERPRISES, EVERYBODY, OFFICE, OPERATORS, Body, Route

ORGANISATIONS: Final = ENTERPRISES | OPERATORS


def _account(method: str, path: str, body: Body = "none") -> Route:
    return Route(method, f"/api{path}", "accounts", path, EVERYBODY, body)


def _of_office(method: str, path: str, body: Body = "none") -> Route:
    return Route(method, f"/api/admin{path}", "accounts", f"/admin{path}", OFFICE, body)


def _of_organisations(method: str, path: str, body: Body = "none") -> Route:
    return Route(method, f"/api{path}", "accounts", path, ORGANISATIONS, body)


CERTIFICATES: Final[tuple[Route, ...]] = (
    _account("GET", "/certificates"),
    _of_organisations("POST", "/certificates/challenges"),
    _of_organisations("POST", "/certificates", "proof"),
    _account("DELETE", "/certificates/{certificate_id}"),
    _of_organisations("GET", "/organisation/certificate-demand"),
    _of_organisations("POST", "/organisation/certificate-demand", "json"),
    _of_office("GET", "/lost-keys"),
    _of_office("POST", "/lost-keys/{request_id}/review", "json"),
    _of_office("POST", "/lost-keys/{request_id}/decision", "json"),
    _of_office("POST", "/organisations/{organisation_id}/certificate-demand", "json"),
)
ROUTES: Final[tuple[Route, ...]] = (
    Route("POST", "/api/session", "accounts", "/session", None, "small"),
    Route("POST", "/api/session/challenges", "accounts", "/session/challenges", None, "small"),
    Route("POST", "/api/session/certificate", "accounts", "/session/certificate", None, "proof"),
    Route("POST", "/api/session/certificate/trial", "accounts", "/session/certificate/trial", None, "proof"),
    Route("POST", "/api/session/lost-key", "accounts", "/session/lost-key", None, "small"),
    Route("POST", "/api/session/lost-key/password", "accounts", "/session/lost-key/password", None, "small"),
    _account("GET", "/session"),
    _account("DELETE", "/session"),
    _account("DELETE", "/sessions"),
    _account("GET", "/sessions"),
    _account("DELETE", "/sessions/{session_id}"),
    _account("POST", "/password", "json"),
    _account("GET", "/account-labels"),
    Route("POST", "/api/second-factor", "accounts", "/second-factor", ORGANISATIONS, "json"),
    Route("GET", "/api/colleagues", "accounts", "/colleagues", ORGANISATIONS),
    *CERTIFICATES,
)
