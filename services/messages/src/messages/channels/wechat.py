"""WeChat: a template message of the official account to somebody who follows it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from qingyuan_standards.days import local_clock
from qingyuan_wechat.client import WeChat
from qingyuan_wechat.refusals import (
    MessageRefused,
    NotFollowing,
    OpenidRefused,
    QuotaUsedUp,
    TemplateRefused,
    WeChatAway,
    WeChatRefused,
    WeChatUnreached,
)

from messages.channels.port import Letter, NotAccepted, NotNow, Outcome, Unsure

TITLE_MAX: Final = 20
"""WeChat cuts a `thing` after twenty characters."""
QUOTA_PAUSE: Final = timedelta(hours=4)
"""Six tries reach the next day, when WeChat counts anew."""
FOR_EVER: Final = (NotFollowing, MessageRefused, OpenidRefused, TemplateRefused)


@dataclass(frozen=True, slots=True)
class WeChatChannel:
    """`template` is the id of the one template that all kinds use, with the fields `thing1` (title) and `time2`."""

    client: WeChat
    template: str

    async def send(self, letter: Letter) -> None:
        await self._require_token()
        try:
            await self.client.send_template(letter.address, self.template, _values(letter), link=letter.link)
        except FOR_EVER as refused:
            raise NotAccepted(f"WeChat {refused.code}") from refused
        except QuotaUsedUp as refused:
            raise NotNow(f"WeChat {refused.code}", pause=QUOTA_PAUSE) from refused
        except WeChatRefused as refused:
            raise NotNow(f"WeChat {refused.code}") from refused
        except WeChatUnreached as away:
            raise NotNow(f"WeChat {away}") from away
        except WeChatAway as away:
            raise Unsure(f"WeChat {away}") from away

    async def _require_token(self) -> None:
        """Before the message is handed over, so that what goes wrong here was certainly not sent."""
        try:
            await self.client.token()
        except WeChatRefused as refused:
            raise NotNow(f"WeChat {refused.code}") from refused
        except WeChatAway as away:
            raise NotNow(f"WeChat {away}") from away

    async def outcome(self, provider_id: UUID) -> Outcome | None:  # noqa: ARG002
        """WeChat cannot be asked by our own id."""
        return None


def _values(letter: Letter) -> dict[str, str]:
    clock = local_clock(letter.at)
    return {"thing1": letter.title[:TITLE_MAX], "time2": f"{clock:%Y-%m-%d %H:%M}"}
