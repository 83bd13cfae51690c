"""The examples that WeChat's documentation gives, and those of public clients for the encryption."""

import pytest
from qingyuan_wechat.authorising import authorise_url
from qingyuan_wechat.js_signature import js_signature
from qingyuan_wechat.pushes import Pushes, PushRefused, signature

KEY = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR"
PUSHES = Pushes("wx49f0ab532d5d035a", "123456", KEY)
ECHO = "4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1+bXFXDQQb1o6co6Yh9Bv41n7hOchLF6p+Q=="
SIGNED, TIMESTAMP, NONCE = "dd6b9c95b495b3f7e2901bfbc76c664930ffdb96", "1411443780", "437374425"
TICKET = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"


@pytest.mark.parametrize("after", ["", "#/visits/1"])
def test_the_signature_of_a_page_leaves_out_what_follows_the_hash(after: str) -> None:
    url = f"http://mp.weixin.qq.com?params=value{after}"
    signed = js_signature(TICKET, "Wm3WZYTPz0wzccnW", 1414587457, url)
    assert signed == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"


def test_a_published_push_is_authentic_and_decrypts() -> None:
    assert signature("123456", TIMESTAMP, NONCE, ECHO) == SIGNED
    assert PUSHES._decrypted(ECHO).isdigit()


def test_only_the_encrypted_part_of_a_push_counts() -> None:
    body, signed = PUSHES.sealed("<xml><Event>subscribe</Event></xml>", TIMESTAMP, NONCE)
    mixed = body.replace(b"</xml>", b"<Event>unsubscribe</Event></xml>")
    assert PUSHES.opened(mixed, signed, TIMESTAMP, NONCE) == {"Event": "subscribe"}


@pytest.mark.parametrize("spoilt", ["signature", "nonce", "body"])
def test_a_push_of_somebody_else_is_refused(spoilt: str) -> None:
    body, signed = PUSHES.sealed("<xml><Event>subscribe</Event></xml>", TIMESTAMP, NONCE)
    given = {
        "signature": (body, "0" * 40, TIMESTAMP, NONCE),
        "nonce": (body, signed, TIMESTAMP, "1"),
        "body": (b"<xml><Event>subscribe</Event></xml>", signed, TIMESTAMP, NONCE),
    }[spoilt]
    with pytest.raises(PushRefused):
        PUSHES.opened(*given)


@pytest.mark.parametrize("encrypted", ["", "AAAA", "!", ECHO[:24], ECHO[24:]])
def test_what_does_not_decrypt_is_refused_even_with_a_right_signature(encrypted: str) -> None:
    body = f"<xml><Encrypt>{encrypted}</Encrypt></xml>".encode()
    with pytest.raises(PushRefused):
        PUSHES.opened(body, signature("123456", TIMESTAMP, NONCE, encrypted), TIMESTAMP, NONCE)


@pytest.mark.parametrize(
    "body", [b"", b"<xml>", b"<other/>", b"<xml>text</xml>", b'<!DOCTYPE x [<!ENTITY e "1">]><xml>&e;</xml>']
)
def test_what_is_not_the_xml_of_a_push_is_refused(body: bytes) -> None:
    with pytest.raises(PushRefused):
        PUSHES.opened(body, SIGNED, TIMESTAMP, NONCE)


def test_a_push_for_another_official_account_is_refused() -> None:
    body, signed = Pushes("wxother", "123456", KEY).sealed("<xml/>", TIMESTAMP, NONCE)
    with pytest.raises(PushRefused):
        PUSHES.opened(body, signed, TIMESTAMP, NONCE)


def test_without_a_token_every_push_is_refused() -> None:
    nobody = Pushes("wx49f0ab532d5d035a", "", KEY)
    with pytest.raises(PushRefused):
        nobody.answers(signature("", TIMESTAMP, NONCE), TIMESTAMP, NONCE, "echo")


def test_the_parameters_of_the_authorise_page_stand_in_wechats_order() -> None:
    assert authorise_url("wx1", "https://a.cn/wechat/back", "s") == (
        "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx1&redirect_uri=https%3A%2F%2Fa.cn%2Fwechat%2Fback"
        "&response_type=code&scope=snsapi_base&state=s#wechat_redirect"
    )
