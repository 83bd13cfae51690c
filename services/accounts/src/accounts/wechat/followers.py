"""Who follows the official account, as WeChat tells us. The same event twice, or events in another order, change nothing."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

import structlog
from qingyuan_runtime.database.connections import Pool

FOLLOWING: Final = {"subscribe": True, "unsubscribe": False}
log = structlog.get_logger()


class WeChatFollowers:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def record(self, event: Mapping[str, str]) -> None:
        """An event of WeChat. Those of the menu and of sent messages tell that the person follows, or whether one arrived."""
        kind, openid = event.get("Event", ""), event.get("FromUserName", "")
        if kind == "TEMPLATESENDJOBFINISH":
            log.info("wechat message finished", number=event.get("MsgID"), status=event.get("Status"))
        following = FOLLOWING.get(kind, True if kind == "CLICK" else None)
        created = event.get("CreateTime", "")
        if following is None or not openid or not (created.isascii() and created.isdigit()):
            return
        at = datetime.fromtimestamp(min(int(created), 2**32), UTC)
        await self._pool.execute(_RECORD, openid[:100], following, at)


_RECORD: Final = """
    insert into wechat_followers values ($1, $2, $3)
    on conflict (openid) do update set following = excluded.following, changed = excluded.changed
     where wechat_followers.changed <= excluded.changed
"""
