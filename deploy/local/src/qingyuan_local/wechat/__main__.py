"""`python -m qingyuan_local.wechat`: serve the fake on HTTP_HOST and HTTP_PORT."""

import os
from pathlib import Path

import uvicorn

from qingyuan_local.wechat.server import build_app
from qingyuan_local.wechat.world import Official, World


def official() -> Official:
    return Official(
        os.environ["WECHAT_APP_ID"],
        Path(os.environ["WECHAT_SECRET_FILE"]).read_text().strip(),
        Path(os.environ["WECHAT_PUSH_TOKEN_FILE"]).read_text().strip(),
        Path(os.environ["WECHAT_PUSH_KEY_FILE"]).read_text().strip(),
        os.environ["PUBLIC_URL"],
    )


if __name__ == "__main__":
    host = os.environ.get("HTTP_HOST", "127.0.0.1")
    uvicorn.run(
        build_app(World(official())), host=host, port=int(os.environ["HTTP_PORT"]), log_level="warning"
    )
