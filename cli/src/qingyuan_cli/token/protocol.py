"""What a page may ask the signing service, the same over WebSocket and HTTP: one JSON object, one JSON answer.

`{"id": 1, "method": "sign", "key": "…", "text": "…"}` → `{"id": 1, "result": {…}}` or `{"id": 1, "error": {"code", "sentence"}}`
"""

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from typing import Any, Final

from gateway.headers import SIGNING_PORTS

from qingyuan_cli.token.key import Refused, TokenKey

VERSION: Final = 1
PORTS: Final = SIGNING_PORTS
"""The page tries these and no others; its content security policy names them."""
TEXT_MOST: Final = 65_536
AskPin = Callable[[str, str], Awaitable[str | None]]
"""Shows the page's address and the text on the key's own surface. Returns the PIN, or None if it is not to be signed."""

Tell = Callable[[str], None]
"""Says on the same surface what came of it."""


class SigningDesk:
    """Answers requests for one inserted key. Signing waits for the PIN, one request after the other."""

    def __init__(self, key: TokenKey | None, ask_pin: AskPin, tell: Tell = lambda _sentence: None) -> None:
        self._key = key
        self._ask_pin = ask_pin
        self._tell = tell
        self._turn = asyncio.Lock()

    async def answer(self, message: str, origin: str) -> dict[str, object]:
        number: object = None
        try:
            request = _request_of(message)
            number = request.get("id")
            return {"id": number, "result": await self._result(request, origin)}
        except Refused as refused:
            return {"id": number, "error": {"code": refused.code, "sentence": refused.sentence}}

    async def _result(self, request: dict[str, Any], origin: str) -> object:
        match request.get("method"):
            case "about":
                return {"service": "qingyuan-token", "version": VERSION}
            case "certificates":
                return {"certificates": [self._key.shown()] if self._key else []}
            case "sign":
                return await asyncio.shield(asyncio.ensure_future(self._sign(request, origin)))
        raise Refused("request.unknown", "签名服务不认识这个请求。")

    async def _sign(self, request: dict[str, Any], origin: str) -> dict[str, str]:
        key, text = self._chosen(request.get("key")), request.get("text")
        if not isinstance(text, str) or not 0 < len(text) <= TEXT_MOST:
            raise Refused("request.unknown", "签名服务不认识这个请求。")
        if key.is_locked:
            raise Refused("key.locked", "密钥已锁定：PIN 码连续输错 10 次。请到发证机构解锁。")
        async with self._turn:
            pin = await self._ask_pin(origin, text)
        try:
            signature = _signed(key, text, pin)
        except Refused as refused:
            self._tell(refused.sentence)
            raise
        self._tell("已签名，请回到网页。")
        return {
            "certificate": base64.b64encode(key.certificate.der).decode(),
            "signature": base64.b64encode(signature).decode(),
        }

    def _chosen(self, key: object) -> TokenKey:
        if self._key is None or key != self._key.certificate.serial:
            raise Refused("key.missing", "没有插入这把密钥。")
        return self._key


def _signed(key: TokenKey, text: str, pin: str | None) -> bytes:
    if pin is None:
        raise Refused("pin.cancelled", "已取消，没有签名。")
    return key.sign(text, pin)


def _request_of(message: str) -> dict[str, Any]:
    try:
        request = json.loads(message)
    except ValueError:
        request = None
    if not isinstance(request, dict):
        raise Refused("request.unknown", "签名服务不认识这个请求。")
    return request
