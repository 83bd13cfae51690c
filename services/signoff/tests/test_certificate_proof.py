"""A signature whose second factor was a certificate: the fact keeps what it takes to verify it without us."""

import json
import shutil
from pathlib import Path

import pytest
from certificate_proofs import openssl_agrees, proof_over
from confirmation_calls import KEY, PATH, Person, ServiceUnderTest, fact_types
from confirmation_samples import SHOWN, ZHOU
from qingyuan_events import encode
from qingyuan_events.parts import CertificateProof, Factor
from qingyuan_events.signoff import ConfirmationSignedV2
from qingyuan_runtime.tokens import second_factor
from signature_corpus import Kind


async def stored(service: ServiceUnderTest, answer: dict[str, str]) -> ConfirmationSignedV2:
    fact = (await service.store.read(answer["stream"]))[-1].fact
    assert isinstance(fact, ConfirmationSignedV2)
    return fact


@pytest.mark.parametrize("kind", ["sm2", "rsa"])
async def test_the_fact_keeps_the_whole_proof(service: ServiceUnderTest, zhou: Person, kind: Kind) -> None:
    proof = proof_over(SHOWN, kind=kind)
    answer = await zhou.post(f"{PATH}/signature", await zhou.signature(proof=proof))
    assert answer.status_code == 202, answer.text
    fact = await stored(service, answer.json())
    assert (fact.second_factor, fact.certificate, fact.by) == ("certificate", proof, ZHOU)


@pytest.mark.parametrize("kind", ["sm2", "rsa"])
@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not here")
async def test_openssl_alone_verifies_what_is_in_the_log(
    service: ServiceUnderTest, zhou: Person, kind: Kind, tmp_path: Path
) -> None:
    answer = await zhou.post(f"{PATH}/signature", await zhou.signature(proof=proof_over(SHOWN, kind=kind)))
    fact = json.loads(encode(await stored(service, answer.json())))
    assert f"内容 {fact['content_sha256']}" in fact["certificate"]["text"].splitlines()
    assert openssl_agrees(fact["certificate"], tmp_path)
    changed = fact["certificate"] | {"text": fact["certificate"]["text"].replace(SHOWN, "b" * 64)}
    assert not openssl_agrees(changed, tmp_path)


async def test_with_a_password_there_is_no_proof(service: ServiceUnderTest, zhou: Person) -> None:
    answer = await zhou.post(f"{PATH}/signature", await zhou.signature())
    fact = await stored(service, answer.json())
    assert (fact.second_factor, fact.certificate) == ("password", None)


@pytest.mark.parametrize(
    ("factor", "proof"), [("certificate", None), ("password", proof_over(SHOWN)), ("fingerprint", None)]
)
async def test_a_factor_that_does_not_go_with_its_proof_signs_nothing(
    service: ServiceUnderTest, zhou: Person, factor: Factor, proof: CertificateProof | None
) -> None:
    given = second_factor.issue(ZHOU, [SHOWN], KEY, service.now, factor=factor, certificate=proof)
    body = await zhou.signature() | {"second_factor": given.token}
    answer = await zhou.post(f"{PATH}/signature", body)
    assert (answer.status_code, answer.json()["code"]) == (403, "second-factor.wrong")
    assert await fact_types(service) == ["confirmation.requested.v1"]


async def test_a_proof_for_another_content_signs_nothing_here(
    service: ServiceUnderTest, zhou: Person
) -> None:
    other = "b" * 64
    body = await zhou.signature(over=other, proof=proof_over(other))
    answer = await zhou.post(f"{PATH}/signature", body)
    assert (answer.status_code, answer.json()["code"]) == (403, "second-factor.wrong")
    assert await fact_types(service) == ["confirmation.requested.v1"]
