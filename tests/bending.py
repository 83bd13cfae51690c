"""Bodies that are right in every field but for one or two leaves, and who sends them to a service."""

import copy
import json
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import httpx
from fastapi import FastAPI
from hypothesis import strategies as st
from qingyuan_events import Actor
from qingyuan_runtime.tokens.actors import issue
from qingyuan_runtime.tokens.issuers import EveryIssuer

KEY = EveryIssuer()
Body = dict[str, Any]
SAID = (
    *("", " ", "\0", "a\0b", "\ud800", "\u200b", "\u202e1", "ＤＷ００９", "\U000e0100", "葛\U000e0100", "\x85", "a\nb", "\uffff"),
    *("字" * 201, "x" * 70_000, "٣", "1E+400", "NaN", "-0", "2026-02-30", "0001-01-01", "9999-12-31", "无", "=1+1", "%00"),
    *('{"a":"\\u0000"}', "\\u0000", "310118", "FREQ=DAILY;COUNT=99999"),
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=30), st.sampled_from(SAID))
NUMBERS = st.one_of(
    st.integers(),
    st.floats(),
    st.sampled_from([0, -1, 2**31, 2**53, 2**63, 10**400, 1e308, float("nan"), True]),
)
LEAVES = st.one_of(
    TEXTS,
    NUMBERS,
    st.none(),
    st.dates().map(str),
    st.datetimes().map(lambda moment: f"{moment.isoformat()}Z"),
    st.lists(TEXTS, max_size=3),
    st.dictionaries(TEXTS, TEXTS, max_size=2),
)
Bend = Callable[[Body], Body]


def places(value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in below:
        yield (*here, name)
        yield from places(inner, (*here, name))


@st.composite
def bends(draw: st.DrawFn) -> Bend:
    """A body with one or two leaves changed, chosen by numbers so that they serve any body."""
    changes = draw(st.lists(st.tuples(st.integers(0, 10_000), LEAVES), min_size=1, max_size=2))

    def bend(body: Body) -> Body:
        bent = copy.deepcopy(body)
        for number, leaf in changes:
            found = list(places(bent)) or [("more",)]
            *above, last = found[number % len(found)]
            inner: Any = bent
            for name in above:
                inner = inner[name]
            inner[last] = copy.deepcopy(leaf)
        return bent

    return bend


class Walk:
    """Every command of a service in an order in which it can be accepted, each first bent and then as it should be."""

    def __init__(self, app: FastAPI, bend: Bend) -> None:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self._http = httpx.AsyncClient(transport=transport, base_url="http://service")
        self._bend = bend

    async def says(self, actor: Actor, path: str, body: Body) -> str:
        """The id of what the command was about; of the bent one where only that was accepted."""
        bent = await self._post(actor, path, self._bend(body))
        right = await self._post(actor, path, body)
        accepted = right if right.status_code == 202 else bent
        return str(accepted.json().get("stream", "")).partition("-")[2]

    async def _post(self, actor: Actor, path: str, body: Body) -> httpx.Response:
        token = issue(actor, KEY, now=time.time(), organisation_name="上海绿测环境运维有限公司")
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid.uuid4())}
        headers["Content-Type"] = "application/json"
        answer = await self._http.post(path, content=json.dumps(body), headers=headers)
        assert answer.status_code in (200, 202, 400, 403, 404, 409, 422), (path, body, answer.text)
        return answer
