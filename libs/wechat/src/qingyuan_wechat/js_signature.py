"""The signature by which WeChat lets a page use the JS-SDK."""

import hashlib


def js_signature(ticket: str, nonce: str, timestamp: int, url: str) -> str:
    """`url` is that of the page as the browser has it, not decoded; what follows # does not count."""
    text = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url.partition('#')[0]}"
    return hashlib.sha1(text.encode()).hexdigest()  # noqa: S324, WeChat prescribes it
