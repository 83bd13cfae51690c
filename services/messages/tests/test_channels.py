"""One suite for every way of sending, and what is special to mail."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiosmtpd.controller import Controller
from message_facts import NOW
from messages.channels.email import EmailChannel
from messages.channels.folder import FolderChannel
from messages.channels.port import Channel, Letter, NotAccepted, NotNow, Unsure
from messages.channels.wechat import WeChatChannel
from qingyuan_local.children import free_port
from qingyuan_local.wechat.world import User
from wechat_serving import running_fake

LETTER = Letter(
    provider_id=UUID(int=1),
    address="zhou@example.com",
    kind="digest.signing",
    title="你有 7 项待签字",
    text="贵单位有 7 项运维记录待签字确认。",
    link="https://qingyuan.example/today",
    at=NOW,
)


class MailServer:
    """Keeps what it takes. `answer` is what it says to the next recipient, or to the next content."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.to_recipient = self.to_content = "250 OK"
        self.hangs_up = False

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        if self.hangs_up:
            server.transport.abort()
            return ""
        if self.to_content.startswith("250"):
            self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        return self.to_content


@pytest.fixture
def mail_server() -> Iterator[tuple[MailServer, EmailChannel]]:
    server, port = MailServer(), free_port()
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    yield server, EmailChannel(host="127.0.0.1", port=port, sender="qingyuan@example.com", seconds=5)
    controller.stop()


def titles_in(folder: Path) -> list[str]:
    return [json.loads(path.read_text())["title"] for path in folder.iterdir()]


Way = tuple[Channel, Callable[[], list[str]]]
"""A channel, and the texts that arrived."""


@pytest.fixture(params=["email", "sms", "wechat"])
async def way(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Way]:
    if request.param == "email":
        server, channel = request.getfixturevalue("mail_server")
        yield channel, lambda: [str(message["subject"]) for message in server.taken]
    elif request.param == "sms":
        yield (
            FolderChannel(tmp_path),
            lambda: [json.loads(path.read_text())["title"] for path in tmp_path.iterdir()],
        )
    else:
        async with running_fake() as fake:
            fake.world.users[LETTER.address] = User(LETTER.address, "周敏")
            channel = WeChatChannel(fake.client(), "t")
            yield channel, lambda: [message.values["thing1"] for message in fake.world.messages]


async def test_what_is_sent_arrives_once(way: Way) -> None:
    channel, arrived = way
    await channel.send(LETTER)
    assert arrived() == ["你有 7 项待签字"]


async def test_many_are_sent_at_once(way: Way) -> None:
    channel, arrived = way
    letters = [replace(LETTER, provider_id=uuid4(), title=f"第 {number} 封") for number in range(10)]
    await asyncio.gather(*(channel.send(letter) for letter in letters))
    assert sorted(arrived()) == sorted(letter.title for letter in letters)


async def test_what_was_never_sent_is_not_said_to_be_sent(way: Way) -> None:
    channel, _ = way
    assert await channel.outcome(uuid4()) != "sent"


async def test_a_provider_that_knows_its_ids_sends_each_once(tmp_path: Path) -> None:
    channel = FolderChannel(tmp_path)
    assert await channel.outcome(LETTER.provider_id) == "unsent"
    await channel.send(LETTER)
    await channel.send(replace(LETTER, title="again"))
    assert await channel.outcome(LETTER.provider_id) == "sent"
    assert titles_in(tmp_path) == [LETTER.title]


async def test_a_mail_has_all_that_is_needed(mail_server: tuple[MailServer, EmailChannel]) -> None:
    server, channel = mail_server
    await channel.send(LETTER)
    (mail,) = server.taken
    assert mail["to"] == "zhou@example.com"
    assert str(LETTER.provider_id) in mail["message-id"]
    assert LETTER.text in mail.get_content()
    assert LETTER.link in mail.get_content()


@pytest.mark.parametrize(("code", "error"), [("550 no such user", NotAccepted), ("450 later", NotNow)])
@pytest.mark.parametrize("stage", ["to_recipient", "to_content"])
async def test_a_refusal_is_for_ever_or_for_now(
    mail_server: tuple[MailServer, EmailChannel], stage: str, code: str, error: type[Exception]
) -> None:
    server, channel = mail_server
    setattr(server, stage, code)
    with pytest.raises(error):
        await channel.send(LETTER)


async def test_a_server_that_is_away_has_not_sent_it() -> None:
    channel = EmailChannel(host="127.0.0.1", port=free_port(), sender="q@example.com", seconds=5)
    with pytest.raises(NotNow):
        await channel.send(LETTER)


async def test_a_connection_that_breaks_after_the_content_leaves_it_unsure(
    mail_server: tuple[MailServer, EmailChannel],
) -> None:
    server, channel = mail_server
    server.hangs_up = True
    with pytest.raises(Unsure):
        await channel.send(LETTER)


@pytest.mark.parametrize("address", ["zhou@example.com\r\nBcc: all@example.com", ""])
async def test_an_address_that_is_none_is_refused(
    mail_server: tuple[MailServer, EmailChannel], address: str
) -> None:
    server, channel = mail_server
    with pytest.raises((NotAccepted, NotNow, Unsure)):
        await channel.send(replace(LETTER, address=address))
    assert not any("all@example.com" in str(mail) for mail in server.taken)
