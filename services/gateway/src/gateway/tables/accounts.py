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
    Route("POST", "/api/session/wechat/beginning", "accounts", "/session/wechat/beginning", None, "small"),
    Route("POST", "/api/session/wechat", "accounts", "/session/wechat", None, "small"),
    Route("POST", "/api/session/wechat/choice", "accounts", "/session/wechat/choice", None, "small"),
    Route(
        "POST",
        "/api/wechat/binding/beginning",
        "accounts",
        "/wechat/binding/beginning",
        ORGANISATIONS,
        "json",
    ),
    Route("POST", "/api/wechat/binding/arrival", "accounts", "/wechat/binding/arrival", None, "small"),
    Route(
        "POST",
        "/api/wechat/binding/confirmation",
        "accounts",
        "/wechat/binding/confirmation",
        ORGANISATIONS,
        "json",
    ),
    Route("GET", "/api/wechat/bindings", "accounts", "/wechat/bindings", ORGANISATIONS),
    Route(
        "DELETE",
        "/api/wechat/bindings/{binding_id}",
        "accounts",
        "/wechat/bindings/{binding_id}",
        ORGANISATIONS,
    ),
    Route("POST", "/api/wechat/js-signature", "accounts", "/wechat/js-signature", ORGANISATIONS, "json"),
    Route("GET", "/api/wechat/push", "accounts", "/wechat/push", None),
    Route("POST", "/api/wechat/push", "accounts", "/wechat/push", None, "proof", foreign=True),
    _account("GET", "/session"),
    _account("DELETE", "/session"),
    _account("DELETE", "/sessions"),
    _account("GET", "/sessions"),
    _account("DELETE", "/sessions/{session_id}"),
    _account("POST", "/password", "json"),
    _account("GET", "/account-labels"),
    Route("POST", "/api/second-factor", "accounts", "/second-factor", ORGANISATIONS, "json"),
    Route("GET", "/api/colleagues", "accounts", "/colleagues", ORGANISATIONS),
)
