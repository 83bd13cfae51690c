"""A short description of a browser from its User-Agent: enough to recognise one's own, too little to identify people."""

import re
from typing import Final

PHONE: Final = re.compile(r"Android|iPhone|iPad|HarmonyOS|Mobile")
BROWSERS: Final = (
    (re.compile(r"MicroMessenger"), "微信"),
    (re.compile(r"Edg[AiOe]*/"), "Edge"),
    (re.compile(r"Firefox|FxiOS"), "Firefox"),
    (re.compile(r"HuaweiBrowser"), "华为浏览器"),
    (re.compile(r"Chrome|CriOS"), "Chrome"),
    (re.compile(r"Safari"), "Safari"),
)


def device_of(agent: str) -> str:
    """Such as `手机 · Chrome`; `其他程序` for programs other than browsers."""
    browser = next((name for pattern, name in BROWSERS if pattern.search(agent)), None)
    if browser is None:
        return "其他程序"
    return f"{'手机' if PHONE.search(agent) else '电脑'} · {browser}"
