"""The client against the fake of WeChat, over real HTTP."""

from typing import Any

import pytest
from qingyuan_wechat.client import WeChat
from qingyuan_wechat.refusals import (
    AppIdRefused,
    CodeRefused,
    MessageRefused,
    NotFollowing,
    QuotaUsedUp,
    TemplateRefused,
    TokenRefused,
    WeChatAway,
    WeChatRefused,
)
from wechat_serving import OFFICIAL, ZHOU, Fake, TokensInMemory

SEND = "/cgi-bin/message/template/send"
TOKEN = "/cgi-bin/stable_token"


async def sends(client: WeChat) -> str:
    return await client.send_template(ZHOU, "T1", {"thing1": "待签字"}, link="http://a/m/")


async def test_a_code_names_its_user_once(fake: Fake) -> None:
    code = fake.world.agree(ZHOU)
    authorised = await fake.client().authorised(code)
    assert (authorised.openid, authorised.snapshot) == (ZHOU, False)
    with pytest.raises(CodeRefused) as again:
        await fake.client().authorised(code)
    assert again.value.code == 40163


async def test_a_user_of_the_snapshot_page_is_marked(fake: Fake) -> None:
    assert (await fake.client().authorised(fake.world.agree(ZHOU, snapshot=True))).snapshot


async def test_codes_that_are_wrong_missing_or_too_old(fake: Fake) -> None:
    old = fake.world.agree(ZHOU)
    fake.world.skew = 301
    for code, number in (("nonsense", 40029), ("", 41008), (old, 40029)):
        with pytest.raises(CodeRefused) as refused:
            await fake.client().authorised(code)
        assert refused.value.code == number


async def test_a_message_arrives_with_its_values_and_link(fake: Fake) -> None:
    assert await sends(fake.client()) == "1"
    (message,) = fake.world.messages
    assert (message.openid, message.values, message.link) == (ZHOU, {"thing1": "待签字"}, "http://a/m/")


@pytest.mark.parametrize("code", [40001, 42001])
async def test_a_refused_token_is_replaced_and_the_call_repeated_once(fake: Fake, code: int) -> None:
    client = fake.client()
    before = await client.token()
    fake.world.faults[SEND] = [code]
    await sends(client)
    assert await client.token() != before
    fake.world.faults[SEND] = [code, code]
    with pytest.raises(TokenRefused):
        await sends(client)
    assert fake.world.calls[SEND] == 4


async def test_a_token_that_another_process_replaced_is_fetched_and_not_forced(fake: Fake) -> None:
    client = fake.client()
    await client.token()
    newer, _ = fake.world.stable_token(force=True)
    await sends(client)
    assert (await client.token(), fake.world.tokens[-1]) == (newer, newer)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (43004, NotFollowing),
        (43101, MessageRefused),
        (40037, TemplateRefused),
        (45009, QuotaUsedUp),
        (40013, AppIdRefused),
        (-1, WeChatRefused),
    ],
)
async def test_other_refusals_are_not_repeated(fake: Fake, code: int, kind: type[WeChatRefused]) -> None:
    fake.world.faults[SEND] = [code]
    with pytest.raises(kind) as refused:
        await sends(fake.client())
    assert (type(refused.value), refused.value.code, fake.world.calls[SEND]) == (kind, code, 1)


async def test_who_does_not_follow_or_did_not_agree_is_told_apart(fake: Fake) -> None:
    user = fake.world.users[ZHOU]
    user.follows = user.subscribed = False
    with pytest.raises(NotFollowing):
        await sends(fake.client())
    with pytest.raises(MessageRefused):
        await fake.client().send_subscribed(ZHOU, "T1", {"thing1": "x"})


async def test_the_ticket_is_kept_and_belongs_to_the_app_id(fake: Fake) -> None:
    tokens = TokensInMemory()
    client = fake.client(tokens)
    assert await client.js_ticket() == await client.js_ticket() == fake.world.ticket
    assert fake.world.calls["/cgi-bin/ticket/getticket"] == 1
    assert set(tokens.values) == {f"ticket {OFFICIAL.app_id}", f"token {OFFICIAL.app_id}"}


async def test_media_come_as_bytes_and_their_absence_as_a_refusal(fake: Fake) -> None:
    fake.world.media["m1"] = b"\xff\xd8picture"
    assert await fake.client().media("m1") == b"\xff\xd8picture"
    with pytest.raises(WeChatRefused) as refused:
        await fake.client().media("m2")
    assert refused.value.code == 40007


@pytest.mark.parametrize("path", ["/readyz/nothing", "/users/o-zhou"])
async def test_what_is_not_wechats_answer_is_no_answer(fake: Fake, path: str) -> None:
    client: Any = fake.client()
    with pytest.raises(WeChatAway):
        await client._get(path, {})


async def test_no_answer_does_not_show_the_secret(fake: Fake) -> None:
    client = fake.client()
    client.account = type(client.account)(OFFICIAL.app_id, "very secret", "http://127.0.0.1:9")
    with pytest.raises(WeChatAway) as away:
        await client.authorised("c")
    assert "secret" not in repr(away.value)
    assert away.value.__cause__ is None


async def test_a_wrong_secret_is_refused(fake: Fake) -> None:
    with pytest.raises(WeChatRefused) as refused:
        await fake.client(secret="wrong").token()
    assert refused.value.code == 40125
