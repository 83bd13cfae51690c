"""WeChat as a way: the real client against the fake of WeChat's servers, and what its refusals mean for a letter."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import cast
from uuid import UUID

import httpx
import pytest
from message_facts import NOW
from messages.channels.opening import channels, open_channels
from messages.channels.port import Letter, NotAccepted, NotNow, Unsure
from messages.channels.wechat import QUOTA_PAUSE, WeChatChannel
from messages.settings import MessagesSettings
from qingyuan_local.children import free_port
from qingyuan_runtime.database.connections import Pool
from qingyuan_wechat.client import OfficialAccount, WeChat
from structlog.testing import capture_logs
from wechat_serving import OFFICIAL, ZHOU, Fake, TokensInMemory, running_fake

SEND, TOKEN = "/cgi-bin/message/template/send", "/cgi-bin/stable_token"
LETTER = Letter(
    provider_id=UUID(int=1),
    address=ZHOU,
    kind="digest.signing",
    title="你有 7 项待签字" * 3,
    text="贵单位有 7 项运维记录待签字确认。",
    link="https://qingyuan.example/today",
    at=NOW,
)


@pytest.fixture
async def fake() -> AsyncIterator[Fake]:
    async with running_fake() as fake:
        yield fake


def way(fake: Fake) -> WeChatChannel:
    return WeChatChannel(fake.client(), "our template")


async def test_a_message_has_the_template_the_link_and_a_title_that_wechat_does_not_cut(fake: Fake) -> None:
    await way(fake).send(LETTER)
    (message,) = fake.world.messages
    assert (message.openid, message.template, message.link) == (ZHOU, "our template", LETTER.link)
    assert message.values == {"thing1": LETTER.title[:20], "time2": "2026-11-24 10:00"}


@pytest.mark.parametrize("code", [43004, 43101, 40003, 40037])
async def test_a_refusal_of_the_person_or_the_template_is_for_ever_and_says_why(
    fake: Fake, code: int
) -> None:
    fake.world.faults[SEND] = [code]
    with pytest.raises(NotAccepted, match=str(code)):
        await way(fake).send(LETTER)
    assert fake.world.calls[SEND] == 1


async def test_who_no_longer_follows_is_not_tried_again(fake: Fake) -> None:
    fake.world.users[ZHOU].follows = False
    with pytest.raises(NotAccepted, match="43004"):
        await way(fake).send(LETTER)


@pytest.mark.parametrize(("code", "pause"), [(45009, QUOTA_PAUSE), (-1, None), (40164, None)])
async def test_the_days_limit_and_what_passes_are_for_now(
    fake: Fake, code: int, pause: timedelta | None
) -> None:
    fake.world.faults[SEND] = [code]
    with pytest.raises(NotNow, match=str(code)) as refused:
        await way(fake).send(LETTER)
    assert refused.value.pause == pause


@pytest.mark.parametrize("code", [40001, 42001])
async def test_an_expired_token_is_replaced_and_the_message_sent_once(fake: Fake, code: int) -> None:
    fake.world.faults[SEND] = [code]
    await way(fake).send(LETTER)
    assert len(fake.world.messages) == 1


async def test_without_a_token_nothing_was_sent(fake: Fake) -> None:
    fake.world.faults[TOKEN] = [-1]
    with pytest.raises(NotNow):
        await way(fake).send(LETTER)
    assert fake.world.calls[SEND] == 0


async def test_a_server_that_is_away_has_not_sent_it(fake: Fake) -> None:
    await way(fake).client.token()
    account = OfficialAccount(OFFICIAL.app_id, OFFICIAL.secret, f"http://127.0.0.1:{free_port()}")
    tokens = TokensInMemory()
    tokens.values[f"token {OFFICIAL.app_id}"] = "still valid"
    with pytest.raises(NotNow):
        await WeChatChannel(WeChat(account, fake.http, tokens), "t").send(LETTER)


@pytest.mark.parametrize(
    "answer", [httpx.ReadTimeout("x"), httpx.Response(502), httpx.Response(200, text="?")]
)
async def test_what_broke_off_while_it_was_sent_is_unsure(
    fake: Fake, answer: httpx.Response | Exception
) -> None:
    def answering(_: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    tokens = TokensInMemory()
    tokens.values[f"token {OFFICIAL.app_id}"] = "valid"
    async with httpx.AsyncClient(transport=httpx.MockTransport(answering)) as http:
        client = WeChat(OfficialAccount(OFFICIAL.app_id, OFFICIAL.secret), http, tokens)
        with pytest.raises(Unsure):
            await WeChatChannel(client, "t").send(LETTER)


@pytest.mark.servers
async def test_senders_share_the_token_in_the_tables_of_messages(
    fake: Fake, pool: Pool, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text(f"{OFFICIAL.secret}\n")
    settings = MessagesSettings(
        wechat_app_id=OFFICIAL.app_id,
        wechat_secret_file=tmp_path / "secret",
        wechat_base_url=fake.url,
        wechat_template="t",
    )
    for _ in range(3):
        await channels(settings, pool, fake.http)["wechat"].send(LETTER)
    assert (len(fake.world.messages), len(fake.world.tokens)) == (3, 1)
    assert fake.world.calls[TOKEN] == 1


async def test_a_way_without_its_settings_is_absent_and_says_so(fake: Fake) -> None:
    settings = MessagesSettings(wechat_app_id=OFFICIAL.app_id, wechat_template="t", sms_folder=Path("sms"))
    with capture_logs() as logs:
        async with open_channels(settings, cast(Pool, None)) as available:
            assert set(available) == {"sms"}
    said = str([entry for entry in logs if entry["event"] == "channel.absent"])
    assert "WECHAT_SECRET_FILE" in said
    assert "SMTP_HOST" in said
    assert "SMS_FOLDER" not in said
