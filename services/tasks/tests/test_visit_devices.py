"""The devices of a visit: named at the signing-out, each once, and part of what is signed."""

import json
from dataclasses import replace
from uuid import UUID

from qingyuan_events.content import canonical
from qingyuan_events.tasks import UsedDevice, VisitSignedOutV2
from qingyuan_runtime.domain.testing import given
from tasks.domain.visits.commands import SignOutVisit
from tasks.domain.visits.decider import VISIT as VISITS
from visit_calls import SIGN_OUT, Phone
from visit_facts import opened, recorded, signed_in
from visit_samples import sign_out

ANALYSER = UsedDevice(name="烟气分析仪 GA-21", serial_number="SN-1", resource_id=UUID(int=7), version=2)
TYPED = UsedDevice(name="皮托管", serial_number="PT-9")


def with_devices(*devices: UsedDevice) -> SignOutVisit:
    return replace(sign_out(), devices=devices)


def named(command: SignOutVisit) -> tuple[UsedDevice, ...] | None:
    fact, *_ = given(VISITS, opened, signed_in, recorded).when(command).facts
    assert isinstance(fact, VisitSignedOutV2)
    return fact.sign_out.devices


def test_the_devices_that_were_used_are_named_each_once() -> None:
    assert named(with_devices(ANALYSER, TYPED, ANALYSER)) == (ANALYSER, TYPED)


def test_two_devices_of_one_serial_number_are_both_kept() -> None:
    other = UsedDevice(name="烟气分析仪 GB-7", serial_number="SN-1", resource_id=UUID(int=8), version=1)
    assert named(with_devices(ANALYSER, other)) == (ANALYSER, other)
    assert named(with_devices(other, ANALYSER)) == (other, ANALYSER)


def test_a_phone_that_names_none_states_none() -> None:
    assert named(sign_out()) is None


def test_what_is_signed_names_the_devices_and_without_them_stays_as_before() -> None:
    def signed(command: SignOutVisit) -> dict[str, object]:
        facts = [opened, signed_in, recorded]
        whole = VISITS.fold([*facts, *VISITS.decide(command, VISITS.fold(facts))])
        out: dict[str, object] = json.loads(canonical(whole.content()))["sign_out"]
        return out

    assert signed(with_devices(ANALYSER))["devices"] == [ANALYSER.model_dump(mode="json")]
    assert "devices" not in signed(sign_out())


def test_the_same_signing_out_again_adds_nothing_and_other_devices_are_refused() -> None:
    facts = [opened, signed_in, recorded]
    facts += VISITS.decide(with_devices(ANALYSER), VISITS.fold(facts))
    given(VISITS, *facts).when(with_devices(ANALYSER, ANALYSER)).then()
    given(VISITS, *facts).when(with_devices(TYPED)).refused("sign-out.second")


SENT = {"name": "烟气分析仪 GA-21", "serial_number": "SN-1", "resource_id": str(UUID(int=7)), "version": 2}


async def test_a_phone_sends_them_with_the_signing_out(phone: Phone) -> None:
    answer = await phone.send("sign-out", sign_out=SIGN_OUT | {"devices": [SENT, TYPED.model_dump()]})
    assert answer.status_code == 202, answer.text
    again = await phone.send("sign-out", sign_out=SIGN_OUT)
    assert (again.status_code, again.json()["code"]) == (409, "sign-out.second")


async def test_a_device_without_its_number_is_refused_at_its_field(phone: Phone) -> None:
    answer = await phone.send("sign-out", sign_out=SIGN_OUT | {"devices": [SENT | {"serial_number": ""}]})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["sign_out.devices.0.serial_number"]
