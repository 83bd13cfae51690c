"""Conditions of a query and their numbered parameters, and the cursor from which a list goes on. Pure."""

import base64
import json
from collections.abc import Callable, Sequence
from typing import Any

from qingyuan_runtime.problems import BadRequest


class Where:
    """Conditions and their parameters, numbered as they come."""

    def __init__(self) -> None:
        self.parameters: list[Any] = []
        self.conditions: list[str] = []

    def value(self, parameter: Any) -> str:
        if isinstance(parameter, str) and "\0" in parameter:
            raise BadRequest("query.malformed", "查询条件含有无效字符。")
        self.parameters.append(parameter)
        return f"${len(self.parameters)}"

    def add(self, condition: str, parameter: Any) -> None:
        """`condition` with `{}` where the parameter stands; nothing when there is no parameter."""
        if parameter is not None:
            self.conditions.append(condition.format(self.value(parameter)))

    @property
    def sql(self) -> str:
        return " and ".join(self.conditions) or "true"


def cursor_of(*place: Any) -> str:
    """The opaque text that a page hands back to get the rows after this one."""
    return base64.urlsafe_b64encode(json.dumps([str(one) for one in place]).encode()).decode()


def place_of(cursor: str, *kinds: Callable[[str], Any]) -> Sequence[Any]:
    """What `cursor_of` was given, each part read by its kind. Raises `BadRequest` for anything else."""
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor))
        return [kind(str(part)) for kind, part in zip(kinds, parts, strict=True)]
    except (ValueError, TypeError) as error:
        raise BadRequest("cursor.malformed", "翻页位置无效，请从第一页重新查询。") from error
