"""The demo's key and its signing service: what the server verifies, who may ask, and when the key is locked."""

import base64
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
from accounts.certificates.trust import TrustFiles
from accounts.settings import AccountsSettings
from aiohttp.test_utils import TestClient, TestServer
from qingyuan_certificates.refusals import CertificateRefused
from qingyuan_certificates.verifying import verify_bare
from qingyuan_cli.app import app
from qingyuan_cli.token.command import DEFAULT_NAME, DEFAULT_USCC
from qingyuan_cli.token.key import ANOTHER, DEMO_PIN, Condition, NotACode, Wish, insert
from qingyuan_cli.token.protocol import PORTS, SigningDesk
from qingyuan_cli.token.serving import build
from qingyuan_local.demo_authority import DemoAuthority, Kind
from qingyuan_local.setup import checkout
from qingyuan_local.state import State
from qingyuan_runtime.process.clock import now
from qingyuan_standards.uscc import is_uscc
from typer.testing import CliRunner

ORIGIN = "http://127.0.0.1:8080"
WISH = Wish(DEFAULT_NAME, DEFAULT_USCC)
TEXT = "清源登录\n随机数 x\n"


@pytest.fixture
def state(tmp_path: Path) -> State:
    state = State.open(tmp_path / "state")
    DemoAuthority(state).make()
    return state


def service(state: State, wish: Wish = WISH, pin: str | None = DEMO_PIN) -> "TestClient[Any, Any]":
    async def ask(origin: str, text: str) -> str | None:
        return pin

    return TestClient(TestServer(build(SigningDesk(insert(state, wish), ask), [ORIGIN])))


@pytest.fixture
async def good(state: State) -> AsyncIterator["TestClient[Any, Any]"]:
    async with service(state) as client:
        yield client


async def asks(client: "TestClient[Any, Any]", **request: object) -> dict[str, Any]:
    answer = await client.post("/", json={"id": 7, **request}, headers={"Origin": ORIGIN})
    assert answer.status == 200
    found: dict[str, Any] = await answer.json()
    assert found["id"] == 7
    return found


async def signs(client: "TestClient[Any, Any]", text: str = TEXT) -> dict[str, Any]:
    shown = (await asks(client, method="certificates"))["result"]["certificates"][0]
    return await asks(client, method="sign", key=shown["key"], text=text)


def verified(state: State, result: dict[str, str], text: str = TEXT) -> str:
    settings = AccountsSettings(certificate_trust_dir=DemoAuthority(state).trust, certificate_demo_roots=True)
    signature = base64.b64decode(result["signature"])
    trust = TrustFiles(settings).trust()
    return verify_bare(result["certificate"], signature, text.encode(), trust, now()).subject.uscc


def test_the_page_tries_the_ports_of_the_service_and_of_the_policy() -> None:
    page = (checkout() / "web" / "src" / "certificates" / "token.ts").read_text()
    assert f"PORTS = [{', '.join(map(str, PORTS))}]" in page


def test_the_codes_of_the_demo_have_their_check_characters() -> None:
    assert is_uscc(DEFAULT_USCC)
    assert is_uscc(ANOTHER[1])


@pytest.mark.parametrize("kind", ["sm2", "rsa"])
async def test_what_it_signs_the_server_believes(state: State, kind: Kind) -> None:
    async with service(state, replace(WISH, kind=kind)) as client:
        result = (await signs(client))["result"]
    assert verified(state, result) == DEFAULT_USCC
    with pytest.raises(CertificateRefused):
        verified(state, result, TEXT + "!")


async def test_the_same_over_a_websocket(state: State, good: "TestClient[Any, Any]") -> None:
    async with good.ws_connect("/", headers={"Origin": ORIGIN}) as channel:
        await channel.send_json({"id": 1, "method": "certificates"})
        shown = (await channel.receive_json())["result"]["certificates"][0]
        await channel.send_json({"id": 2, "method": "sign", "key": shown["key"], "text": TEXT})
        answer = await channel.receive_json()
    assert answer["id"] == 2
    assert verified(state, answer["result"]) == DEFAULT_USCC


async def test_the_key_stays_the_same_when_it_is_inserted_again(state: State) -> None:
    first, again = insert(state, WISH), insert(state, WISH)
    other = insert(state, replace(WISH, number=2))
    assert first
    assert again
    assert other
    assert first.certificate.der == again.certificate.der != other.certificate.der


@pytest.mark.parametrize("origin", [None, "http://127.0.0.1:8081", "https://evil.example", "null"])
async def test_a_page_of_another_origin_gets_nothing(
    good: "TestClient[Any, Any]", origin: str | None
) -> None:
    headers = {"Origin": origin} if origin else {}
    asked = await good.post("/", json={"method": "certificates"}, headers=headers)
    assert (asked.status, "Access-Control-Allow-Origin" in asked.headers) == (403, False)
    assert (await good.get("/", headers=headers | {"Upgrade": "websocket"})).status == 403
    assert (await good.options("/", headers=headers)).status == 403


async def test_a_name_that_points_to_loopback_is_refused(good: "TestClient[Any, Any]") -> None:
    headers = {"Origin": ORIGIN, "Host": "evil.example:17651"}
    assert (await good.post("/", json={"method": "about"}, headers=headers)).status == 403


async def test_a_form_cannot_ask(good: "TestClient[Any, Any]") -> None:
    answer = await good.post("/", data='{"method": "about"}', headers={"Origin": ORIGIN})
    assert answer.status == 415


async def test_a_public_page_may_reach_loopback_if_its_origin_is_known(good: "TestClient[Any, Any]") -> None:
    answer = await good.options("/", headers={"Origin": ORIGIN})
    assert answer.headers["Access-Control-Allow-Private-Network"] == "true"
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN


@pytest.mark.parametrize("message", ["", "[]", "{", '{"method": "format"}', '{"method": "sign"}'])
async def test_what_it_does_not_know_it_refuses_and_goes_on(
    good: "TestClient[Any, Any]", message: str
) -> None:
    headers = {"Origin": ORIGIN, "Content-Type": "application/json"}
    answer = await (await good.post("/", data=message, headers=headers)).json()
    assert answer["error"]["code"] in ("request.unknown", "key.missing")
    assert (await asks(good, method="about"))["result"]["service"] == "qingyuan-token"


async def test_it_is_locked_after_ten_wrong_pins_also_for_the_right_one_and_after_a_restart(
    state: State,
) -> None:
    async with service(state, pin="000000") as client:
        codes = [(await signs(client))["error"]["code"] for _ in range(11)]
    assert codes == [*["pin.wrong"] * 9, "key.locked", "key.locked"]
    async with service(state) as client:
        assert (await signs(client))["error"]["code"] == "key.locked"


async def test_a_right_pin_forgets_the_wrong_ones(state: State) -> None:
    for pin in [*["000000"] * 9, DEMO_PIN, *["000000"] * 9]:
        async with service(state, pin=pin) as client:
            await signs(client)
    async with service(state) as client:
        assert "result" in await signs(client)


async def test_without_a_pin_nothing_is_signed(state: State) -> None:
    async with service(state, pin=None) as client:
        assert (await signs(client))["error"]["code"] == "pin.cancelled"


async def test_without_a_key_there_is_no_certificate(state: State) -> None:
    async with service(state, replace(WISH, condition="no-key")) as client:
        assert (await asks(client, method="certificates"))["result"] == {"certificates": []}
        assert (await asks(client, method="sign", key="1", text="x"))["error"]["code"] == "key.missing"


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ("expired", "certificate.expired"),
        ("revoked", "certificate.revoked"),
        ("no-credit-code", "certificate.subject"),
    ],
)
async def test_each_bad_condition_is_one_the_server_refuses(
    state: State, condition: Condition, reason: str
) -> None:
    async with service(state, replace(WISH, condition=condition)) as client:
        result = (await signs(client))["result"]
    with pytest.raises(CertificateRefused) as refused:
        verified(state, result)
    assert refused.value.reason == reason


async def test_of_another_organisation_it_is_believed_as_that_ones(state: State) -> None:
    async with service(state, replace(WISH, condition="wrong-organisation")) as client:
        assert verified(state, (await signs(client))["result"]) == ANOTHER[1]


def test_a_credit_code_with_a_wrong_check_character_gets_no_certificate(state: State) -> None:
    with pytest.raises(NotACode):
        insert(state, replace(WISH, uscc=DEFAULT_USCC[:-1] + "0"))


async def test_the_lists_are_fresh_again_after_they_were_renewed(state: State) -> None:
    before = (DemoAuthority(state).trust / "lists" / "sm2-between.crl").read_bytes()
    DemoAuthority(state).revoke(0x1001)
    assert (DemoAuthority(state).trust / "lists" / "sm2-between.crl").read_bytes() != before


@pytest.mark.parametrize(
    ("pin", "said"),
    [
        (DEMO_PIN, "已签名，请回到网页。"),
        ("000000", "PIN 码不正确，还可以再试 9 次。"),
        (None, "已取消，没有签名。"),
    ],
)
async def test_the_window_of_the_key_says_what_came_of_the_pin(
    state: State, pin: str | None, said: str
) -> None:
    async def ask(origin: str, text: str) -> str | None:
        return pin

    told: list[str] = []
    desk = SigningDesk(insert(state, WISH), ask, told.append)
    async with TestClient(TestServer(build(desk, [ORIGIN]))) as client:
        await signs(client)
    assert told == [said]


def test_the_help_names_every_state_of_a_key_in_a_narrow_window() -> None:
    """What has no space between its words is cut instead of wrapped."""
    shown = CliRunner().invoke(app, ["token", "--help"], env={"COLUMNS": "80"}).output
    assert [name for name in get_args(Condition) if name not in shown] == []
