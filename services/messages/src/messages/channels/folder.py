"""A stand-in for a provider of SMS: a folder with one file for each letter. For tests and the demo."""

import asyncio
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

from messages.channels.port import Letter, NotAccepted, Outcome


@dataclass(frozen=True, slots=True)
class FolderChannel:
    """As a provider does, it delivers one letter for each id, and knows which ids it has had."""

    folder: Path

    async def send(self, letter: Letter) -> None:
        await asyncio.to_thread(self._write, letter)

    def _write(self, letter: Letter) -> None:
        if not letter.address.strip():
            raise NotAccepted("no address")
        self.folder.mkdir(parents=True, exist_ok=True)
        content = json.dumps(asdict(letter), default=str, ensure_ascii=False)
        try:
            with self._file(letter.provider_id).open("x") as file:
                file.write(content)
        except FileExistsError:
            return

    async def outcome(self, provider_id: UUID) -> Outcome | None:
        exists = await asyncio.to_thread(self._file(provider_id).exists)
        return "sent" if exists else "unsent"

    def _file(self, provider_id: UUID) -> Path:
        return self.folder / f"{provider_id}.json"
