"""The Chinese texts of messages, in `texts.json`: one for each kind, with named places and an example of what fills them."""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Final

from pydantic import BaseModel, ConfigDict


class MessageText(BaseModel):
    """`name` is what the kind is called where people choose; `title` and `text` are what they read.

    `chosen_with`: another kind that says the same of an elder fact. People choose for both at once.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    name: str
    title: str
    text: str
    example: Mapping[str, str]
    chosen_with: str | None = None

    def rendered(self, values: Mapping[str, str]) -> tuple[str, str]:
        """Title and text with the places filled. Raises KeyError where one is missing."""
        return self.title.format_map(values), self.text.format_map(values)


_ROWS: Final = json.loads((files("messages") / "texts.json").read_text(encoding="utf-8"))
TEXTS: Final[Mapping[str, MessageText]] = {row["kind"]: MessageText.model_validate(row) for row in _ROWS}


def choice_kind(kind: str) -> str:
    """The kind for which people choose, where they choose for this one."""
    return TEXTS[kind].chosen_with or kind
