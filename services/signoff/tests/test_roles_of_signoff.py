"""Which roles write to a confirmation, over HTTP: the service asks itself, whatever the gateway has let through."""

from dataclasses import replace

import pytest
from confirmation_calls import BODIES, PATH, PEOPLE, Person, ServiceUnderTest, fact_types
from confirmation_samples import SHOWN
from qingyuan_events import ActorKind, ActorRole
from qingyuan_runtime.edge.policy import ROLES_OF

WHO = {"enterprise": "enterprise", "operator": "operator", "regulator": "district"} | {
    "administrator": "administrator"
}
WRITES: dict[str, set[tuple[ActorKind, ActorRole]]] = {
    "opening": {("enterprise", "manager"), ("enterprise", "signatory")},
    "signature": {("enterprise", "manager"), ("enterprise", "signatory")},
    "dispute": {("enterprise", "manager"), ("enterprise", "signatory")},
    "escalation": {("enterprise", "manager"), ("enterprise", "signatory")},
    "answer": {("operator", "manager"), ("operator", "technician")},
    "originals": {
        ("operator", "manager"),
        ("operator", "technician"),
        ("enterprise", "manager"),
        ("enterprise", "signatory"),
    },
}
EVERYBODY = [(kind, role) for kind, roles in ROLES_OF.items() for role in sorted(roles)]


def as_role(people: dict[str, Person], kind: ActorKind, role: ActorRole) -> Person:
    person = people[WHO[kind]]
    return replace(person, actor=person.actor.model_copy(update={"role": role}))


@pytest.mark.parametrize(("kind", "role"), EVERYBODY)
@pytest.mark.parametrize("what", WRITES)
async def test_only_these_roles_write(
    service: ServiceUnderTest, people: dict[str, Person], what: str, kind: ActorKind, role: ActorRole
) -> None:
    person = as_role(people, kind, role)
    answer = await person.post(f"{PATH}/{what}", await body(person, what))
    if (kind, role) in WRITES[what]:
        assert answer.status_code in (202, 409), answer.text
    else:
        assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")
        assert await fact_types(service) == ["confirmation.requested.v1"]


async def body(person: Person, what: str) -> dict[str, object]:
    if what == "signature":
        return await person_of_the_enterprise(person).signature()
    if what == "originals":
        return {"content_sha256": SHOWN, "evidence": person.evidence()}
    return BODIES[what]


def person_of_the_enterprise(person: Person) -> Person:
    """Asks for the statement by right; the tokens stay those of the person's own account."""
    account = person.actor.account
    return replace(person, actor=PEOPLE["enterprise"].model_copy(update={"account": account}))


@pytest.mark.parametrize(("kind", "role"), EVERYBODY)
async def test_the_statement_is_read_by_all_whom_business_concerns(
    people: dict[str, Person], kind: ActorKind, role: ActorRole
) -> None:
    answer = await as_role(people, kind, role).get("/statement")
    assert answer.status_code == (403 if role in ("security", "audit") else 200)
