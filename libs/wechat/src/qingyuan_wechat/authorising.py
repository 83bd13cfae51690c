"""The address of WeChat's page on which a person agrees that we learn the openid."""

from typing import Final, Literal
from urllib.parse import quote

Scope = Literal["snsapi_base", "snsapi_userinfo"]
AUTHORISE_URL: Final = "https://open.weixin.qq.com/connect/oauth2/authorize"


def authorise_url(
    app_id: str, redirect: str, state: str, *, scope: Scope = "snsapi_base", at: str = AUTHORISE_URL
) -> str:
    """WeChat wants the parameters in this order and the fragment at the end."""
    return (
        f"{at}?appid={quote(app_id, safe='')}&redirect_uri={quote(redirect, safe='')}"
        f"&response_type=code&scope={scope}&state={quote(state, safe='')}#wechat_redirect"
    )
