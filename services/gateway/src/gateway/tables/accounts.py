"""Sessions, passwords, and the names of accounts."""

from typing import Final

from qingyuan_events import ActorRole

from gateway.route import (
    AT_WORK,
    ENTERPRISES,
    EVERY_ROLE,
    EVERYBODY,
    MANAGERS,
    OFFICE,
    OPERATORS,
    SYSTEM,
    Body,
    Route,
)

ORGANISATIONS: Final = ENTERPRISES | OPERATORS
AUDIT: Final[frozenset[ActorRole]] = frozenset({"audit"})
SECURITY: Final[frozenset[ActorRole]] = frozenset({"security"})


def _account(method: str, path: str, body: Body = "none") -> Route:
    """What is everybody's own."""
    return Route(method, f"/api{path}", "accounts", path, EVERYBODY, body, roles=EVERY_ROLE)


def _organisation(method: str, path: str, body: Body = "none") -> Route:
    upstream = f"/organisation{path}"
    return Route(method, f"/api{upstream}", "accounts", upstream, ORGANISATIONS, body, roles=MANAGERS)


def _admin(method: str, path: str, body: Body = "none") -> Route:
    return Route(method, f"/api/admin{path}", "accounts", f"/admin{path}", OFFICE, body, roles=SYSTEM)


def _audit(method: str, path: str, body: Body = "none") -> Route:
    return Route(method, f"/api{path}", "accounts", path, OFFICE, body, roles=AUDIT)


def _security(method: str, path: str, body: Body = "none") -> Route:
    return Route(method, f"/api/security{path}", "accounts", f"/security{path}", OFFICE, body, roles=SECURITY)


def _of_two_administrators(method: str, path: str, *roles: ActorRole, body: Body = "none") -> Route:
    return Route(
        method, f"/api/admin{path}", "accounts", f"/admin{path}", OFFICE, body, roles=frozenset(roles)
    )


def _of_organisations(method: str, path: str, body: Body = "none") -> Route:
    return Route(method, f"/api{path}", "accounts", path, ORGANISATIONS, body)


def _at_work(path: str) -> Route:
    return Route("POST", f"/api{path}", "accounts", path, ORGANISATIONS, "json", roles=AT_WORK)


CERTIFICATES: Final[tuple[Route, ...]] = (
    _account("GET", "/certificates"),
    _of_organisations("POST", "/certificates/challenges"),
    _of_organisations("POST", "/certificates", "json"),
    _account("DELETE", "/certificates/{certificate_id}"),
    _organisation("GET", "/certificate-demand"),
    _organisation("POST", "/certificate-demand", "json"),
    _of_two_administrators("GET", "/lost-keys", "system", "security"),
    _of_two_administrators("GET", "/lost-keys/{request_id}/contact", "system", "security"),
    _of_two_administrators("POST", "/lost-keys/{request_id}/review", "system", body="json"),
    _of_two_administrators("POST", "/lost-keys/{request_id}/decision", "security", body="json"),
    _of_two_administrators(
        "POST", "/organisations/{organisation_id}/certificate-demand", "security", body="json"
    ),
)


def _always(method: str, path: str, body: Body = "none") -> Route:
    """What a restricted session needs to do what it must, or to end."""
    return Route(
        method,
        f"/api{path}",
        "accounts",
        path,
        EVERYBODY,
        body,
        roles=EVERY_ROLE,
        while_restricted=True,
    )


ROUTES: Final[tuple[Route, ...]] = (
    Route("POST", "/api/session", "accounts", "/session", None, "small"),
    Route("POST", "/api/session/challenges", "accounts", "/session/challenges", None, "small"),
    Route("POST", "/api/session/certificate", "accounts", "/session/certificate", None, "proof"),
    Route("GET", "/api/session/left", "accounts", "/session/left", None),
    Route("POST", "/api/session/certificate/trial", "accounts", "/session/certificate/trial", None, "proof"),
    Route("POST", "/api/session/lost-key", "accounts", "/session/lost-key", None, "small"),
    Route("POST", "/api/session/lost-key/password", "accounts", "/session/lost-key/password", None, "small"),
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
    Route("POST", "/api/session/step", "accounts", "/session/step", None, "proof"),
    _always("GET", "/session"),
    _always("DELETE", "/session"),
    _account("DELETE", "/sessions"),
    _account("GET", "/sessions"),
    _account("DELETE", "/sessions/others"),
    _account("DELETE", "/sessions/{session_id}"),
    _always("POST", "/password", "json"),
    _always("POST", "/password/first", "json"),
    _always("GET", "/password-policy"),
    _always("GET", "/factors"),
    _always("POST", "/factors/identity/challenges"),
    _always("POST", "/factors/recovery", "json"),
    _always("POST", "/factors/totp", "json"),
    _always("POST", "/factors/totp/confirmation", "json"),
    _always("POST", "/factors/totp/removal", "json"),
    _always("POST", "/factors/webauthn/challenges", "json"),
    _always("POST", "/factors/webauthn", "json"),
    _always("POST", "/factors/webauthn/{key_id}/removal", "json"),
    _account("GET", "/contact"),
    _account("PUT", "/contact", "json"),
    Route("GET", "/api/account-labels", "accounts", "/account-labels", EVERYBODY),
    _at_work("/second-factor"),
    _at_work("/second-factor/challenges"),
    Route("GET", "/api/colleagues", "accounts", "/colleagues", ORGANISATIONS),
    Route("POST", "/api/invitations/check", "accounts", "/invitations/check", None, "small"),
    Route("POST", "/api/invitations/acceptance", "accounts", "/invitations/acceptance", None, "small"),
    _organisation("GET", "/accounts"),
    _organisation("POST", "/accounts", "json"),
    _organisation("PUT", "/accounts/{account_id}/label", "json"),
    _organisation("PUT", "/accounts/{account_id}/role", "json"),
    _organisation("PUT", "/accounts/{account_id}/person", "json"),
    _organisation("PUT", "/accounts/{account_id}/lock", "json"),
    _organisation("POST", "/accounts/{account_id}/password"),
    _organisation("POST", "/accounts/{account_id}/factors/reset"),
    _organisation("DELETE", "/accounts/{account_id}/sessions"),
    _organisation("POST", "/handover", "json"),
    _organisation("GET", "/invitations"),
    _organisation("POST", "/invitations", "json"),
    _organisation("DELETE", "/invitations/{invitation_id}"),
    _admin("GET", "/organisations"),
    _admin("GET", "/accounts"),
    _admin("POST", "/accounts", "json"),
    _admin("PUT", "/accounts/{account_id}/lock", "json"),
    _admin("POST", "/accounts/{account_id}/password"),
    _admin("POST", "/accounts/{account_id}/factors/reset"),
    _audit("GET", "/security-log"),
    _audit("GET", "/security-log.csv"),
    _audit("GET", "/security-log/words"),
    _security("GET", "/locks"),
    _security("POST", "/locks/release", "json"),
    _security("GET", "/sessions"),
    _security("DELETE", "/sessions/{session_id}"),
    _security("DELETE", "/accounts/{account_id}/sessions"),
    _security("POST", "/accounts/{account_id}/lock"),
    _security("POST", "/accounts/{account_id}/unlock"),
    _security("GET", "/policy"),
    _security("GET", "/roots"),
    _security("GET", "/certificate-demands"),
    *CERTIFICATES,
)
