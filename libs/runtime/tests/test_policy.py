"""Who may do what: by kind of account, by whose thing it is, and by district."""

from uuid import UUID

import pytest
from qingyuan_events import Actor, ActorKind
from qingyuan_runtime.domain.decider import Missing
from qingyuan_runtime.edge.policy import (
    EVERY_KIND,
    WHOLE_CITY,
    Policy,
    kinds,
    require_district,
    require_own,
    roles,
)
from qingyuan_runtime.edge.problems import Forbidden

OWN = UUID(int=1)
OTHER = UUID(int=2)
POLICY = Policy(actions={"sign": kinds("enterprise"), "read": EVERY_KIND})


def actor(kind: ActorKind, organisation: UUID | None = None, district: str | None = None) -> Actor:
    return Actor(account=UUID(int=9), kind=kind, organisation=organisation, district=district)


def test_a_kind_that_the_table_names_may() -> None:
    POLICY.require("sign", actor("enterprise"))
    for kind in EVERY_KIND:
        POLICY.require("read", actor(kind))


@pytest.mark.parametrize("kind", sorted(EVERY_KIND - {"enterprise"}))
def test_any_other_kind_may_not(kind: ActorKind) -> None:
    with pytest.raises(Forbidden):
        POLICY.require("sign", actor(kind))


def test_an_action_that_is_not_in_the_table_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        POLICY.require("sing", actor("enterprise"))


def test_an_organisation_sees_its_own() -> None:
    require_own(actor("enterprise", OWN), noun="visit", enterprise_id=OWN, operator_id=OTHER)
    require_own(actor("operator", OWN), noun="visit", enterprise_id=OTHER, operator_id=OWN)


@pytest.mark.parametrize("organisation", [OTHER, None])
@pytest.mark.parametrize("kind", ["enterprise", "operator"])
def test_what_is_not_its_own_does_not_exist_for_an_organisation(
    kind: ActorKind, organisation: UUID | None
) -> None:
    with pytest.raises(Missing) as missing:
        require_own(actor(kind, organisation), noun="visit", enterprise_id=OWN, operator_id=OWN)
    assert missing.value.code == "visit.missing"


@pytest.mark.parametrize("organisation", [OWN, None])
def test_what_has_no_operator_is_no_operators_own(organisation: UUID | None) -> None:
    with pytest.raises(Missing):
        require_own(actor("operator", organisation), noun="outlet", enterprise_id=OWN)


def test_offices_are_not_bound_to_an_organisation() -> None:
    require_own(actor("regulator", district="310118"), noun="outlet", enterprise_id=OWN)
    require_own(actor("administrator"), noun="outlet", enterprise_id=OWN)


def test_a_regulator_sees_its_district_and_the_city_all() -> None:
    require_district(actor("regulator", district="310118"), noun="enterprise", district="310118")
    require_district(actor("regulator", district=WHOLE_CITY), noun="enterprise", district="310118")
    require_district(actor("administrator"), noun="enterprise", district="310118")


@pytest.mark.parametrize("district", ["310115", None])
def test_another_district_does_not_exist_for_a_regulator(district: str | None) -> None:
    with pytest.raises(Missing) as missing:
        require_district(actor("regulator", district=district), noun="enterprise", district="310118")
    assert missing.value.code == "enterprise.missing"


def test_an_action_for_some_roles_is_for_them_alone_and_for_actors_of_before_there_were_roles() -> None:
    policy = Policy(actions={"review": kinds("regulator")}, roles={"review": roles("reviewer")})
    reviewer = Actor(account=UUID(int=9), kind="regulator", role="reviewer")
    policy.require("review", reviewer)
    policy.require("review", reviewer.model_copy(update={"role": None}))
    with pytest.raises(Forbidden) as refused:
        policy.require("review", reviewer.model_copy(update={"role": "reader"}))
    assert refused.value.code == "role.other"
