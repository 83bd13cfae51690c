"""Conditions of a query and their numbered parameters, and the cursor from which a list goes on. Pure."""

import base64
import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, Any

from pydantic import Field, TypeAdapter
from qingyuan_runtime.domain.text import SENTENCES
from qingyuan_runtime.edge.problems import BadRequest


class Where:
    """Conditions and their parameters, numbered as they come."""

    def __init__(self) -> None:
        self.parameters: list[Any] = []
        self.conditions: list[str] = []

    def value(self, parameter: Any) -> str:
        if isinstance(parameter, str) and "\0" in parameter:
            raise BadRequest("query.malformed", f"查询条件{SENTENCES['control_character']}")
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


Count = Annotated[int, Field(ge=0, lt=2**63)]


def place_of(cursor: str, *kinds: Any) -> Sequence[Any]:
    """What `cursor_of` was given, each part as the type it is. Raises `BadRequest` for anything else."""
    try:
        return _places(kinds).validate_json(base64.urlsafe_b64decode(cursor))
    except ValueError as error:
        raise BadRequest("cursor.malformed", "翻页位置无效，请从第一页重新查询。") from error


@lru_cache
def _places(kinds: tuple[Any, ...]) -> TypeAdapter[tuple[Any, ...]]:
    return TypeAdapter(tuple[kinds])  # type: ignore[valid-type]
