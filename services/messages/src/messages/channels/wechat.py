"""WeChat: a template message to a user of the official account, through whichever client is given."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from qingyuan_standards.days import local_clock

from messages.channels.port import Letter, Outcome

TITLE_MAX: Final = 20
"""WeChat cuts a `thing` after twenty characters."""


class WeChatClient(Protocol):
    async def send(self, openid: str, template: str, values: Mapping[str, str], provider_id: UUID) -> None:
        """Raises `NotAccepted`, `NotNow` or `Unsure`."""
        ...


@dataclass(frozen=True, slots=True)
class WeChatChannel:
    """`template` is the id of the one template that all kinds use."""

    client: WeChatClient
    template: str

    async def send(self, letter: Letter) -> None:
        clock = local_clock(letter.at)
        values = {
            "thing1": letter.title[:TITLE_MAX],
            "time2": f"{clock:%Y-%m-%d %H:%M}",
            "link": letter.link,
        }
        await self.client.send(letter.address, self.template, values, letter.provider_id)

    async def outcome(self, provider_id: UUID) -> Outcome | None:  # noqa: ARG002
        """WeChat cannot be asked by our own id."""
        return None
