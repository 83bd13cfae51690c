"""The cursor of keyset paging: the sort values of the last row shown. Pure."""

import base64
import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, Any

from pydantic import Field, TypeAdapter
from qingyuan_runtime.edge.problems import BadRequest


def cursor_of(*values: Any) -> str:
    """The opaque text with which a client requests the rows after this one."""
    return base64.urlsafe_b64encode(json.dumps([str(value) for value in values]).encode()).decode()


Count = Annotated[int, Field(ge=0, lt=2**63)]
"""For a column of type bigint."""
Number = Annotated[int, Field(ge=0, lt=2**31)]
"""For a column of type integer."""


def values_of(cursor: str, *kinds: Any) -> Sequence[Any]:
    """The arguments of `cursor_of`, converted to `kinds`. Raises `BadRequest` for a text that is no such cursor."""
    try:
        return _values_adapter(kinds).validate_json(base64.urlsafe_b64decode(cursor))
    except ValueError as error:
        raise BadRequest("cursor.malformed", "翻页位置无效，请从第一页重新查询。") from error


@lru_cache
def _values_adapter(kinds: tuple[Any, ...]) -> TypeAdapter[tuple[Any, ...]]:
    return TypeAdapter(tuple[kinds])  # type: ignore[valid-type]
