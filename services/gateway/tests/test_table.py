"""What the table of routes says about roles, from the table alone."""

from uuid import UUID

import pytest
from gateway.route import ROLES_OF, Route
from gateway.routes import ROUTES
from qingyuan_events import Actor, ActorKind, ActorRole

OWN = frozenset(
    {
        "GET /api/session",
        "DELETE /api/session",
        "DELETE /api/sessions",
        "GET /api/sessions",
        "DELETE /api/sessions/others",
        "DELETE /api/sessions/{session_id}",
        "POST /api/password",
        "GET /api/password-policy",
        "GET /api/factors",
        "POST /api/factors/recovery",
        "POST /api/factors/totp",
        "POST /api/factors/totp/confirmation",
        "POST /api/factors/totp/removal",
        "POST /api/factors/identity/challenges",
        "POST /api/password/first",
        "POST /api/factors/webauthn/challenges",
        "POST /api/factors/webauthn",
        "POST /api/factors/webauthn/{key_id}/removal",
        "GET /api/certificates",
        "DELETE /api/certificates/{certificate_id}",
        "GET /api/contact",
        "PUT /api/contact",
        "GET /api/messages",
        "GET /api/messages/count",
        "POST /api/messages/read",
        "GET /api/messages/stream",
        "GET /api/messages/preferences",
        "PUT /api/messages/preferences",
    }
)
"""What is everybody's own, administrators included: log-in and second steps."""
OWN_OF_ORGANISATIONS = frozenset(
    {
        "POST /api/certificates/challenges",
        "POST /api/certificates",
        "POST /api/wechat/binding/beginning",
        "POST /api/wechat/binding/confirmation",
        "GET /api/wechat/bindings",
        "DELETE /api/wechat/bindings/{binding_id}",
        "POST /api/wechat/js-signature",
    }
)
"""What those of an organisation have of their own beside it: whoever works there may bind a certificate or WeChat."""
SECURITY_AND_SYSTEM = frozenset({"GET /api/admin/lost-keys", "GET /api/admin/lost-keys/{request_id}/contact"})
"""A lost key is reviewed by one and decided by the other: both read the requests."""
OF_SECURITY: frozenset[str] = frozenset(
    {
        "GET /api/security/locks",
        "POST /api/security/locks/release",
        "GET /api/security/sessions",
        "DELETE /api/security/sessions/{session_id}",
        "DELETE /api/security/accounts/{account_id}/sessions",
        "POST /api/security/accounts/{account_id}/lock",
        "POST /api/security/accounts/{account_id}/unlock",
        "GET /api/security/policy",
        "GET /api/security/roots",
        "GET /api/security/certificate-demands",
        "POST /api/admin/lost-keys/{request_id}/decision",
        "POST /api/admin/organisations/{organisation_id}/certificate-demand",
    }
)
OF_AUDIT: frozenset[str] = frozenset(
    {"GET /api/security-log", "GET /api/security-log.csv", "GET /api/security-log/words"}
)
WHILE_RESTRICTED = frozenset(
    path
    for path in OWN
    if path.partition(" ")[2].startswith(("/api/session", "/api/password", "/api/factors"))
    and "/api/sessions" not in path
)
READING = frozenset({"GET", "HEAD", "OPTIONS"})


def name(route: Route) -> str:
    return f"{route.method} {route.path}"


def reached(kind: ActorKind, role: ActorRole | None) -> set[str]:
    """What the table lets somebody with an account reach, beyond what is open to everybody."""
    actor = Actor(account=UUID(int=1), kind=kind, role=role)
    return {name(route) for route in ROUTES if route.who is not None and route.allows(actor)}


def test_security_and_audit_reach_what_is_theirs_and_nothing_of_anybody_else() -> None:
    assert reached("administrator", "security") == OWN | OF_SECURITY | SECURITY_AND_SYSTEM
    assert reached("administrator", "audit") == OWN | OF_AUDIT


def test_the_system_administrator_reaches_nothing_that_is_of_security_or_audit() -> None:
    assert not reached("administrator", "system") & (OF_SECURITY | OF_AUDIT)
    assert any(
        path.partition(" ")[2].startswith("/api/admin/") for path in reached("administrator", "system")
    )


@pytest.mark.parametrize(
    ("kind", "role"), [("regulator", "reader"), ("operator", "quality_officer"), ("administrator", "audit")]
)
def test_who_only_reads_writes_nothing_but_what_is_their_own(kind: ActorKind, role: ActorRole) -> None:
    written = {path for path in reached(kind, role) if path.partition(" ")[0] not in READING}
    assert written <= (OWN | OWN_OF_ORGANISATIONS if kind == "operator" else OWN)


def test_everybody_reaches_what_is_everybodys_own() -> None:
    for kind, roles in ROLES_OF.items():
        for role in roles:
            assert reached(kind, role) >= OWN
            if kind in ("enterprise", "operator"):
                assert reached(kind, role) >= OWN_OF_ORGANISATIONS


def test_offices_and_regulators_bind_neither_wechat_nor_certificate() -> None:
    for kind in ("regulator", "administrator"):
        for role in ROLES_OF[kind]:
            assert not reached(kind, role) & OWN_OF_ORGANISATIONS


def test_only_who_works_for_an_organisation_gives_the_second_factor_of_a_signature() -> None:
    gives = {
        (kind, role)
        for kind, roles in ROLES_OF.items()
        for role in roles
        if any("/api/second-factor" in path for path in reached(kind, role))
    }
    assert gives == {
        ("enterprise", "manager"),
        ("enterprise", "signatory"),
        ("operator", "manager"),
        ("operator", "technician"),
    }


def test_a_restricted_session_does_what_it_must_and_nothing_else() -> None:
    """And what is open to strangers, which no session is asked for."""
    assert {name(route) for route in ROUTES if route.while_restricted} == WHILE_RESTRICTED


@pytest.mark.parametrize(("kind", "first"), [("regulator", "reviewer"), ("operator", "manager")])
def test_who_only_reads_reads_what_others_of_the_kind_read(kind: ActorKind, first: ActorRole) -> None:
    """Except uploads, which are read to go on with them, templates, which are filled in, and what a manager administers."""
    reader = next(role for role in ("reader", "quality_officer") if role in ROLES_OF[kind])
    missing = {path for path in reached(kind, first) - reached(kind, reader) if path.startswith("GET ")}
    assert all(path.startswith(("GET /api/files/uploads", "GET /api/organisation/")) for path in missing)


def test_a_signatory_changes_no_register_and_manages_no_accounts() -> None:
    written = {path for path in reached("enterprise", "signatory") if path.partition(" ")[0] not in READING}
    assert not {
        path for path in written if path.partition(" ")[2].startswith(("/api/registry", "/api/organisation"))
    }
    assert "POST /api/signoff/confirmations/{confirmation_id}/signature" in written


def test_a_signatory_neither_agrees_to_a_contract_nor_ends_one() -> None:
    answers = {
        f"POST /api/tasks/contracts/{{contract_id}}/{what}" for what in ("confirmation", "refusal", "ending")
    }
    assert answers <= reached("enterprise", "manager")
    assert not answers & reached("enterprise", "signatory")


def test_an_administrator_without_a_role_reaches_nothing() -> None:
    assert reached("administrator", None) == set()


@pytest.mark.parametrize("route", [route for route in ROUTES if route.roles is not None], ids=name)
def test_each_role_of_a_route_is_one_of_its_kinds(route: Route) -> None:
    assert route.roles is not None
    assert route.who is not None
    for kind in route.who:
        assert route.roles & ROLES_OF[kind], f"no role of {kind}"


def test_only_managers_reach_the_accounts_of_their_organisation_and_only_system_those_of_all() -> None:
    for kind, roles in ROLES_OF.items():
        for role in roles:
            paths = {path.partition(" ")[2] for path in reached(kind, role)}
            assert any(p.startswith("/api/organisation/") for p in paths) == (role == "manager")
            admin = {path for path in reached(kind, role) if path.partition(" ")[2].startswith("/api/admin/")}
            if role == "security":
                assert admin <= OF_SECURITY | SECURITY_AND_SYSTEM
            else:
                assert bool(admin) == (role == "system")
