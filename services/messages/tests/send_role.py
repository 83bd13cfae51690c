"""A sender as a process of its own: `send_role.py DSN FILE [away]`. It appends a line to FILE for each letter it sends.

`away`: it asks for addresses, notes that in FILE, and is never answered.

Its way can tell nothing of letters whose sender died, so it must never be given one twice.
"""

import asyncio
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from message_facts import MemoryAddresses
from messages.addresses import AddressBook, Recipient
from messages.channels.port import Letter, Outcome
from messages.main import until_none_is_left
from messages.message import Audience
from messages.sending import Sender
from messages.spreading import Spreader
from qingyuan_runtime.database.connections import open_pool
from qingyuan_runtime.process.clock import now
from qingyuan_runtime.process.unavailable import repeat

SOMEBODY = Recipient(account=UUID(int=11), mobile="13800000000", openids=("o1",))


class Appending:
    def __init__(self, path: Path) -> None:
        self._file = path.open("a", buffering=1)

    async def send(self, letter: Letter) -> None:
        self._file.write(f"{letter.provider_id}\n")
        await asyncio.sleep(0)

    async def outcome(self, provider_id: UUID) -> Outcome | None:
        return None


class Away:
    def __init__(self, path: Path) -> None:
        self._path = path

    async def recipients(self, audience: Audience) -> Sequence[Recipient]:
        self._path.write_text("asked\n")
        await asyncio.sleep(3_600)
        return ()


async def main(dsn: str, path: str, accounts: str = "there") -> None:
    pool = await open_pool(dsn)
    way = Appending(Path(path))
    addresses: AddressBook = Away(Path(path)) if accounts == "away" else MemoryAddresses([SOMEBODY])
    spreader = Spreader(pool, addresses, frozenset({"wechat", "sms"}), now)
    sender = Sender(
        pool,
        {"wechat": way, "sms": way},
        addresses,
        now,
        public_url="",
        tries_max=3,
        abandoned=timedelta(seconds=2),
    )
    await asyncio.gather(
        repeat(lambda: until_none_is_left(spreader.spread), 0.05),
        repeat(lambda: until_none_is_left(sender.send), 0.05),
    )


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
