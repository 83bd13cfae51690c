"""A record that was signed with a certificate: the desk, the printed record and the public check tell of it."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pypdf
import pytest
from certificate_proofs import openssl_agrees, proof_over
from qingyuan_events.parts import CertificateProof
from qingyuan_local.testing import DatabaseServer
from read_models import make_model
from test_printing import FONTS, HAVE_FONT, jpeg
from views.main import build_app
from views.printing.http import Printing
from views.printing.pictures import MemoryPictures
from views.printing.press import Press
from views.shared.people import MemoryPeople
from working_day import working_day
from working_day_browser import KEY, NOW, SIGNER, Browser, browser_of, nothing
from working_day_facts import HASH, ConfirmationFacts, VisitFacts, sheet

pytestmark = pytest.mark.servers


@dataclass(frozen=True)
class Record:
    browser: Browser
    visit: UUID
    confirmation: UUID
    content: str
    proof: CertificateProof

    async def asks(self, path: str) -> dict[str, Any]:
        answer = await self.browser.get(path, SIGNER)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture(scope="module")
async def record(postgres_server: DatabaseServer) -> AsyncIterator[Record]:
    sample = working_day()
    visit = VisitFacts(sample, "with a certificate").whole(sheet("certified patrol"))
    content = visit.content_so_far()["content_sha256"]
    proof = proof_over(content)
    confirmation = ConfirmationFacts(visit)
    confirmation.signs(proof=proof)
    model = await make_model(postgres_server)
    await model.apply(sample.recorded)
    pictures = MemoryPictures({HASH: (jpeg("#c66"), SIGNER)})
    printing = Printing(Press(FONTS), pictures, MemoryPeople({}), "https://q.example")
    app = build_app(
        model.reader, trusted=KEY, ready=nothing, people=printing.people, printing=printing, clock=lambda: NOW
    )
    async with browser_of(app) as browser:
        yield Record(browser, visit.id, confirmation.id, content, proof)
    await model.close()


async def test_the_desk_is_told_the_factor_and_the_proof(record: Record) -> None:
    asked = await record.asks(f"/confirmations/{record.confirmation}")
    visit = await record.asks(f"/visits/{record.visit}")
    for signature in (asked["signature"], visit["confirmation"]["signature"]):
        assert signature["second_factor"] == "certificate"
        assert signature["certificate"] == record.proof.model_dump(mode="json", exclude_none=True)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not here")
async def test_what_the_desk_is_told_is_verified_by_openssl_alone(record: Record, tmp_path: Path) -> None:
    signature = (await record.asks(f"/visits/{record.visit}"))["confirmation"]["signature"]
    proof = signature["certificate"]
    assert f"内容 {record.content}" in proof["text"].splitlines()
    assert signature["content_sha256"] == record.content
    assert openssl_agrees(proof, tmp_path)
    assert not openssl_agrees(proof | {"text": f"{proof['text']} "}, tmp_path)


@HAVE_FONT
@pytest.mark.slow
async def test_the_printed_record_names_the_certificate(record: Record) -> None:
    answer = await record.browser.get(f"/visits/{record.visit}.pdf", SIGNER)
    assert answer.status_code == 200, answer.text
    pages = pypdf.PdfReader(BytesIO(answer.content)).pages
    text = "".join(page.extract_text() for page in pages).replace("\n", "").replace(" ", "")
    proof = record.proof
    for said in (
        "二次验证数字证书（法人一证通）",
        f"证书编号{proof.serial}",
        f"发证机构{proof.issuer}",
        record.content,
    ):
        assert said in text, said


async def test_the_public_check_names_the_certificate_only_where_the_paper_matches(record: Record) -> None:
    told = {"second_factor": "certificate", "certificate_serial": record.proof.serial} | {
        "certificate_issuer": record.proof.issuer
    }
    right = (await record.browser.http.get(f"/checks/{record.confirmation}?sha256={record.content}")).json()
    wrong = (await record.browser.http.get(f"/checks/{record.confirmation}?sha256={'0' * 64}")).json()
    assert {name: right[name] for name in told} == told
    assert right["matches"]
    assert {name: wrong[name] for name in told} == dict.fromkeys(told)
    assert "certificate" not in right, "the paper does not carry the proof itself"
