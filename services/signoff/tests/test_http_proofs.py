"""The proofs of a signature or dispute over HTTP: the second factor of accounts, and the evidence of files."""

import asyncio
from datetime import timedelta

import pytest
from confirmation_calls import BODIES, PATH, Person, ServiceUnderTest, fact_types
from confirmation_samples import (
    PHOTO,
)


async def test_a_second_factor_for_another_content_or_account_signs_nothing(
    service: ServiceUnderTest, people: dict[str, Person]
) -> None:
    zhou = people["enterprise"]
    for body in (
        await zhou.signature(over="b" * 64),
        await people["another enterprise"].signature(),
        await zhou.signature() | {"second_factor": "x"},
    ):
        answer = await zhou.post(f"{PATH}/signature", body)
        assert (answer.status_code, answer.json()["code"]) == (403, "second-factor.wrong")
    body = await zhou.signature()
    service.now += timedelta(minutes=5)
    answer = await zhou.post(f"{PATH}/signature", body)
    assert (answer.status_code, answer.json()["code"]) == (403, "second-factor.expired")
    assert await fact_types(service) == ["confirmation.requested.v1"]


async def test_a_retried_signature_gets_the_first_answer_also_when_the_second_factor_has_expired(
    service: ServiceUnderTest, zhou: Person
) -> None:
    body = await zhou.signature()
    first = await zhou.post(f"{PATH}/signature", body, key="signed-in-a-cellar")
    service.now += timedelta(hours=2)
    again = await zhou.post(f"{PATH}/signature", body, key="signed-in-a-cellar")
    assert (first.status_code, first.json()) == (202, again.json())
    other = await zhou.post(f"{PATH}/signature", await zhou.signature())
    assert (other.status_code, other.json()["code"]) == (409, "confirmation.signed")


async def test_a_second_factor_signs_once_also_with_another_command(
    service: ServiceUnderTest, zhou: Person
) -> None:
    body = await zhou.signature()
    both = await asyncio.gather(
        *(zhou.post(f"{PATH}/signature", body, key=key) for key in ("on-one-screen", "on-another"))
    )
    assert sorted(answer.status_code for answer in both) == [202, 409]
    third = await zhou.post(f"{PATH}/signature", body)
    assert (third.status_code, third.json()["code"]) == (409, "confirmation.signed")
    assert (await fact_types(service)).count("confirmation.signed.v2") == 1


async def test_while_files_are_missing_nothing_is_signed(service: ServiceUnderTest, zhou: Person) -> None:
    answer = await zhou.post(f"{PATH}/signature", await zhou.signature(missing=2))
    assert (answer.status_code, answer.json()["code"], answer.json()["missing"]) == (
        409,
        "evidence.incomplete",
        2,
    )
    assert "2 个文件" in answer.json()["title"]
    assert answer.headers["content-type"] == "application/problem+json"
    body = await zhou.signature() | {"evidence": zhou.evidence(content="b" * 64)}
    answer = await zhou.post(f"{PATH}/signature", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "evidence.behind")
    assert await fact_types(service) == ["confirmation.requested.v1"]
    assert (await zhou.post(f"{PATH}/signature", await zhou.signature())).status_code == 202


async def test_nothing_is_signed_without_valid_evidence_of_the_files_service(
    service: ServiceUnderTest, people: dict[str, Person]
) -> None:
    zhou, body = people["enterprise"], await people["enterprise"].signature()
    without = {name: value for name, value in body.items() if name != "evidence"}
    answer = await zhou.post(f"{PATH}/signature", without)
    assert [error["field"] for error in answer.json()["errors"]] == ["evidence"]
    for wrong in (people["another enterprise"].evidence(), body["second_factor"], "x"):
        answer = await zhou.post(f"{PATH}/signature", body | {"evidence": wrong})
        assert (answer.status_code, answer.json()["code"]) == (409, "evidence.wrong")
    assert await fact_types(service) == ["confirmation.requested.v1"]


@pytest.mark.parametrize("seen", [None, frozenset[str]()])
async def test_a_photo_that_is_not_stored_is_named(zhou: Person, seen: frozenset[str] | None) -> None:
    body = BODIES["dispute"] | {"photos": [PHOTO.model_dump(mode="json")]}
    token = {} if seen is None else {"evidence": zhou.evidence(stored=seen)}
    answer = await zhou.post(f"{PATH}/dispute", body | token)
    assert (answer.status_code, answer.json()["code"]) == (422, "command.invalid")
    assert [(error["field"], error["rule"]) for error in answer.json()["errors"]] == [("photos.0", "stored")]


async def test_a_retried_dispute_gets_the_first_answer_also_when_the_evidence_has_expired(
    service: ServiceUnderTest, zhou: Person
) -> None:
    body = BODIES["dispute"] | {"photos": [PHOTO.model_dump(mode="json")], "evidence": zhou.evidence()}
    first = await zhou.post(f"{PATH}/dispute", body, key="lost-on-the-way")
    service.now += timedelta(hours=2)
    again = await zhou.post(f"{PATH}/dispute", body, key="lost-on-the-way")
    assert (first.status_code, again.status_code, first.json()) == (202, 202, again.json())
    other = await zhou.post(f"{PATH}/dispute", body)
    assert (other.status_code, other.json()["code"]) == (409, "evidence.expired")
