"""The fake of WeChat as the local stack starts it, and as a newcomer meets it."""

import os
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from qingyuan_local.children import free_port
from qingyuan_local.databases import Databases
from qingyuan_local.processes import WECHAT, Plan
from qingyuan_local.state import State
from qingyuan_local.supervisor import is_healthy
from qingyuan_local.wechat.server import build_app
from qingyuan_local.wechat.world import World
from qingyuan_wechat.authorising import authorise_url
from qingyuan_wechat.pushes import Pushes
from wechat_serving import OFFICIAL, ZHOU

BACK = f"{OFFICIAL.platform}/wechat/back"


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    state = State.open(tmp_path)
    return Plan(state, Databases("postgresql://u@127.0.0.1:1/postgres", state), "127.0.0.1:1", False, {})


@pytest.fixture
def world() -> World:
    return World(OFFICIAL)


@pytest.fixture
async def browser(world: World) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(build_app(world))
    async with httpx.AsyncClient(transport=transport, base_url="http://wechat.test") as browser:
        yield browser


def test_accounts_and_the_fake_agree_on_everything(plan: Plan) -> None:
    processes = {process.name: process for process in plan.processes()}
    accounts, fake = processes["accounts"].env, processes[WECHAT].env
    shared = (
        "WECHAT_APP_ID",
        "WECHAT_SECRET_FILE",
        "WECHAT_PUSH_TOKEN_FILE",
        "WECHAT_PUSH_KEY_FILE",
        "PUBLIC_URL",
    )
    assert {name: accounts[name] for name in shared} == {name: fake[name] for name in shared}
    assert accounts["WECHAT_BASE_URL"] == plan.url(WECHAT) == f"http://127.0.0.1:{fake['HTTP_PORT']}"
    assert len(Path(fake["WECHAT_PUSH_KEY_FILE"]).read_text()) == 43
    assert "WECHAT_SECRET_FILE" not in processes["gateway"].env


def test_it_runs_as_a_process_and_says_that_it_is_ready(plan: Plan) -> None:
    process = plan.processes()[-1]
    port = free_port()
    with subprocess.Popen(
        process.command, env=os.environ | process.env | {"HTTP_PORT": str(port)}
    ) as running:
        try:
            ready = is_healthy(port)
            while not ready():
                assert running.poll() is None
            assert httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False).text == "ok"
        finally:
            running.terminate()


async def choices(browser: httpx.AsyncClient) -> dict[str, str]:
    """The links of the authorise page by what they say."""
    asked = authorise_url(OFFICIAL.app_id, BACK, "a state", at="/connect/oauth2/authorize")
    page = (await browser.get(asked.partition("#")[0])).text
    links = (part.partition("</a>")[0] for part in page.split("<a class='row' href='")[1:])
    return {text: link.replace("&amp;", "&") for link, _, text in (part.partition("'>") for part in links)}


async def test_the_chosen_user_comes_back_with_a_code_and_the_state(
    browser: httpx.AsyncClient, world: World
) -> None:
    back = (await browser.get((await choices(browser))["周敏（排污单位）"])).headers["location"]
    query = parse_qs(urlsplit(back).query)
    assert back.startswith(f"{BACK}?")
    assert query["state"] == ["a state"]
    assert world.codes[query["code"][0]].openid == ZHOU


async def test_one_may_deny_come_back_twice_or_be_a_snapshot(
    browser: httpx.AsyncClient, world: World
) -> None:
    links = await choices(browser)
    assert (await browser.get(links["拒绝"])).headers["location"] == f"{BACK}?state=a+state"
    assert (await browser.get(links["周敏（排污单位）：回调两次"])).text.count(f"{BACK}?code=") == 2
    assert [code.snapshot for code in world.codes.values()] == [False]
    await browser.get(links["快照页的虚拟用户"])
    assert [code.snapshot for code in world.codes.values()] == [False, True]


@pytest.mark.parametrize(
    ("app_id", "back"),
    [
        ("wxother", BACK),
        (OFFICIAL.app_id, "http://evil.test/"),
        (OFFICIAL.app_id, f"{OFFICIAL.platform}.evil/"),
    ],
)
async def test_another_account_and_another_site_are_refused(
    browser: httpx.AsyncClient, app_id: str, back: str
) -> None:
    asked = authorise_url(app_id, back, "s", at="/connect/oauth2/authorize").partition("#")[0]
    assert "以谁的身份授权" not in (await browser.get(asked)).text
    query = {"redirect_uri": back, "openid": ZHOU}
    if back != BACK:
        assert (await browser.get("/connect/oauth2/agree", params=query)).status_code == 200


async def test_a_newcomer_sees_the_messages_and_the_menu(browser: httpx.AsyncClient, world: World) -> None:
    message = {
        "touser": ZHOU,
        "template_id": "T",
        "data": {"thing1": {"value": "<待签字>"}},
        "url": "http://a/m/",
    }
    world.send(message, subscription=False)
    assert "消息 1 条" in (await browser.get("/")).text
    page = (await browser.get(f"/users/{ZHOU}")).text
    assert "&lt;待签字&gt;" in page
    assert f"href='{OFFICIAL.platform}/m/'>污染源运维" in page


async def test_who_stops_following_is_told_to_the_platform(
    browser: httpx.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[httpx.Request] = []

    async def take(_transport: object, request: httpx.Request) -> httpx.Response:
        told.append(request)
        return httpx.Response(200)

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", take)
    await browser.post(f"/users/{ZHOU}/following")
    assert not world.users[ZHOU].follows
    (push,) = told
    query = push.url.params
    pushes = Pushes(OFFICIAL.app_id, OFFICIAL.push_token, OFFICIAL.push_key)
    event = pushes.opened(push.content, query["msg_signature"], query["timestamp"], query["nonce"])
    assert (event["Event"], event["FromUserName"]) == ("unsubscribe", ZHOU)
