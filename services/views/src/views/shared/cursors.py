"""The cursor from which a list goes on. Pure."""

import base64
import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, Any

from pydantic import Field, TypeAdapter
from qingyuan_runtime.edge.problems import BadRequest


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
